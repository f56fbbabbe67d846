/// Pictures of one size in rows and columns.
public enum ContactSheet {
  /// Puts pictures edge to edge; short rows are filled with black.
  ///
  /// - Precondition: there is a picture, and all have the same size.
  public static func make(_ rows: [[RGBImage]]) -> RGBImage {
    guard let first = rows.first?.first else { preconditionFailure("no pictures") }
    let (width, height) = (first.width, first.height)
    let columns = rows.map(\.count).max() ?? 0
    var sheet = RGBImage(width: width * columns, height: height * rows.count)
    sheet.pixels.withUnsafeMutableBufferPointer { target in
      for (row, pictures) in rows.enumerated() {
        for (column, picture) in pictures.enumerated() {
          precondition(
            picture.width == width && picture.height == height, "pictures of different sizes")
          for y in 0..<height {
            let place = ((row * height + y) * columns + column) * width * 3
            for i in 0..<width * 3 { target[place + i] = picture.pixels[y * width * 3 + i] }
          }
        }
      }
    }
    return sheet
  }
}
