private import Files
private import Foundation
private import JSON
public import ModelStore

/// Why the state of a door's evaluation cannot be used.
public enum DoorStateError: Error, Equatable, CustomStringConvertible {
  /// The folder holds the state of another door.
  case otherDoor(folder: String)
  /// A line cannot be read.
  case badLine(file: String, line: Int)
  /// A row of that name is not known.
  case noSuchRow(name: String, names: [String])
  /// Pairs are missing in the state.
  case incomplete(row: String, done: Int, of: Int)

  public var description: String {
    switch self {
    case .otherDoor(let folder):
      "'\(folder)' holds what was measured of other models, operating points, data or seeds; expected "
        + "an empty folder or the same"
    case .badLine(let file, let line): "line \(line) of '\(file)' is no line of an evaluation"
    case .noSuchRow(let name, let names):
      "no row '\(name)'; expected one of \(names.joined(separator: ", "))"
    case .incomplete(let row, let done, let of):
      "'\(row)' has \(done) of \(of) pairs; expected all: the same command, or the other shards, go on"
    }
  }
}

/// What a state folder is good for: it is continued only by the same.
public struct DoorSettings: Codable, Equatable, Sendable {
  /// The format of the folder.
  public var version = 1
  /// What the answers depend on: models with their checksums.
  public var models: [String]
  /// The distance² below which two faces match, and its operating point.
  public var match: OperatingPoint
  /// The probability from which the screen refuses a pair; nil without a screen.
  public var screen: OperatingPoint?
  /// What the pairs are drawn from, in words, with a checksum.
  public var data: String
  /// The seed of all that is random.
  public var seed: UInt64

  /// Creates settings.
  public init(models: [String], judge: some DoorJudging, data: String, seed: UInt64) {
    (self.models, self.data, self.seed) = (models, data, seed)
    (match, screen) = (judge.match, judge.screenPoint)
  }

  /// Writes the settings into a folder, or compares them with those that lie there.
  ///
  /// - Throws: ``DoorStateError/otherDoor(folder:)`` or what writing throws.
  func claim(_ folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/door.json"
    if let data = FileManager.default.contents(atPath: path) {
      guard (try? JSONDocument.decoded(DoorSettings.self, from: Array(data))) == self else {
        throw DoorStateError.otherDoor(folder: folder)
      }
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(self)), to: path)
  }
}
