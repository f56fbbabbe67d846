private import JSON
public import Checkpoints
private import Files
private import Foundation
private import Glibc

/// The list of models in a folder: where each came from, how good it is, what its bytes must be.
///
/// On disk it is `manifest.json` beside the model files; the keys are those of ``ModelEntry`` in
/// snake case. Entries are kept in the order of their names, so that files compare well.
public struct ModelManifest: Equatable, Sendable {
  /// The version of the format that this library reads and writes.
  public static let schemaVersion = 1
  /// The manifest's usual file name.
  public static let fileName = "manifest.json"
  /// The longest manifest accepted, in bytes.
  public static let maximumBytes = 16 << 20

  /// The models, ordered by name.
  public private(set) var models: [ModelEntry] = []

  /// Creates an empty manifest.
  public init() {}

  /// Reads the manifest of a folder.
  ///
  /// - Throws: ``CheckpointError`` if it is unreadable, malformed or of another schema version.
  public init(folder: String) throws(CheckpointError) {
    let path = "\(folder)/\(Self.fileName)"
    let bytes: [UInt8]
    do { bytes = try ReadableFile.bytes(of: path, limit: Self.maximumBytes) } catch {
      throw CheckpointError(error)
    }
    do {
      let version = try JSONDocument.decoded(Version.self, from: bytes).schema
      guard version == Self.schemaVersion else {
        throw CheckpointError.unsupportedSchema(
          path: path, expected: Self.schemaVersion, found: version)
      }
      for entry in try JSONDocument.decoded(Document.self, from: bytes).models {
        guard !models.contains(where: { $0.name == entry.name }) else {
          throw CheckpointError.duplicateName(entry.name)
        }
        update(entry)
      }
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .malformedManifest(path: path, reason: reason(for: error))
    }
  }

  /// Returns the entry of this name.
  ///
  /// - Throws: ``CheckpointError/unknownModel(name:known:)``.
  public func entry(_ name: String) throws(CheckpointError) -> ModelEntry {
    guard let entry = models.first(where: { $0.name == name }) else {
      throw .unknownModel(name: name, known: models.map(\.name))
    }
    return entry
  }

  /// The checksums of models by name, as ``ModelEntry/madeWith`` wants them.
  ///
  /// - Throws: ``CheckpointError/unknownModel(name:known:)``.
  public func sums(of names: [String]) throws(CheckpointError) -> [String: String] {
    var sums: [String: String] = [:]
    for name in names { sums[name] = try entry(name).sha256 }
    return sums
  }

  /// Adds an entry, replacing the one of the same name.
  public mutating func update(_ entry: ModelEntry) {
    models.removeAll { $0.name == entry.name }
    let place = models.firstIndex { $0.name > entry.name } ?? models.endIndex
    models.insert(entry, at: place)
  }

  /// Loads a model's file and refuses it if its length or checksum is not the manifest's, or if it was
  /// made with another version of a model that it needs.
  ///
  /// - `isBeginning`: whether a training goes on from it, which may have other partners from now on.
  /// - Throws: ``CheckpointError``; the message names the file and both sums.
  public func verifiedBytes(
    of name: String, in folder: String, isBeginning: Bool = false
  ) throws(CheckpointError) -> [UInt8] {
    let entry = try entry(name)
    let partners = isBeginning ? [:] : entry.madeWith ?? [:]
    for (partner, sum) in partners.sorted(by: { $0.key < $1.key }) {
      guard try self.entry(partner).sha256 == sum else {
        throw .madeWithAnother(model: name, partner: partner)
      }
    }
    let parts = entry.file.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw .unsafeFileName(entry.file)
    }
    let path = "\(folder)/\(entry.file)"
    let file: ReadableFile
    do { file = try ReadableFile(path) } catch { throw CheckpointError(error) }
    guard file.byteCount == entry.bytes else {
      throw .wrongSize(file: entry.file, expected: entry.bytes, found: file.byteCount)
    }
    let bytes: [UInt8]
    do { bytes = try file.bytes(limit: entry.bytes) } catch { throw CheckpointError(error) }
    let found = SHA256.hex(of: bytes)
    guard found == entry.sha256 else {
      throw .wrongChecksum(file: entry.file, expected: entry.sha256, found: found)
    }
    return bytes
  }

  /// Writes the manifest into a folder in one step.
  ///
  /// - Throws: ``CheckpointError``, also if a number is not finite, which JSON cannot hold.
  public func write(folder: String) throws(CheckpointError) {
    let path = "\(folder)/\(Self.fileName)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8]
    do {
      bytes = Array(try encoder.encode(Document(schema: Self.schemaVersion, models: models)))
    } catch {
      throw .unwritable(path: path, reason: reason(for: error))
    }
    bytes.append(UInt8(ascii: "\n"))
    do { try AtomicFile.write(bytes, to: path) } catch { throw CheckpointError(error) }
  }

  /// Adds or replaces one entry of the manifest on disk, making the manifest if there is none.
  ///
  /// - `obsolete`: the name of an entry that goes, because it was made with what is replaced.
  /// The folder is locked meanwhile, so that two trainers do not lose each other's entry.
  ///
  /// - Throws: ``CheckpointError``.
  public static func update(
    _ entry: ModelEntry, removing obsolete: String? = nil, folder: String
  ) throws(CheckpointError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
      throw .unwritable(path: folder, reason: lastSystemError())
    }
    // Closing the descriptor releases the lock.
    defer { close(descriptor) }
    let exists = access("\(folder)/\(fileName)", F_OK) == 0
    var manifest = exists ? try ModelManifest(folder: folder) : ModelManifest()
    manifest.update(entry)
    manifest.models.removeAll { $0.name == obsolete }
    try manifest.write(folder: folder)
  }

  private struct Version: Decodable { let schema: Int }

  private struct Document: Codable {
    let schema: Int
    let models: [ModelEntry]
  }
}

/// The coding path and complaint of a coding error, without Foundation's boilerplate.
private func reason(for error: any Error) -> String {
  func words(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return path.isEmpty
      ? context.debugDescription
      : "\(context.debugDescription) (at \(path.joined(separator: ".")))"
  }
  switch error {
  case DecodingError.keyNotFound(let key, let context):
    let path = (context.codingPath + [key]).map { $0.intValue.map(String.init) ?? $0.stringValue }
    return "missing key \(path.joined(separator: "."))"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
    DecodingError.dataCorrupted(let context):
    return words(context)
  case EncodingError.invalidValue(let value, let context):
    return "cannot store \(value): \(context.debugDescription)"
  default: return "\(error)"
  }
}
