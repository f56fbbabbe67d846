public import NetworkGraphs
public import NeuralNetworks
private import Tensors

/// A network from elsewhere as an embedder of aligned faces.
public struct ImportedEmbedder: Sendable {
  /// The network.
  public let network: GraphNetwork
  /// How it wants its faces.
  public let input: FaceInput
  private let table: WarpTable
  /// What turns the colours of a face in the network's own frame round, where blue comes first.
  private let ownTable: WarpTable?
  /// What −1…1 becomes, colour by colour.
  private let factors, shifts: [Float]

  /// Rows and columns of f_I if it is a map; G's first map has as many.
  private static let mapSide = 4

  /// Creates an embedder; nil if the network takes other pictures than `input` says.
  public init?(_ network: GraphNetwork, _ input: FaceInput) {
    guard input.isUsable, network.graph.input == [input.side, input.side, 3] else { return nil }
    (self.network, self.input) = (network, input)
    let side = FaceView.faceSide
    table = WarpTable(
      from: (side, side), to: (input.side, input.side), reversesChannels: input.isBlueFirst,
      back: input.back)
    ownTable =
      input.isBlueFirst
      ? WarpTable(
        from: (input.side, input.side), to: (input.side, input.side), reversesChannels: true
      ) { ($0, $1) } : nil
    factors = input.scale.map { 127.5 * $0 }
    shifts = (0..<3).map { (127.5 - input.mean[$0]) * input.scale[$0] }
  }

  /// Whether f_I is a map.
  private var isMap: Bool {
    let shape = network.identityShape
    return shape.count == 3 && shape[0] * shape[1] > 1
  }

  /// The sizes of what it gives.
  public var shape: EmbedderShape {
    let seen = network.identityShape
    return EmbedderShape(
      identity: isMap ? Self.mapSide * Self.mapSide * seen[2] : seen.reduce(1, *),
      mapSide: isMap ? Self.mapSide : 1, embedding: network.embeddingCount,
      summary: "an imported network of \(network.graph.nodes.count) operations; "
        + "embedding \(network.embeddingCount); \(input.summary)",
      reach: FaceView.faceSide, view: input.view)
  }

  /// The network's pictures of aligned faces, (batch, 128, 128, 3) in −1…1; gradients go through.
  public func pictures(of faces: Variable) -> Variable {
    faces.warped(by: table).scaledShifted(scale: factors, shift: shifts)
  }

  /// The network's pictures of faces in its own frame, (batch, side, side, 3) in −1…1, red first;
  /// gradients go through.
  public func pictures(ofOwn faces: Variable) -> Variable {
    (ownTable.map { faces.warped(by: $0) } ?? faces).scaledShifted(scale: factors, shift: shifts)
  }

  /// f_C of faces in the network's own frame.
  public func embeddings(ofOwn faces: Variable) -> Variable {
    network(pictures(ofOwn: faces)).embedding
  }

  /// f_I, its map brought to the size of G's first, and f_C of aligned faces.
  public func features(of faces: Variable) -> EmbedderArchitecture.Output {
    let (seen, embedding) = network(pictures(of: faces))
    let map = isMap ? seen.resampled(rows: Self.mapSide, columns: Self.mapSide) : seen
    let batch = seen.value.shape[0]
    return EmbedderArchitecture.Output(
      identity: map.reshaped([batch, map.value.count / max(1, batch)]), embedding: embedding)
  }
}
