public import NeuralNetworks
public import Tensors

/// The shape of an embedder: blocks of 3×3 convolutions with batch normalisation.
///
/// Each block ends, or begins, with max pooling; the last block's response is f_I; then a dense layer
/// with batch normalisation, which is f_C, the input of the classifier's last layer.
public struct EmbedderArchitecture: ParameterizedNetwork, Codable, Equatable {
  /// How the last block's response becomes f_I.
  public enum Head: String, Codable, Sendable, CaseIterable {
    /// The mean over all pixels: where something is seen is forgotten.
    case average
    /// Max pooling as after the other blocks: a small map, flattened.
    case map
  }

  /// How the convolutions of a block are joined.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// One after the other; the last one's response is pooled (VGG).
    case vgg
    /// The first one's response is pooled; what follows are pairs of convolutions whose result is
    /// added to their input (SphereFace; He et al., "Deep residual learning", 2016).
    case residual
  }

  /// How the convolutions of a block are joined.
  public var kind = Kind.vgg
  /// The activations' slope below zero: 0 for ReLU.
  public var slope: ActivationSlope = 0
  /// Channels of each block.
  public var widths: [Int]
  /// Convolutions in each block.
  public var convolutions: [Int]
  /// How f_I comes from the last block.
  public var head: Head
  /// Numbers in f_C.
  public var embedding: Int
  /// What is seen of an aligned face.
  public var view: FaceView
  /// Whether unit-length embeddings are made of a picture and its mirror image; no part of training.
  public var averagesMirrorImages = false

  /// Creates an architecture.
  ///
  /// - `convolutions`: for each block; two each if not given.
  public init(
    widths: [Int] = [16, 48, 96, 192, 384], convolutions: [Int]? = nil, head: Head = .map,
    embedding: Int = 256, view: FaceView = FaceView(), kind: Kind = .vgg,
    slope: ActivationSlope = 0
  ) {
    (self.kind, self.slope) = (kind, slope)
    self.widths = widths
    self.convolutions = convolutions ?? widths.map { _ in 2 }
    (self.head, self.embedding, self.view) = (head, embedding, view)
  }

  /// Numbers in f_I: (rows · columns · channels) of the map.
  public var identity: Int { mapSide * mapSide * (widths.last ?? 0) }

  /// Rows and columns of f_I.
  public var mapSide: Int { head == .average ? 1 : view.pixels >> widths.count }

  /// Whether the sizes are positive, within reason, and fit the number of poolings.
  public var isBuildable: Bool {
    let poolings = widths.count - (head == .average ? 1 : 0)
    return (1...8).contains(widths.count) && widths.allSatisfy { (1...4096).contains($0) }
      && convolutions.count == widths.count && convolutions.allSatisfy { (1...16).contains($0) }
      && (1...4096).contains(embedding) && (1...512).contains(view.side)
      && view.top >= 0 && view.left >= 0 && view.top <= 512 && view.left <= 512
      && (1...512).contains(view.pixels) && view.pixels % (1 << poolings) == 0
      && slope >= 0 && slope <= 1
      && (kind == .vgg || convolutions.allSatisfy { $0 % 2 == 1 })
  }

  /// Reads a network's shape; one written before there were other kinds is a VGG with ReLU.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      widths: try values.decode([Int].self, forKey: .widths),
      convolutions: try values.decode([Int].self, forKey: .convolutions),
      head: try values.decode(Head.self, forKey: .head),
      embedding: try values.decode(Int.self, forKey: .embedding),
      view: try values.decode(FaceView.self, forKey: .view),
      kind: try values.decodeIfPresent(Kind.self, forKey: .kind) ?? .vgg,
      slope: try values.decodeIfPresent(Float.self, forKey: .slope) ?? 0)
    averagesMirrorImages =
      try values.decodeIfPresent(Bool.self, forKey: .averagesMirrorImages) ?? false
  }

  /// The shape in words: `widths 16,32; convolutions 2,2; head map; embedding 256; 128×128`.
  public var summary: String {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
    return "\(kind == .vgg ? "" : "\(kind.rawValue); ")\(slope == 0 ? "" : "slope \(slope); ")"
      + "widths \(list(widths)); convolutions \(list(convolutions)); head \(head.rawValue); "
      + "embedding \(embedding); \(view.pixels)×\(view.pixels)\(view.isGrey ? " grey" : "")"
  }

  private var blocks: [[ConvBlock]] {
    var channels = view.channels
    return zip(widths, convolutions).enumerated().map { index, block in
      (0..<block.1).map { layer in
        defer { channels = block.0 }
        return ConvBlock(
          "block\(index + 1).conv\(layer + 1)", from: channels, to: block.0, slope: slope)
      }
    }
  }

  private var dense: DenseLayer {
    DenseLayer("embedding", from: identity, to: embedding, isNormalized: true)
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks.joined() { block.addParameters(to: &table, using: &source) }
    dense.addParameters(to: &table, using: &source)
  }

  /// What a forward pass gives.
  public struct Output {
    /// f_I: the last block's response, (batch, identity); not negative if the slope is 0.
    public let identity: Variable
    /// f_C before it is brought to unit length, (batch, embedding).
    public let embedding: Variable
  }

  /// Computes f_I and f_C of aligned pictures, (batch, row, column, 3) in −1…1.
  ///
  /// - `keeping`: factors for f_I of the same shape on its way to f_C: dropout while training.
  public func callAsFunction(
    _ pictures: Variable, _ pass: ForwardPass, keeping: Tensor? = nil
  ) -> Output {
    var x = view(pictures)
    for (index, block) in blocks.enumerated() {
      let isPooled = index < blocks.count - 1 || head == .map
      x = response(of: block, to: x, pass, isPooled: isPooled)
    }
    let identity =
      head == .average ? x.globallyAveraged() : x.reshaped([x.value.shape[0], self.identity])
    let kept = keeping.map { identity * Variable($0) } ?? identity
    return Output(identity: identity, embedding: dense(kept, pass))
  }

  private func response(
    of block: [ConvBlock], to input: Variable, _ pass: ForwardPass, isPooled: Bool
  ) -> Variable {
    guard kind == .residual else {
      return block.enumerated().reduce(input) { x, layer in
        layer.element(x, pass, isPooled: isPooled && layer.offset == block.count - 1)
      }
    }
    var x = block[0](input, pass, isPooled: isPooled)
    for first in stride(from: 1, to: block.count - 1, by: 2) {
      x = x + block[first + 1](block[first](x, pass), pass)
    }
    return x
  }
}
