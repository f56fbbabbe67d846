public import Embedders
public import Images
private import KernelSupport
internal import NeuralNetworks
private import PictureTensors
public import Reconstruction
private import Tensors
public import Textures

/// What is known of one face, and the numbers that detectors decide on.
public struct FaceEvidence: Sendable {
  /// f_C of unit length.
  public internal(set) var embedding: [Float]
  /// f_V of unit length, where a witness was asked.
  public internal(set) var witnessEmbedding: [Float]?
  /// x̂.
  public let reconstruction: RGBImage
  /// The numbers of each group asked for.
  public let features: [FeatureGroup: [Float]]
  /// The squared distance of f_C of the face and of its reconstruction, 0…4.
  public let identityGap: Double
}

/// Computes what detectors decide on.
///
/// A value that any number of threads may share. The numbers of a face do not depend on the others
/// of its batch.
public struct FeatureExtractor: Sendable {
  /// f_C, A and G.
  public let reconstructor: FaceReconstructor
  /// f_V, if there is one.
  public let witness: FaceEmbedder?
  /// How texture is described.
  public let descriptor: TextureDescriptor
  /// The groups that are computed.
  public let groups: Set<FeatureGroup>
  /// The small changes under which embeddings are asked how far they move, in the order of the numbers.
  public let changes: [FaceTransform]

  /// Creates an extractor.
  ///
  /// - Precondition: there is a witness if a group needs one.
  public init(
    _ groups: Set<FeatureGroup>, reconstructor: FaceReconstructor, witness: FaceEmbedder?,
    descriptor: TextureDescriptor = TextureDescriptor(),
    changes: [FaceTransform] = FaceTransform.usual
  ) {
    precondition(
      witness != nil || !groups.contains(where: \.needsWitness), "\(groups) need a witness")
    (self.groups, self.reconstructor, self.witness) = (groups, reconstructor, witness)
    (self.descriptor, self.changes) = (descriptor, changes)
  }

  private var embedder: FaceEmbedder { reconstructor.embedder }

  /// Everything that is computed of faces, as variables: gradients reach the pixels if they are
  /// tracked. Where there is no derivative (8-bit reconstructions, patterns, JPEG, medians) they go on
  /// by a stand-in; the values are the ones that decide.
  struct Traces {
    /// f_C and f_V of unit length by which people are told apart, (batch, numbers).
    let own: Variable
    let seen: Variable?
    /// x̂ as a file would hold it, (batch, side, side, 3).
    let rebuilt: Variable
    /// ‖f_C(x) − f_C(x̂)‖², (batch).
    let gap: Variable
    /// The groups asked for, (batch, numbers).
    var groups: [FeatureGroup: Variable] = [:]
  }

  /// Computes everything of faces, (batch, side, side, 3) in −1…1, that files can hold.
  func traces(of x: Variable) -> Traces {
    let known = embedder.features(of: x)
    let rebuilt = reconstructor.generate(
      identity: reconstructor.architecture.known(of: known),
      attributes: reconstructor.attributes(of: x)
    ).roundedToFiles()
    let changed =
      groups.isDisjoint(with: [.consistency, .witness])
      ? []
      : Array(zip(changes, Self.sideBySide(changes.map { change in { change(x) } })))
    let own = NetworkViews(
      embedder, of: x, known: known.embedding,
      changed: groups.contains(.consistency) ? changed : [], rebuilt: rebuilt)
    guard let gap = own.gap else { preconditionFailure("the reconstruction was asked about") }
    let seen = witness.map { witness in
      NetworkViews(
        witness, of: x, changed: groups.contains(.witness) ? changed : [],
        rebuilt: groups.contains(.identity) ? rebuilt : nil)
    }
    var traces = Traces(own: own.deciding, seen: seen?.deciding, rebuilt: rebuilt, gap: gap)
    if groups.contains(.consistency) { traces.groups[.consistency] = own.moves }
    if groups.contains(.witness) { traces.groups[.witness] = seen?.moves }
    if groups.contains(.identity), let other = seen?.gap {
      // The distances, and their logarithms: what a linear machine can make little of by itself.
      traces.groups[.identity] =
        [gap, other, Self.logarithm(gap), Self.logarithm(other)].joinedColumns()
    }
    // The longest first, so that none is left for last.
    let textures: [(group: FeatureGroup, make: () -> Variable)] = [
      (.residual, { DetailEnergies.of(x, rebuilt) }),
      (.reconstruction, { rebuilt.texture(descriptor) }),
      (.relation, { x.textureDistances(to: rebuilt, Self.radii) }),
      (.picture, { x.texture(descriptor) }),
    ].filter { groups.contains($0.group) }
    for (own, made) in zip(textures, Self.sideBySide(textures.map(\.make))) {
      traces.groups[own.group] = made
    }
    return traces
  }

  /// Variables that do not depend on each other, made on several threads: of a face that is alone, each
  /// would leave all threads but one idle.
  private static func sideBySide(_ make: [() -> Variable]) -> [Variable] {
    // Unchecked: variables are not changed once they are made, and each is made by one thread.
    nonisolated(unsafe) let make = make
    return WorkerPool.shared.map(make.count) { Made(variable: make[$0]()) }.map(\.variable)
  }

  /// A variable on its way from the thread that made it.
  ///
  /// Unchecked: all that a variable holds is constant.
  private struct Made: @unchecked Sendable {
    let variable: Variable
  }

  /// Examines aligned faces.
  public func evidence(of faces: [RGBImage]) -> [FaceEvidence] {
    guard !faces.isEmpty else { return [] }
    let traces = traces(of: Variable(Tensor(faces)))
    let rebuilt = traces.rebuilt.value.pictures()
    let (own, seen) = (rows(of: traces.own), traces.seen.map(rows))
    let features = traces.groups.mapValues(rows)
    return faces.indices.map { index in
      FaceEvidence(
        embedding: own[index], witnessEmbedding: seen?[index], reconstruction: rebuilt[index],
        features: features.mapValues { $0[index] }, identityGap: Double(traces.gap.value[index]))
    }
  }

  static let radii = TextureDescriptor(
    patterns: [
      LocalBinaryPattern(), LocalBinaryPattern(.circle(radius: 2)),
      LocalBinaryPattern(.circle(radius: 3)),
    ])

  /// log(d² + 10⁻⁴): below that, a distance is rounding.
  static func logarithm(_ distance: Variable) -> Variable {
    distance.logarithm(above: Self.distanceFloor)
  }

  static let distanceFloor: Float = 1e-4

  private func rows(of matrix: Variable) -> [[Float]] {
    let (numbers, width) = (matrix.value.numbers, matrix.value.shape[1])
    return (0..<matrix.value.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  /// How many numbers each group has for aligned faces.
  public static func count(
    _ group: FeatureGroup, descriptor: TextureDescriptor, side: Int,
    changes: [FaceTransform] = FaceTransform.usual
  ) -> Int {
    switch group {
    case .picture, .reconstruction: descriptor.featureCount(width: side, height: side)
    case .relation: radii.featureCount(width: side, height: side) / UniformPatterns.binCount
    case .identity: 4
    case .consistency, .witness: changes.count
    case .residual: DetailEnergies.count
    }
  }
}
