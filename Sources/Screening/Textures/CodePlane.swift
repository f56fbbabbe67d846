/// The codes of an image's inner pixels.
public struct CodePlane: Equatable, Sendable {
  /// The number of codes per row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The codes, row by row.
  public let codes: [UInt8]

  /// Creates a plane from its codes.
  ///
  /// - Precondition: `codes.count == width * height`, neither is zero.
  public init(width: Int, height: Int, codes: [UInt8]) {
    precondition(
      width > 0 && height > 0 && codes.count == width * height,
      "\(codes.count) codes are not \(width)×\(height)")
    (self.width, self.height, self.codes) = (width, height, codes)
  }
}
