internal import FaceFinding
public import Reports

/// How well a face detector finds the labelled faces of whole pictures.
public struct FaceDetectionReport: Codable, Sendable, ExperimentReport {
  /// The results on one group of pictures.
  public struct Row: Codable, Sendable {
    /// The pictures.
    public var group: String
    /// How many there are.
    public var pictures: Int
    /// Their names, for comparisons on the same pictures.
    public var names: [String]
    /// How many have a find at the labelled place: boxes overlap by at least 0.4.
    public var found: Int
    /// Finds that touch no labelled face; people in the background are among them.
    public var elsewhere: Int
    /// Those of them that are large enough to be used: ``FaceFinding/FaceFinder/usualMinimum``.
    public var elsewhereUsable: Int
    /// The mean distance of the five points from the labels, over the labelled eye distance: mean,
    /// median and 95th percentile over the pictures found.
    public var errorMean, errorMedian, error95: Double
    /// The same of the four points that alignment uses: the eyes and the corners of the mouth.
    public var anchorErrorMean, anchorErrorMedian, anchorError95: Double
  }

  /// Verification on LFW View 2 with given points and with the detector's.
  public struct Verification: Codable, Sendable {
    /// Accuracy with the points that come with the pictures.
    public var given: Double
    /// Accuracy with the points that the detector found.
    public var found: Double
    /// Pictures in which no face was found; the middle of the picture was used for them.
    public var missed: Int
    /// All pictures.
    public var pictures: Int
  }

  /// The score from which a find counts.
  public var threshold: Double
  /// The results by group.
  public var rows: [Row] = []
  /// Verification, if it was asked for.
  public var verification: Verification?

  /// Creates a report without results.
  public init(threshold: Double) { self.threshold = threshold }

  public var title: String { "Finding faces" }

  public var charts: [(name: String, svg: String)] { [] }

  public var body: [HTMLPage.Part] {
    [.table(table)] + words.map { .paragraph($0) }
  }

  public var text: String { ([table.text] + words).joined(separator: "\n") }

  private var words: [String] {
    var lines = [
      "elsewhere: finds that touch no labelled face; people in the background are among them",
      "usable: those of them that are large enough for every command, \(Int(FaceFinder.usualMinimum)) "
        + "pixels from forehead to chin",
      "errors: mean distance of the points from the labels, in percent of the eye distance",
    ]
    if let verification {
      lines.append(
        "LFW View 2: accuracy \(percent(verification.given, 2)) with the given points, "
          + "\(percent(verification.found, 2)) with those found; no face found in "
          + "\(verification.missed) of \(verification.pictures) pictures")
    }
    return lines
  }

  private var table: ReportTable {
    ReportTable(
      head: [
        "pictures", "count", "found", "elsewhere", "usable", "5 points: mean", "median", "95th",
        "4 points: mean", "median", "95th",
      ],
      rows: rows.map { row in
        [
          row.group, "\(row.pictures)",
          percent(Double(row.found) / Double(max(1, row.pictures)), 2),
          "\(row.elsewhere)", "\(row.elsewhereUsable)", percent(row.errorMean, 1),
          percent(row.errorMedian, 1), percent(row.error95, 1),
          percent(row.anchorErrorMean, 1), percent(row.anchorErrorMedian, 1),
          percent(row.anchorError95, 1),
        ]
      })
  }

  private func percent(_ share: Double, _ digits: Int) -> String {
    "\(fixed(100 * share, digits)) %"
  }
}
