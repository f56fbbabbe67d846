private import AttackSets
private import Attacks
private import Embedders
private import Files
private import Foundation
public import Images
private import Screening
private import SyntheticFaces

/// Attacked pictures of drawn people beside the untouched ones, to be looked at.
///
/// No photograph is among them. In the folder of examples there is one folder for each pair with
/// `untouched.png`, `target.png`, `photograph.png` and a file for each species, and `examples.json`.
public struct DoorExamples {
  /// What one file is.
  public struct Example: Codable, Equatable, Sendable {
    /// The file, relative to the folder.
    public var file: String
    /// The trial, and the θ that it was made for.
    public var trial: String
    public var theta: Float
    /// The change in grey levels, and its PSNR in dB.
    public var rms: Double
    public var psnr: Double?
    /// What the door says of it.
    public var answer: DoorAnswer?
  }

  /// A source of drawn people: pictures are named by a person's number.
  public struct People: Sendable {
    /// The seed of all of them.
    public var seed: UInt64
    /// The side of their photographs in pixels.
    public var side: Int

    /// Names a population.
    public init(seed: UInt64, side: Int = 480) { (self.seed, self.side) = (seed, side) }

    private func drawn(_ name: String) -> (Person, Appearance) {
      let number = Int(name) ?? 0
      return (
        Person(number: number, of: seed), Appearance(number: 0, ofPerson: number, of: seed)
      )
    }

    /// The aligned face of a name.
    public func face(_ name: String) -> RGBImage {
      let (person, appearance) = drawn(name)
      return FaceRenderer.alignedFace(of: person, appearance).image
    }

    /// The photograph of a name.
    public func photograph(_ name: String) -> RGBImage {
      let (person, appearance) = drawn(name)
      return FaceRenderer.photograph(of: person, appearance, side: side).image
    }
  }

  private let people: People
  private let trials: [DoorTrial]
  private let ground: DoorGround
  private let judge: any DoorJudging
  private let seed: UInt64
  private let state: String

  /// Chooses pairs of drawn strangers whom the door can judge and does not take for one.
  ///
  /// - Parameters:
  ///   - count: pairs.
  ///   - people: who is drawn.
  ///   - trials: what is made of them; on the way of another reference nothing is.
  ///   - ground: whose networks, and whose way of finding faces, attackers get; its pairs are not touched.
  ///   - judge: what decides.
  ///   - seed: of the attacks.
  ///   - state: a folder of its own, in which the attacks are kept.
  public init(
    _ count: Int, people: People, trials: [DoorTrial], ground: DoorGround,
    judge: any DoorJudging, seed: UInt64, state: String
  ) {
    var own = ground
    own.faces = AttackPictures { people.face($0) }
    own.photographs?.photograph = { people.photograph($0) }
    if let find = ground.photographs?.find, let photographs = own.photographs?.photograph {
      own.photographs?.face = { try find(photographs($0), $0).face }
    }
    own.pairs = []
    own.pairsWithOther = []
    let deciding = ground.fused?.networks ?? ground.networks.victim
    var taken: Set<String> = []
    // Some pictures say too little: then the next pair is asked about.
    for pair in Self.strangers(people, deciding).prefix(60 * count)
    where own.pairs.count < count && taken.isDisjoint(with: [pair.source.name, pair.target.name]) {
      let answer = judge.answers(
        [.success(pair.source.face)], against: .success(pair.target.face))[0]
      guard answer.match == false else { continue }
      let names = (pair.source.name, pair.target.name)
      own.pairs.append(
        AttackPair(id: "drawn-\(own.pairs.count + 1)", source: names.0, target: names.1))
      taken.formUnion([names.0, names.1])
    }
    (self.people, self.judge, self.seed, self.state) = (people, judge, seed, state)
    self.ground = own
    self.trials = trials.filter { $0.path != .otherReference && own.missing(for: $0).isEmpty }
  }

  private typealias Drawn = (name: String, face: FacePicture)

  /// Pairs of drawn people, those furthest apart first.
  ///
  /// Networks that learnt from photographs take most drawn people for one another.
  private static func strangers(
    _ people: People, _ deciding: DecidingEmbedders
  ) -> [(source: Drawn, target: Drawn)] {
    let faces = (0..<64).compactMap { number -> Drawn? in
      let name = "\(number)"
      let face = try? FacePicture(image: people.face(name), name: name, place: .aligned)
      return face.map { (name, $0) }
    }
    let embeddings = faces.map { deciding.embedding(of: $0.face) }
    let pairs = faces.indices.flatMap { first in
      faces.indices.dropFirst(first + 1).map { second in
        (first, second, squaredDistance(embeddings[first], embeddings[second]))
      }
    }
    return pairs.sorted { $0.2 > $1.2 }.map { (source: faces[$0.0], target: faces[$0.1]) }
  }

  /// Attacks the pairs and lays the pictures into a folder; what was attacked already is taken as it is.
  ///
  /// - `progress`: is told trials done and all.
  /// - Returns: false if it was stopped.
  /// - Throws: what reading and writing files throws.
  public func write(
    to folder: String, progress: (_ done: Int, _ count: Int) -> Void = { _, _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    let manager = FileManager.default
    var examples: [Example] = []
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for pair in ground.pairs {
      let own = "\(folder)/\(pair.id)"
      try manager.createDirectory(atPath: own, withIntermediateDirectories: true)
      try people.face(pair.source).writePNG(to: own + "/untouched.png")
      try people.face(pair.target).writePNG(to: own + "/target.png")
      if trials.contains(where: { $0.path == .whole }) {
        try people.photograph(pair.source).writePNG(to: own + "/photograph.png")
      }
    }
    for (place, trial) in trials.enumerated() {
      let attacks = DoorAttacks(trial, ground, judge: judge, seed: seed, state: state)
      guard try attacks.work(shard: (1, 1), done: { _, _ in }, shouldStop: shouldStop) else {
        return false
      }
      for shown in try attacks.presentations() {
        guard let file = shown.entry.file else { continue }
        let depth = trial.depths.count == 1 ? "" : "-\(fixed(Double(shown.entry.theta), 2))"
        let name = "\(shown.entry.pair.id)/\(trial.name)\(depth).png"
        let bytes = try [UInt8](
          Data(contentsOf: URL(fileURLWithPath: "\(state)/rows/\(trial.name)/\(file)")))
        try AtomicFile.write(bytes, to: "\(folder)/\(name)")
        examples.append(
          Example(
            file: name, trial: trial.name, theta: shown.entry.theta, rms: shown.entry.rms,
            psnr: shown.entry.psnr, answer: shown.answer))
      }
      progress(place + 1, trials.count)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(examples)), to: folder + "/examples.json")
    return true
  }
}
