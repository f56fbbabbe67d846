import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// Strangers, and a table of the groups that they and others belong to.
struct GroupOptions: CommandSettings {
  /// Sources of strangers.
  private(set) var strangers: [String] = []
  private var path: String?
  private var columns: [[String]] = []

  static let settings: [Setting<Self>] = [
    .repeated(
      "--strangers", "PATH",
      "A folder or tar of aligned pictures of whoever, each another person; may be repeated.",
      \.strangers, .text, needs: "--groups"),
    .optional(
      "--groups", "CSV",
      "What is known of pictures: a line picture,sex,origin,… and one for each picture. Those that it "
        + "does not name, or an empty value, are in no group.", \.path, .text),
    .repeated(
      "--by", "COLUMNS",
      "Columns that make groups together, such as sex,origin; may be repeated. Each column alone if not "
        + "given.", \.columns, columnNames, needs: "--groups"),
  ]

  private static let columnNames = ValueReader<[String]>(expected: "names separated by commas") {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  } word: {
    $0.joined(separator: ",")
  }

  /// The table, if one is given.
  func table() throws -> GroupTable? { try path.map { try GroupTable(path: $0) } }

  /// The columns of each grouping.
  func groupings(of table: GroupTable) -> [[String]] {
    columns.isEmpty ? table.columns.map { [$0] } : columns
  }

  /// Thresholds by strangers of one's own group; nil without a table of groups, or without strangers.
  ///
  /// - `embed`: the embeddings of pictures, each of another person.
  func points(
    genuine held: LabelledEmbeddings, embed: (IdentityDataset) throws -> LabelledEmbeddings
  ) throws -> VerificationPoints? {
    guard let table = try table(), !strangers.isEmpty,
      let columns = groupings(of: table).first
    else { return nil }
    let data = try IdentityDataset(unlabelled: strangers)
    let words = columns.joined(separator: ", ")
    let distances = try GroupedDistances(
      embed(data), groups: table.groups(of: data.names, by: columns), columns: words)
    let files = strangers.map { ($0 as NSString).lastPathComponent }
    return try VerificationPoints(
      distances, source: "\(files.joined(separator: ", ")) by \(words)", genuine: held)
  }
}
