public import Images
public import Metrics
private import Reconstruction
private import SeededRandom

/// How true reconstructions are to their pictures: the picture, the person, the attributes.
public struct ReconstructionReport: Codable, Sendable {
  /// What the reconstructions of one group by one model came to; intervals are over people, 95 %.
  public struct Row: Codable, Sendable {
    /// The people.
    public var group: String
    /// The IP-GAN.
    public var model: String
    /// How many people and pictures there are.
    public var people, pictures: Int
    /// The mean peak signal-to-noise ratio of x and x̂, in dB.
    public var psnr: Double, psnrCI95: [Double]
    /// The same of x and the mean of the group's pictures, which takes no network.
    public var meanFacePSNR: Double
    /// The mean structural similarity of x and x̂, in −1…1.
    public var ssim: Double, ssimCI95: [Double]
    /// The energy above .125 cycles a pixel of all x̂ over that of all x, through a Hann window.
    public var sharpness: Double, sharpnessCI95: [Double]
    /// How far a frequency of an axis stands out in x̂ over how far it does in x: the largest ratio of
    /// medians above 1/16 cycle a pixel, and its period in pixels. Without a grid it is about 1.
    public var gridIndex: Double, gridPeriod: Double
    /// The mean cosine of f_A(x) and f_A(x̂).
    public var attributeCosine: Double, attributeCosineCI95: [Double]
    /// The mean cosine of f_A(x) and f_A of a stranger's picture, which agreement starts from.
    public var strangersAttributeCosine: Double
    /// What each embedder says of the person.
    public var identities: [Identity]
  }

  /// What one embedder says of the person in reconstructions.
  public struct Identity: Codable, Sendable {
    /// The embedder.
    public var judge: String
    /// The mean cosine of x and x̂.
    public var cosine: Double, cosineCI95: [Double]
    /// The mean cosine of two photos of one person and of two people.
    public var genuineCosine, impostorCosine: Double
    /// The identity gap, distance² of x and x̂: its mean for x's own identity and for a swapped one.
    public var ownGap, swappedGap: Double
    /// How well the gap tells swapped identities from own ones.
    public var areaUnderCurve: Double, areaUnderCurveCI95: [Double]
    /// The gaps, 0…4.
    public var ownHistogram, swappedHistogram: Histogram
  }

  /// The rows, group by group.
  public var rows: [Row] = []
  /// Where all chance comes from.
  public var seed: UInt64

  /// Reconstructs faces, each with its own identity and with that of a stranger.
  ///
  /// - Parameters:
  ///   - groups: the people; those with one picture are left out.
  ///   - networks: the IP-GANs to compare.
  ///   - judges: the embedders that judge the person.
  ///   - readings: further judges, by what they said of the pictures that `write` took.
  ///   - pictureLimit: the most pictures of a group.
  ///   - seed: which people, whose identity is swapped in, which pairs.
  ///   - write: takes each picture (`1/x/00001` and so on, the first number counting rows), its
  ///     reconstruction (`own`) and that with a stranger's identity (`swapped`).
  ///   - progress: told what is being done.
  /// - Throws: ``ExperimentError``, `MetricsError`, and what reading and writing pictures throws.
  public init(
    _ groups: [LabelledFaces], networks: [NamedNetworks], judges: [NamedEmbedder],
    readings: [EmbeddingReadings] = [], pictureLimit: Int, seed: UInt64,
    write: ((_ name: String, _ face: RGBImage) throws -> Void)? = nil,
    progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    self.seed = seed
    for group in groups {
      let faces = try group.sample(limit: pictureLimit, seed: seed)
      for model in networks {
        let trials = try ReconstructionTrials(
          faces, model: model.networks, judges: judges.map(\.embedder), readings: readings,
          prefix: "\(rows.count + 1)", seed: seed, write: write
        ) { progress("\(group.group): \(model.name)", $0, $1) }
        rows.append(
          try Row(
            group.group, model.name, trials, judges: judges.map(\.name) + readings.map(\.name),
            seed: seed))
      }
    }
  }
}

extension ReconstructionReport.Row {
  fileprivate init(
    _ group: String, _ model: String, _ trials: ReconstructionTrials, judges: [String],
    seed: UInt64
  ) throws {
    (self.group, self.model) = (group, model)
    (people, pictures) = (Set(trials.people).count, trials.people.count)
    let bootstrap = ClusterBootstrap(clusters: trials.people, seed: seed)
    func summary(_ values: [Double]) -> (mean: Double, ends: [Double]) {
      (mean(values), bootstrap.interval95 { mean($0.map { values[$0] }) })
    }
    (psnr, psnrCI95) = summary(trials.psnr)
    meanFacePSNR = mean(trials.meanFacePSNR)
    (ssim, ssimCI95) = summary(trials.ssim)
    (sharpness, sharpnessCI95) = (
      trials.detail.sharpness(Array(trials.people.indices)),
      bootstrap.interval95 { trials.detail.sharpness($0) }
    )
    (gridIndex, gridPeriod) = trials.detail.gridIndex
    (attributeCosine, attributeCosineCI95) = summary(trials.attributeCosines)
    strangersAttributeCosine = mean(trials.strangersAttributeCosines)
    identities = try zip(judges, trials.judged).map { name, judged in
      func auc(_ places: [Int]) throws -> Double {
        try LabelledScores(
          positives: places.map { judged.swappedGaps[$0] },
          negatives: places.map { judged.ownGaps[$0] }, direction: .largerIsPositive
        ).areaUnderCurve
      }
      let cosines = summary(judged.ownGaps.map { 1 - $0 / 2 })
      let pairs = try VerificationPairs(people: trials.people, folds: 1, seed: seed).pairs
      func meanCosine(same: Bool) -> Double {
        mean(
          pairs.filter { $0.same == same }.map {
            1 - judged.pictures.distance($0.first, $0.second) / 2
          })
      }
      return ReconstructionReport.Identity(
        judge: name, cosine: cosines.mean, cosineCI95: cosines.ends,
        genuineCosine: meanCosine(same: true), impostorCosine: meanCosine(same: false),
        ownGap: mean(judged.ownGaps), swappedGap: mean(judged.swappedGaps),
        areaUnderCurve: try auc(Array(trials.people.indices)),
        areaUnderCurveCI95: bootstrap.interval95 { (try? auc($0)) ?? .nan },
        ownHistogram: Histogram(judged.ownGaps, binCount: 80, range: 0...4),
        swappedHistogram: Histogram(judged.swappedGaps, binCount: 80, range: 0...4))
    }
  }
}

/// The mean of numbers; NaN of none.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
