public import Embedders
private import FaceDatasets
public import FaceFinding
private import Images
public import PictureQuality
private import QualityTraining
private import SeededRandom

/// A measurement of what a quality model is worth: strangers under one condition, and errors against
/// discarded pictures.
public struct QualityReport: Codable, Equatable, Sendable {
  /// Strangers who share a condition.
  public struct Condition: Codable, Equatable, Sendable {
    /// The condition's kind and strength; nil for untouched pictures.
    public var kind: String?, strength: Double?
    /// The share of pairs of strangers below the threshold.
    public var fmr: Double
    /// The share of them that match and of which both pictures say enough.
    public var fmrDecided: Double
    /// The share of pictures that say too little.
    public var discarded: Double
    /// The part that most of these fail by.
    public var worst: String?
  }

  /// Errors where the worst pictures are left out.
  ///
  /// Reference: Grother and Tabassi, "Performance of biometric quality measures", 2007.
  public struct DiscardPoint: Codable, Equatable, Sendable {
    /// The share of pairs left out, those of the poorest picture first.
    public var discarded: Double
    /// The false non-match rate of the others at the threshold.
    public var fnmr: Double
  }

  /// Whose pictures, in words.
  public var source: String
  /// People and pictures.
  public var people: Int, pictures: Int
  /// The distance² below which two faces match.
  public var threshold: Double
  /// Each condition.
  public var conditions: [Condition]
  /// The error against discard curve of genuine pairs, half of their pictures under drawn conditions.
  public var curve: [DiscardPoint]
  /// The same if the best order is known: the pairs of the largest distance² go first.
  public var ideal: [DiscardPoint]

  /// Measures a model on people whom f_C was not trained on.
  ///
  /// - Parameters:
  ///   - faces: aligned faces.
  ///   - model: the quality model.
  ///   - detector: what looks at faces for it; without one two parts are missing.
  ///   - deciding: the networks that decide.
  ///   - threshold: the distance² below which two faces match.
  ///   - strangers: people of the conditions.
  ///   - genuine: the most pairs of the curve.
  ///   - seed: which pictures, and all chance of the conditions.
  ///   - progress: is told what is worked on, and how much of it is done.
  /// - Throws: what reading pictures throws.
  public init(
    _ faces: LabelledFaces, model: QualityModel, detector: FaceDetector?,
    deciding: DecidingEmbedders,
    threshold: Double, strangers: Int = 150, genuine: Int = 1500, seed: UInt64 = 1,
    progress: (String, Int, Int) -> Void = { _, _, _ in }
  ) throws {
    let root = SplitMix64(seed: seed).derived(from: "quality")
    let people = Dictionary(grouping: faces.people.indices) { faces.people[$0] }
      .sorted { $0.key < $1.key }
    var random = root.derived(from: "people")
    let chosen = random.shuffled(people).prefix(strangers).map { $0.value[0] }
    let originals = try faces.faces(at: chosen)
    func measured(
      _ faces: [RGBImage], _ condition: ShootingCondition?, _ generator: SplitMix64
    ) -> MeasuredFaces {
      MeasuredFaces(
        faces, under: condition, generator: generator, deciding: deciding, network: model.network,
        detector: detector)
    }
    let kinds: [ShootingCondition?] = [nil] + ShootingCondition.grid()
    var conditions: [Condition] = []
    for (index, condition) in kinds.enumerated() {
      let found = measured(originals, condition, root.derived(from: "stranger", index))
      conditions.append(Condition(condition, found, model, threshold: threshold))
      progress("conditions", index + 1, kinds.count)
    }
    let pairs = Self.pairs(people.map(\.value), limit: genuine, using: &random)
    let curves = try Self.curves(pairs, threshold: threshold) { index, pair in
      let both = try faces.faces(at: [pair.0, pair.1])
      var generator = root.derived(from: "genuine", index)
      let kind = ShootingCondition.Kind.allCases[
        generator.uniform(in: 0..<ShootingCondition.Kind.allCases.count)]
      let probe =
        generator.happens(withProbability: 0.5)
        ? ShootingCondition(kind, generator.uniform()).applied(to: both[0], using: &generator)
        : both[0]
      progress("pairs", index + 1, pairs.count)
      let found = measured([probe, both[1]], nil, generator)
      let scores = found.measures.map { model.quality(of: $0).score }
      return (found.distance(0, 1), min(scores[0], scores[1]))
    }
    (source, self.people, pictures) = (faces.group, people.count, faces.count)
    (self.threshold, self.conditions) = (threshold, conditions)
    (curve, ideal) = curves
  }

  /// Pairs of pictures of one person, at most four a person.
  private static func pairs(
    _ people: [[Int]], limit: Int, using random: inout SplitMix64
  ) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for places in people where places.count > 1 {
      let order = random.shuffled(places)
      pairs += zip(order, order.dropFirst()).prefix(4)
    }
    return Array(random.shuffled(pairs).prefix(limit))
  }

  private static func curves(
    _ pairs: [(Int, Int)], threshold: Double,
    _ measure: (Int, (Int, Int)) throws -> (distance: Double, quality: Double)
  ) rethrows -> (curve: [DiscardPoint], ideal: [DiscardPoint]) {
    let found = try pairs.enumerated().map(measure)
    func points(_ ordered: [(distance: Double, quality: Double)]) -> [DiscardPoint] {
      guard !ordered.isEmpty else { return [] }
      return stride(from: 0, through: 10, by: 1).map { step in
        let kept = ordered.dropFirst(ordered.count * step / 20)
        let missed = kept.count { $0.distance >= threshold }
        return DiscardPoint(
          discarded: Double(step) / 20, fnmr: Double(missed) / Double(max(1, kept.count)))
      }
    }
    // Of equal qualities the order of drawing decides.
    let byQuality = found.enumerated().sorted {
      ($0.element.quality, $0.offset) < ($1.element.quality, $1.offset)
    }.map(\.element)
    return (points(byQuality), points(found.sorted { $0.distance > $1.distance }))
  }
}

extension QualityReport.Condition {
  /// The rates of strangers who share a condition.
  fileprivate init(
    _ condition: ShootingCondition?, _ found: MeasuredFaces, _ model: QualityModel,
    threshold: Double
  ) {
    let poor = found.measures.map { model.quality(of: $0).poor }
    let matches = found.matches(below: threshold)
    let all = Double(max(1, poor.count * (poor.count - 1) / 2))
    let decided = matches.count { poor[$0.0] == nil && poor[$0.1] == nil }
    let counts = Dictionary(grouping: poor.compactMap(\.?.rawValue)) { $0 }.mapValues(\.count)
    (kind, strength) = (condition?.kind.rawValue, condition.map { Double($0.strength) })
    (fmr, fmrDecided) = (Double(matches.count) / all, Double(decided) / all)
    discarded = Double(poor.count { $0 != nil }) / Double(max(1, poor.count))
    worst = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
