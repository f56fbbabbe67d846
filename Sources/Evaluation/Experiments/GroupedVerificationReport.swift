private import Foundation
private import Metrics
public import ModelStore

/// Error rates of verification within and between groups of people.
public struct GroupedVerificationReport: Codable, Sendable {
  /// What was measured, in words.
  public var source: String
  /// Each way of grouping.
  public var groupings: [Grouping]

  /// A threshold and where it comes from.
  public struct Threshold: Codable, Sendable {
    /// The operating point's name, or that of the rate that it was set for here.
    public var name: String
    /// Distance².
    public var threshold: Double
    /// The false match rate that is promised.
    public var promised: Double?
    /// The false match rate of strangers within a group, the mean over groups.
    public var meanRate: Double
    /// The largest of a group's rates over what is promised, or over the mean where nothing is.
    public var worstRatio: Double
    /// The group that has it.
    public var worstGroup: String
    /// The rates of each group, in order.
    public var rates: [Rate]
    /// The false match rates between groups: for each group those with it and with the ones before.
    public var between: [[Double]]
  }

  /// A group's error rates at a threshold.
  public struct Rate: Codable, Sendable {
    /// The false match rate of strangers within the group and its 95 % interval (Clopper–Pearson).
    public var fmr: Double, fmrCI95: [Double]
    /// That rate over the mean of all groups'.
    public var differential: Double
    /// The false non-match rate and its interval; nil without pairs of one person.
    public var fnmr: Double?, fnmrCI95: [Double]?
  }

  /// A group.
  public struct Group: Codable, Sendable {
    /// Its name.
    public var name: String
    /// Its pictures, people, pairs of strangers, and pairs of one person.
    public var pictures: Int, people: Int, strangers: Int, genuine: Int
  }

  /// The groups by some columns.
  public struct Grouping: Codable, Sendable {
    /// The columns.
    public var columns: String
    /// The groups.
    public var groups: [Group]
    /// The rates at each threshold.
    public var thresholds: [Threshold]
  }

  /// The rates for which a threshold is set on the groups themselves.
  static let ownRates = [("group-fmr-1e-2", 1e-2), ("group-fmr-1e-3", 1e-3)]

  /// Measures one or more ways of grouping.
  ///
  /// - Parameters:
  ///   - source: what was measured, in words.
  ///   - embeddings: the pictures' embeddings and people.
  ///   - pictures: the pictures' names.
  ///   - table: what is known of them.
  ///   - groupings: the columns that make groups together, for each way of grouping.
  ///   - points: the model's operating points.
  ///   - seed: which pairs, where there are too many for all.
  /// - Throws: `MetricsError` never; ``GroupTableError`` and ``GroupedVerificationError``.
  public init(
    _ source: String, _ embeddings: LabelledEmbeddings, pictures: [String], table: GroupTable,
    by groupings: [[String]], points: [OperatingPoint], seed: UInt64 = 1
  ) throws {
    self.source = source
    self.groupings = try groupings.map { columns in
      let words = columns.joined(separator: ", ")
      return Grouping(
        words,
        try GroupedDistances(
          embeddings, groups: table.groups(of: pictures, by: columns), columns: words, seed: seed),
        points)
    }
  }
}

extension GroupedVerificationReport.Grouping {
  fileprivate init(_ columns: String, _ distances: GroupedDistances, _ points: [OperatingPoint]) {
    self.columns = columns
    groups = distances.names.indices.map {
      GroupedVerificationReport.Group(
        name: distances.names[$0], pictures: distances.pictures[$0], people: distances.people[$0],
        strangers: distances.within[$0].count, genuine: distances.genuine[$0].count)
    }
    let own = GroupedVerificationReport.ownRates.map { name, rate in
      (name, distances.threshold(meanRate: rate), Optional(rate))
    }
    thresholds = (points.map { ($0.name, $0.threshold, $0.fmr) } + own).map {
      GroupedVerificationReport.Threshold($0.0, $0.1, promised: $0.2, distances)
    }
  }
}

extension GroupedVerificationReport.Threshold {
  fileprivate init(
    _ name: String, _ threshold: Double, promised: Double?, _ distances: GroupedDistances
  ) {
    (self.name, self.threshold, self.promised) = (name, threshold, promised)
    func rate(_ values: [Double]) -> ErrorRate {
      ErrorRate(
        errors: distances.count(values, below: threshold), trials: max(1, values.count))
    }
    let matched = distances.within.map(rate)
    let mean = matched.reduce(0) { $0 + $1.value } / Double(matched.count)
    meanRate = mean
    let worst = matched.indices.max { matched[$0].value < matched[$1].value } ?? 0
    worstGroup = distances.names[worst]
    let reference = promised ?? mean
    worstRatio = reference > 0 ? matched[worst].value / reference : 0
    rates = matched.indices.map { index in
      let genuine = distances.genuine[index]
      let missed =
        genuine.isEmpty
        ? nil
        : ErrorRate(
          errors: genuine.count - distances.count(genuine, below: threshold),
          trials: genuine.count)
      return GroupedVerificationReport.Rate(
        fmr: matched[index].value, fmrCI95: matched[index].clopperPearson95.ends,
        differential: mean > 0 ? matched[index].value / mean : 0, fnmr: missed?.value,
        fnmrCI95: missed?.clopperPearson95.ends)
    }
    between = distances.names.indices.map { a in
      distances.between[a].map { rate($0).value } + [matched[a].value]
    }
  }
}
