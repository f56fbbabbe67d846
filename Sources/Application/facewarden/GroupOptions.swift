import CommandLineArguments
import Experiments

/// Strangers, and a table of the groups that they and others belong to.
struct GroupOptions {
  static let options: [CommandOption] = [
    .value(
      "--strangers", "PATH",
      "A folder or tar of aligned pictures of whoever, each another person; may be repeated.",
      isRepeatable: true),
    .value(
      "--groups", "CSV",
      "What is known of pictures: a line picture,sex,origin,… and one for each picture. Those that it "
        + "does not name, or an empty value, are in no group."),
    .value(
      "--by", "COLUMNS",
      "Columns that make groups together, such as sex,origin; may be repeated. Each column alone if not "
        + "given.", isRepeatable: true),
  ]

  /// Sources of strangers.
  let strangers: [String]
  private let path: String?
  private let columns: [[String]]

  init(_ arguments: Arguments) throws {
    strangers = try arguments.all("--strangers", .text)
    path = arguments.text("--groups")
    columns = try arguments.all("--by", .text).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    if path == nil, let option = ["--strangers", "--by"].first(where: { arguments.has($0) }) {
      throw UsageError.conflict("'\(option)' is of use with '--groups' only")
    }
  }

  /// The table, if one is given.
  func table() throws -> GroupTable? { try path.map { try GroupTable(path: $0) } }

  /// The columns of each grouping.
  func groupings(of table: GroupTable) -> [[String]] {
    columns.isEmpty ? table.columns.map { [$0] } : columns
  }
}
