public import NeuralNetworks
internal import Tensors

/// The part of an aligned face that a network looks at, and whether in colour.
public struct FaceView: Codable, Equatable, Sendable {
  /// Rows and columns of an aligned face.
  public static let faceSide = 128

  /// The first row and column of the square, in pixels of the aligned face.
  public var top, left: Int
  /// Rows and columns of the square.
  public var side: Int
  /// Whether colours become one channel of brightness.
  public var isGrey: Bool
  /// Rows and columns that the network gets, if they are not those of the square.
  public var resolution: Int?

  /// Creates a view; the whole face in colour if nothing is given.
  public init(
    top: Int = 0, left: Int = 0, side: Int = Self.faceSide, isGrey: Bool = false,
    resolution: Int? = nil
  ) {
    (self.top, self.left, self.side, self.isGrey) = (top, left, side, isGrey)
    self.resolution = resolution == side ? nil : resolution
  }

  /// Eyebrows to chin, 96×96: nothing of hair and background, and more pixels for the face at the
  /// same cost.
  public static let middle = FaceView(top: 26, left: 16, side: 96)
  /// The same in grey: what a witness sees that shall not be fooled by the same trick.
  public static let greyMiddle = FaceView(top: 26, left: 16, side: 96, isGrey: true)
  /// The views that have a name.
  public static let named = [
    (name: "whole", view: FaceView()), (name: "middle", view: middle),
    (name: "grey-middle", view: greyMiddle),
  ]

  /// The view's name, at whatever resolution; nil if it has none.
  public var name: String? {
    Self.named.first { $0.view.with(resolution: nil) == with(resolution: nil) }?.name
  }

  /// The same square at another resolution; nil is its own.
  public func with(resolution: Int?) -> FaceView {
    FaceView(top: top, left: left, side: side, isGrey: isGrey, resolution: resolution)
  }

  /// Rows and columns of what the network gets.
  public var pixels: Int { resolution ?? side }

  /// Numbers a pixel.
  public var channels: Int { isGrey ? 1 : 3 }

  /// The square's rows and columns, as shares of an aligned face's.
  public var verticalPart: ClosedRange<Double> { part(from: top) }
  public var horizontalPart: ClosedRange<Double> { part(from: left) }

  private func part(from first: Int) -> ClosedRange<Double> {
    let whole = Double(Self.faceSide)
    return Double(first) / whole...Double(first + side) / whole
  }

  /// Whether the square lies inside pictures of `side` × `side` pixels.
  public func fits(side: Int) -> Bool {
    top >= 0 && left >= 0 && top + self.side <= side && left + self.side <= side
  }

  /// What is seen of pictures (batch, row, column, 3): (batch, pixels, pixels, channels).
  ///
  /// Gradients go through.
  public func callAsFunction(_ pictures: Variable) -> Variable {
    let shape = pictures.value.shape
    let isWhole = top == 0 && left == 0 && shape[1] == side && shape[2] == side
    let seen =
      isWhole ? pictures : pictures.cropped(rows: top..<top + side, columns: left..<left + side)
    return (isGrey ? seen.grey() : seen).resampled(rows: pixels, columns: pixels)
  }
}
