private import FaceDatasets
private import Files

/// Why a table of groups cannot be used; `line` counts from 1.
public enum GroupTableError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(file: String, reason: String)
  /// The first line is not `picture` and the names of columns.
  case wrongHeader(file: String, found: String)
  /// A line has another number of fields than the first one.
  case wrongFieldCount(file: String, line: Int, expected: Int, found: Int)
  /// Two lines describe one picture.
  case duplicate(file: String, line: Int, picture: String)
  /// There is no such column.
  case noColumn(file: String, asked: String, found: [String])

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "'\(file)' cannot be read: \(reason)"
    case .wrongHeader(let file, let found):
      "'\(file)' starts with '\(found)'; expected 'picture' and the names of one or more columns"
    case .wrongFieldCount(let file, let line, let expected, let found):
      "line \(line) of '\(file)' has \(found) fields; expected \(expected)"
    case .duplicate(let file, let line, let picture):
      "line \(line) of '\(file)' describes '\(picture)' again"
    case .noColumn(let file, let asked, let found):
      "'\(file)' has no column '\(asked)'; expected one of \(found.joined(separator: ", "))"
    }
  }
}

/// What is known of pictures beside their people: age, sex, origin, glasses, camera.
///
/// A text of lines `picture,value,value,…` under a line `picture,column,column,…`. A picture is called
/// in one of the forms of `PictureName`; one that the table does not name, or whose value is empty, is in
/// no group.
public struct GroupTable: Sendable {
  /// What error messages call the file.
  public let file: String
  /// The names of the columns after the first.
  public let columns: [String]
  private let values: [String: [String]]

  /// Reads a file of at most 256 MiB.
  ///
  /// - Throws: ``GroupTableError``.
  public init(path: String) throws(GroupTableError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try ReadableFile.bytes(of: path, limit: 256 << 20)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    try self.init(text: String(decoding: bytes, as: UTF8.self), file: path)
  }

  /// Reads a table from its text; empty lines are skipped.
  ///
  /// - Throws: ``GroupTableError``.
  public init(text: String, file: String) throws(GroupTableError) {
    let lines = PlainText.lines(of: text)
    func fields(_ line: Substring) -> [String] {
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let head = fields(lines.first ?? "")
    guard head.count >= 2, head[0] == "picture", Set(head).count == head.count,
      !head.contains("")
    else { throw .wrongHeader(file: file, found: String((lines.first ?? "").prefix(200))) }
    var values: [String: [String]] = [:]
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let row = fields(line)
      guard row.count == head.count else {
        throw .wrongFieldCount(
          file: file, line: index + 1, expected: head.count, found: row.count)
      }
      guard values.updateValue(Array(row.dropFirst()), forKey: row[0]) == nil else {
        throw .duplicate(file: file, line: index + 1, picture: row[0])
      }
    }
    (self.file, columns, self.values) = (file, Array(head.dropFirst()), values)
  }

  /// The group of each picture by columns together: `male, Asian`; nil for one that is in none.
  ///
  /// - Throws: ``GroupTableError/noColumn(file:asked:found:)``.
  public func groups(
    of pictures: [String], by names: [String]
  ) throws(GroupTableError) -> [String?] {
    var places: [Int] = []
    for name in names {
      guard let place = columns.firstIndex(of: name) else {
        throw .noColumn(file: file, asked: name, found: columns)
      }
      places.append(place)
    }
    return pictures.map { picture in
      guard let row = PictureName.forms(of: picture).lazy.compactMap({ values[$0] }).first
      else { return nil }
      let own = places.map { row[$0] }
      return own.contains("") ? nil : own.joined(separator: ", ")
    }
  }
}
