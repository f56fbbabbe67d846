public import FaceVerification
public import IPGAN
public import Images
public import LocalBinaryPatterns
private import NeuralNetworks
private import Tensors

/// What is known of one face, and the numbers that detectors decide on.
public struct FaceEvidence: Sendable {
  /// f_C of unit length.
  public let embedding: [Float]
  /// f_V of unit length, where a witness was asked.
  public let witnessEmbedding: [Float]?
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

  /// Creates an extractor.
  ///
  /// - Precondition: there is a witness if a group needs one.
  public init(
    _ groups: Set<FeatureGroup>, reconstructor: FaceReconstructor, witness: FaceEmbedder?,
    descriptor: TextureDescriptor = TextureDescriptor()
  ) {
    precondition(
      witness != nil || !groups.contains(where: \.needsWitness), "\(groups) need a witness")
    (self.groups, self.reconstructor, self.witness) = (groups, reconstructor, witness)
    self.descriptor = descriptor
  }

  private var embedder: FaceEmbedder { reconstructor.embedder }

  /// Examines aligned faces.
  public func evidence(of faces: [RGBImage]) -> [FaceEvidence] {
    guard !faces.isEmpty else { return [] }
    let x = Variable(Tensor(faces))
    let known = embedder.features(of: x)
    let rebuilt = reconstructor.generate(
      identity: known.identity, attributes: reconstructor.attributes(of: x)
    ).value.pictures()
    let again = Variable(Tensor(rebuilt))
    let own = rows(of: embedder.unitEmbeddings(of: x, known: known))
    let gaps = distances(own, rows(of: embedder.unitEmbeddings(of: again)))
    let seen = witness.map { rows(of: $0.unitEmbeddings(of: x)) }
    var table: [FeatureGroup: [[Float]]] = [:]
    if groups.contains(.identity), let witness, let seen {
      let others = distances(seen, rows(of: witness.unitEmbeddings(of: again)))
      // The distances, and their logarithms: what a linear machine can make little of by itself.
      table[.identity] = faces.indices.map {
        [gaps[$0], others[$0], logarithm(gaps[$0]), logarithm(others[$0])]
      }
    }
    if groups.contains(.consistency) || groups.contains(.witness) {
      let changed = FaceTransform.allCases.map { $0(x).detached }
      if groups.contains(.consistency) { table[.consistency] = moves(embedder, own, changed) }
      if groups.contains(.witness), let witness, let seen {
        table[.witness] = moves(witness, seen, changed)
      }
    }
    return faces.indices.map { index in
      var features = table.mapValues { $0[index] }
      features.merge(texture(faces[index], rebuilt[index])) { first, _ in first }
      if groups.contains(.residual) {
        features[.residual] = DetailEnergies.of(faces[index], rebuilt[index])
      }
      return FaceEvidence(
        embedding: own[index], witnessEmbedding: seen?[index], reconstruction: rebuilt[index],
        features: features, identityGap: Double(gaps[index]))
    }
  }

  private func texture(_ face: RGBImage, _ rebuilt: RGBImage) -> [FeatureGroup: [Float]] {
    var features: [FeatureGroup: [Float]] = [:]
    let (w, h) = (face.width, face.height)
    let wanted = groups.intersection([.picture, .reconstruction, .relation])
    guard !wanted.isEmpty else { return [:] }
    let (grey, greyRebuilt) = (face.luminance, rebuilt.luminance)
    if groups.contains(.picture) {
      features[.picture] = descriptor.features(pixels: grey, width: w, height: h)
    }
    if groups.contains(.reconstruction) {
      features[.reconstruction] = descriptor.features(pixels: greyRebuilt, width: w, height: h)
    }
    if groups.contains(.relation) {
      let (a, b) = (
        Self.radii.histograms(pixels: grey, width: w, height: h),
        Self.radii.histograms(pixels: greyRebuilt, width: w, height: h)
      )
      features[.relation] = zip(a, b).flatMap { $0.chiSquared(to: $1) }
    }
    return features
  }

  private static let radii = TextureDescriptor(
    patterns: [
      LocalBinaryPattern(), LocalBinaryPattern(.circle(radius: 2)),
      LocalBinaryPattern(.circle(radius: 3)),
    ])

  /// How far an embedder moves under each change: faces by changes.
  private func moves(
    _ embedder: FaceEmbedder, _ own: [[Float]], _ changed: [Variable]
  ) -> [[Float]] {
    let columns = changed.map { distances(own, rows(of: embedder.unitEmbeddings(of: $0))) }
    return own.indices.map { face in columns.map { logarithm($0[face]) } }
  }

  /// log(d² + 10⁻⁴): below that, a distance is rounding.
  private func logarithm(_ distance: Float) -> Float { naturalLogarithm(distance + 1e-4) }

  private func distances(_ a: [[Float]], _ b: [[Float]]) -> [Float] {
    zip(a, b).map { squaredDistance($0, $1) }
  }

  private func rows(of embeddings: Variable) -> [[Float]] {
    let (numbers, width) = (embeddings.value.numbers, embeddings.value.shape[1])
    return (0..<embeddings.value.shape[0]).map {
      Array(numbers[$0 * width..<($0 + 1) * width])
    }
  }

  /// How many numbers each group has for aligned faces.
  public static func count(_ group: FeatureGroup, descriptor: TextureDescriptor, side: Int) -> Int {
    switch group {
    case .picture, .reconstruction: descriptor.featureCount(width: side, height: side)
    case .relation: radii.featureCount(width: side, height: side) / UniformPatterns.binCount
    case .identity: 4
    case .consistency, .witness: FaceTransform.allCases.count
    case .residual: DetailEnergies.count
    }
  }
}
