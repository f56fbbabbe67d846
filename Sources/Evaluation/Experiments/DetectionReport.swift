public import DetectorTraining
private import Metrics
public import Screening
public import Textures

/// The detector on an attack set, fold by fold, species by species (Table 4, and beyond it).
public struct DetectionReport: Codable, Sendable {
  /// How many attacks pass at a threshold that was set for a BPCER.
  public struct Point: Codable, Sendable {
    /// The BPCER that the thresholds were set for, on bona fide pictures of the other folds.
    public var bpcer: Double
    /// The share of attacks below the threshold, with its 95 % Clopper–Pearson interval.
    public var apcer: Double
    public var ci95: [Double]
  }

  /// What was measured on one species of attacks, against as many sources.
  public struct Row: Codable, Sendable {
    /// The attack's name and threshold.
    public var species: String
    /// Attacks, and as many sources.
    public var pictures: Int
    /// The median change, root mean square in grey levels.
    public var medianRMS: Double
    /// The share of right decisions at probability one half: mean and standard error over folds.
    public var accuracy, standardError: Double
    /// The area under the receiver operating characteristic.
    public var areaUnderCurve: Double
    /// The equal error rate.
    public var equalErrorRate: Double
    /// For each BPCER, what passes.
    public var points: [Point]
    /// The accuracy of each part alone, and of LBP(x) and LBP(x̂) alone.
    public var ablations: [String: Double]
    /// The publication's accuracy; nil where its table gives none.
    public var paper: Double?
  }

  /// How many pictures without attack are called adversarial.
  public struct Control: Codable, Sendable {
    /// `bona fide`, or the benign change.
    public var species: String
    public var pictures: Int
    /// For each BPCER that thresholds were set for: the share called adversarial, with its interval.
    public var rates: [Point]
  }

  /// `paper` or `full`.
  public var detector: String
  /// What the detectors were fitted to, in words.
  public var training: String
  /// A row for each species of attacks.
  public var rows: [Row]
  /// Untouched pictures, and the benign changes.
  public var controls: [Control]
  /// The detector of pairs; nil if there is none, or each species has a detector of its own.
  public var pairs: PairScreeningReport?
  /// The scores of attacks and sources, for the curves.
  public var curves: [Curve]

  /// The receiver operating characteristic of one species.
  public struct Curve: Codable, Sendable {
    public var species: String
    /// BPCER and the share of attacks that are recognised, ascending.
    public var bpcer, detected: [Double]
  }

  /// The accuracies of the paper's Table 4; those of 0.6 and 0.8 are read into a damaged head.
  public static let paper: [Float: Double] = [0.4: 0.9241, 0.6: 0.8718, 0.8: 0.8258]

  /// The BPCERs that thresholds are set for.
  public static let rates = [0.001, 0.01, 0.05]

  /// What detectors are fitted to.
  public enum Training: Sendable {
    /// For each species a detector of its own, as in the publication's table.
    case each
    /// One detector for all, fitted to what these words name: `NAME`, or `NAME@θ` for one θ alone.
    case pooled([String])

    var words: String {
      switch self {
      case .each: "each species on its own"
      case .pooled(let names): names.joined(separator: ", ") + "; the others were never shown"
      }
    }
  }

  /// Fits to all folds but one and decides that one.
  ///
  /// - Throws: `SupportVectorMachineError` or `MetricsError` if a fold lacks examples.
  public init(
    _ examples: DetectionExamples, kind: DetectorKind, training: Training,
    descriptor: TextureDescriptor, costs: DetectorFit.Costs,
    progress: (String) -> Void = { _ in }
  ) throws {
    (detector, self.training) = (kind.rawValue, training.words)
    (rows, controls, curves) = ([], [], [])
    let halves: DetectorFit.Plan = [
      ("LBP(x)", [.picture]), ("LBP(x̂)", [.reconstruction]),
    ]
    func judge(
      _ pictures: [DetectionExamples.Example], _ isTraining: @escaping (Species) -> Bool,
      _ words: String
    ) throws -> DetectionTally {
      let judged = try CrossValidatedDetection(
        pictures, kind: kind, alone: halves, descriptor: descriptor, costs: costs,
        rates: Self.rates, trainingOn: isTraining
      ) { progress("\(words): fold \($0) of \($1)") }
      return DetectionTally(examples: pictures, judged: judged)
    }
    let attacks = examples.species.filter(\.isAdversarial)
    switch training {
    case .each:
      for species in attacks {
        let tally = try judge(examples.balanced(species), { $0 == species }, "\(species)")
        rows.append(try Row(species, tally))
        curves.append(try tally.curve(of: species))
      }
    case .pooled(let names):
      let tally = try judge(
        examples.examples,
        { $0.isNamed(in: names) }, "all")
      for species in attacks {
        rows.append(try Row(species, tally))
        curves.append(try tally.curve(of: species))
      }
      for species in [Species.bonaFide] + examples.species.filter({ !$0.isAdversarial }) {
        controls.append(tally.control(species))
      }
      pairs = try PairScreeningReport(tally.judged.claims, attacks: attacks)
    }
  }

  /// The attack that passes most often at the second-smallest BPCER, by name: the headline.
  public var worst: Row? {
    rows.max { ($0.points[1].apcer, $1.species) < ($1.points[1].apcer, $0.species) }
  }
}

extension DetectionReport.Row {
  fileprivate init(_ species: Species, _ tally: DetectionTally) throws {
    let scores = try tally.scores(of: species)
    let folds = tally.accuracies(of: species) { $0.probability > 0.5 }
    let mean = folds.reduce(0, +) / Double(max(1, folds.count))
    let spread = folds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let count = Double(folds.count)
    var ablations: [String: Double] = [:]
    for name in tally.partNames {
      let own = tally.accuracies(of: species) { ($0.parts[name] ?? 0) > 0 }
      ablations[name] = own.reduce(0, +) / Double(max(1, own.count))
    }
    var paper: Double?
    if case .attack("minimum-norm", let theta) = species { paper = DetectionReport.paper[theta] }
    self.init(
      species: "\(species)", pictures: scores.positiveCount,
      medianRMS: tally.medianRMS(of: species),
      accuracy: mean,
      standardError: count > 1 ? (spread / (count - 1) / count).squareRoot() : .nan,
      areaUnderCurve: scores.areaUnderCurve, equalErrorRate: scores.equalErrorRate.rate,
      points: tally.points(of: species) { !$0 }, ablations: ablations, paper: paper)
  }
}
