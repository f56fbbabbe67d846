public import Attacks
public import Embedders
public import Images

/// The networks that decide about attacks, and those that attacks see.
public struct AttackNetworks: Sendable {
  /// What decides: a network, or two whose distances² are fused.
  public var victim: DecidingEmbedders
  /// What stands in its place for a transfer attack.
  public var surrogate: DecidingEmbedders?
  /// The second network.
  public var witness: FaceEmbedder?
  /// The screen.
  public var screen: ScreenKnowledge?

  /// Creates them.
  public init(
    victim: DecidingEmbedders, surrogate: DecidingEmbedders? = nil, witness: FaceEmbedder? = nil,
    screen: ScreenKnowledge? = nil
  ) {
    (self.victim, self.surrogate) = (victim, surrogate)
    (self.witness, self.screen) = (witness, screen)
  }
}

/// Where a set's pictures come from.
public struct AttackPictures {
  /// Gives an aligned face by name.
  public var face: (String) throws -> RGBImage
  /// Gives a photograph by name, if changes are put into photographs.
  public var photograph: ((String) throws -> RGBImage)?
  /// Finds the face of a photograph, given its name; throws what says that there is none.
  public var find: ((RGBImage, String) throws -> AttackedPhotograph)?

  /// Creates a source of aligned faces.
  public init(face: @escaping (String) throws -> RGBImage) { self.face = face }
}

/// The pictures of some pairs of a set.
struct AttackSetBatch {
  /// A pair of photographs in one of which no face was found.
  struct Faceless {
    let pair: AttackPair
    let source: RGBImage
    let target: RGBImage?
  }

  private(set) var pairs: [AttackPair] = []
  /// The sources' files, aligned faces or photographs.
  private(set) var files: [RGBImage] = []
  private(set) var targets: [RGBImage] = []
  private(set) var enrolled: [RGBImage]?
  private(set) var places: [AttackedPhotograph]?
  private(set) var withoutFace: [Faceless] = []

  /// Reads the pictures.
  ///
  /// - Throws: what `pictures` throw, but not that a photograph shows no face.
  init(_ all: [AttackPair], _ pictures: AttackPictures) throws {
    let hasEnrolled = all.contains { $0.enrolled != nil }
    if hasEnrolled { enrolled = [] }
    if pictures.photograph != nil { places = [] }
    for pair in all {
      let file, target: RGBImage
      let reference: RGBImage?
      if let photograph = pictures.photograph, let find = pictures.find {
        file = try photograph(pair.source)
        // Only that a photograph can be read is asked of it: who shows no face is written down.
        for name in [pair.target, pair.enrolled].compactMap({ $0 }) { _ = try photograph(name) }
        let face = try? pictures.face(pair.target)
        let other = hasEnrolled ? try? pictures.face(pair.enrolled ?? pair.target) : nil
        guard let found = try? find(file, pair.source), let face, !hasEnrolled || other != nil
        else {
          withoutFace.append(Faceless(pair: pair, source: file, target: face))
          continue
        }
        (target, reference) = (face, other)
        places?.append(found)
      } else {
        file = try pictures.face(pair.source)
        target = try pictures.face(pair.target)
        reference = hasEnrolled ? try pictures.face(pair.enrolled ?? pair.target) : nil
      }
      pairs.append(pair)
      files.append(file)
      targets.append(target)
      if let reference { enrolled?.append(reference) }
    }
  }

  /// The batch to attack.
  func batch(names: [String], seed: UInt64, _ networks: AttackNetworks) -> AttackBatch {
    if let places {
      return AttackBatch(
        photographs: places, targets: targets, enrolled: enrolled, names: names, seed: seed,
        victim: networks.victim, surrogate: networks.surrogate, witness: networks.witness,
        screen: networks.screen)
    }
    return AttackBatch(
      sources: files, targets: targets, enrolled: enrolled, names: names, seed: seed,
      victim: networks.victim, surrogate: networks.surrogate, witness: networks.witness,
      screen: networks.screen)
  }
}
