public import Images
private import KernelSupport
public import Tensors

extension Tensor {
  /// Pictures of one size as (batch, row, column, channel) in −1…1.
  ///
  /// - Precondition: all have the same size.
  public init(_ pictures: [RGBImage]) {
    let (height, width) = (pictures.first?.height ?? 0, pictures.first?.width ?? 0)
    self.init(shape: [pictures.count, height, width, 3]) { target in
      for (index, picture) in pictures.enumerated() {
        precondition(
          picture.width == width && picture.height == height, "pictures of different sizes")
        picture.floats(
          into: UnsafeMutableBufferPointer(
            start: target + index * width * height * 3, count: width * height * 3))
      }
    }
  }

  /// The pictures of a tensor (batch, row, column, 3) in −1…1, rounded to 8 bits.
  public func pictures() -> [RGBImage] {
    precondition(shape.count == 4 && shape[3] == 3, "shape \(shape) is not pictures")
    let size = shape[1] * shape[2] * 3
    return read { source in
      // Unchecked: nobody writes what is read.
      nonisolated(unsafe) let source = source
      return WorkerPool.shared.map(shape[0]) { index in
        RGBImage(
          width: shape[2], height: shape[1],
          floats: UnsafeBufferPointer(start: source + index * size, count: size))
      }
    }
  }
}
