private import Embedders
private import Metrics
private import ModelStore
private import PictureQuality
public import Screening

/// Rates that a site asks for.
public struct SiteRates: Equatable, Sendable {
  /// The share of untouched pictures and pairs that may be called tampered with.
  public var bpcer = 0.01
  /// The share of strangers who may match.
  public var fmr = 0.01
  /// False alarms that must be expected before a threshold is set: with three, a true rate of the one that
  /// was asked for shows itself in 95 of 100 sites.
  public static let expectedErrors = 3
  /// People that strangers' distances need.
  public static let fewestPeople = 30

  /// Creates rates.
  public init(bpcer: Double = 0.01, fmr: Double = 0.01) { (self.bpcer, self.fmr) = (bpcer, fmr) }

  /// Pictures, and pairs of one person, that the thresholds need.
  public var needed: Int { LabelledScores.scoresNeeded(for: bpcer, errors: Self.expectedErrors) }
  /// Pairs of strangers that the distance needs.
  public var neededStrangers: Int { LabelledScores.scoresNeeded(for: fmr) }
}

/// Why a site's pictures are too few.
public enum SiteCalibrationNeed: Error, Equatable, Sendable, CustomStringConvertible {
  /// Too few of something.
  case tooFew(what: String, found: Int, needed: Int, rate: Double)

  public var description: String {
    switch self {
    case .tooFew(let what, let found, let needed, let rate):
      "\(found) \(what); at least \(needed) are needed for a rate of \(rate)"
    }
  }
}

/// What a site's pictures gave.
public struct SiteMeasurement: Sendable {
  /// The calibration.
  public let calibration: SiteCalibration
  /// Places of the pictures that are most suspicious, which somebody should look at before they count as
  /// untouched.
  public let mostSuspicious: [Int]
  /// The share of pictures and of pairs that the models' own points call tampered with.
  public let formerAlarms: (pictures: Double, pairs: Double)
  /// The share of other people's pictures and pairs at this site that are expected to be called tampered
  /// with; nil where one person gave all pictures.
  public let expectedAlarms: (pictures: Double?, pairs: Double?)
  /// The share of pairs of one person that do not match at the distance² that is in use from now on.
  public let falseNonMatchRate: Double
}

extension Door {
  /// The most pairs of one person that are taken of their pictures.
  private static let pairsOfOne = 10

  /// Sets operating points on a site's own untouched pictures.
  ///
  /// The pictures' and the pairs' thresholds are the lowest by which at most the share asked for of other
  /// people's is expected to be called tampered with (``ClusteredThreshold``). The distance² is the largest by which strangers match at most as
  /// often as asked for, but never larger than the models' own: a site of few people, who resemble each other
  /// less than others do, opens no door wider.
  ///
  /// - Parameters:
  ///   - people: the person of each picture.
  ///   - rates: what the site asks for.
  ///   - source: whose pictures they are, in words.
  ///   - examine: what the networks say of the picture at a place; nil leaves the picture out.
  /// - Returns: the calibration, and what it changes.
  /// - Throws: ``SiteCalibrationNeed``, or what `examine` throws.
  public func calibration(
    people: [String], rates: SiteRates, source: String, examine: (Int) throws -> Examination?
  ) throws -> SiteMeasurement {
    var found: [(place: Int, person: String, seen: Examination)] = []
    for (place, person) in people.enumerated() {
      guard let seen = try examine(place), seen.quality?.poor == nil,
        seen.score.probability.isFinite, seen.evidence.embedding.allSatisfy(\.isFinite)
      else { continue }
      found.append((place, person, seen))
    }
    func require(_ count: Int, _ needed: Int, _ what: String, _ rate: Double) throws {
      guard count >= needed else {
        throw SiteCalibrationNeed.tooFew(what: what, found: count, needed: needed, rate: rate)
      }
    }
    try require(found.count, rates.needed, "pictures that can be decided on", rates.bpcer)
    let own = Dictionary(grouping: found.indices) { found[$0].person }.sorted { $0.key < $1.key }
    var genuine: [(Int, Int)] = []
    for person in own {
      let places = person.value
      // Neighbours first, then those further apart: each picture takes part before one does twice.
      let pairs = (1..<max(2, places.count)).flatMap { step in
        zip(places, places.dropFirst(step)).map { ($0, $1) }
      }
      genuine += pairs.prefix(Self.pairsOfOne)
    }
    func score(_ pair: (Int, Int)) -> Double {
      let (a, b) = (found[pair.0].seen, found[pair.1].seen)
      return warden.screen.score(a, b)?.probability
        ?? max(a.score.probability, b.score.probability)
    }
    genuine.removeAll { !score($0).isFinite }
    try require(
      genuine.count, rates.needed,
      "pairs of one person (at most \(Self.pairsOfOne) of each)", rates.bpcer)
    func distance(_ pair: (Int, Int)) -> Double {
      warden.distances(found[pair.0].seen.evidence, found[pair.1].seen.evidence).decisive
    }
    let pictureScores = found.map(\.seen.score.probability)
    let pairScores = genuine.map(score)
    let qualities = found.compactMap(\.seen.quality?.score)
    let verification = try verification(own.map(\.value), rates, source, distance)
    let used = verification ?? warden.verificationPoint
    let pictureLimit = try ClusteredThreshold(
      pictureScores, groups: found.map(\.person), rate: rates.bpcer)
    let pairLimit = try ClusteredThreshold(
      pairScores, groups: genuine.map { found[$0.0].person }, rate: rates.bpcer)
    let misses = genuine.count { distance($0) >= used.threshold }
    func alarms(_ scores: [Double], _ point: OperatingPoint) -> Double {
      Double(scores.count { $0 > point.threshold }) / Double(scores.count)
    }
    return SiteMeasurement(
      calibration: SiteCalibration(
        models: warden.models,
        detection: Self.point(pictureLimit, of: pictureScores.count, "pictures of \(source)"),
        pair: Self.point(pairLimit, of: pairScores.count, "pairs of one person of \(source)"),
        verification: verification, pictures: found.count, people: own.count,
        pairs: genuine.count,
        scores: SiteCalibration.Shares(of: pairScores, bounds: SiteCalibration.scoreBounds),
        qualities: qualities.isEmpty
          ? nil
          : SiteCalibration.Shares(of: qualities, bounds: SiteCalibration.qualityBounds)),
      mostSuspicious: found.sorted {
        ($1.seen.score.probability, $0.place) < ($0.seen.score.probability, $1.place)
      }.prefix(5).map(\.place),
      formerAlarms: (
        alarms(pictureScores, warden.detectionPoint), alarms(pairScores, warden.pairPoint)
      ), expectedAlarms: (pictureLimit.expected, pairLimit.expected),
      falseNonMatchRate: Double(misses) / Double(genuine.count))
  }

  /// A threshold as an operating point; its interval is that of other people of the site.
  private static func point(
    _ limit: ClusteredThreshold, of count: Int, _ source: String
  ) -> OperatingPoint {
    let expected = limit.expected.map { "; other people: \($0)" } ?? ""
    return OperatingPoint(
      name: "site-bpcer", threshold: limit.threshold, bpcer: limit.share, count: count,
      ci95: limit.expected95?.ends, source: source + expected)
  }

  /// The distance² of the site's own strangers; nil where there are too few people, or where the models' own
  /// is smaller.
  private func verification(
    _ own: [[Int]], _ rates: SiteRates, _ source: String, _ distance: ((Int, Int)) -> Double
  ) throws -> OperatingPoint? {
    guard own.count >= SiteRates.fewestPeople else { return nil }
    var distances: [Double] = []
    for (index, person) in own.enumerated() {
      for other in own.dropFirst(index + 1) {
        // At most three pictures each, so that people with many do not decide alone.
        for a in person.prefix(3) {
          for b in other.prefix(3) { distances.append(distance((a, b))) }
        }
      }
    }
    guard distances.count >= rates.neededStrangers else { return nil }
    distances.sort()
    let threshold = distances[Int(rates.fmr * Double(distances.count))]
    guard threshold < warden.verificationPoint.threshold else { return nil }
    let errors = ErrorRate(
      errors: distances.count { $0 < threshold }, trials: distances.count)
    return OperatingPoint(
      name: "site-fmr", threshold: threshold, fmr: errors.value, count: distances.count,
      ci95: errors.clopperPearson95.ends,
      source: "strangers of \(source); pairs share people, so the interval is too narrow")
  }
}
