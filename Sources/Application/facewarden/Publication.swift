import Files
import ModelStore

/// A model as it goes into the models' folder: its file, and its entry of the manifest.
enum Publication {
  /// Writes the file, then its entry, and says so.
  ///
  /// - `removing`: the model that is of no use any more beside this one.
  /// - Throws: what writing throws. If the entry cannot be written the file is the new one, which the old
  ///   entry's checksum refuses.
  static func write(
    _ entry: ModelEntry, _ bytes: [UInt8], into folder: String, removing obsolete: String? = nil
  ) throws {
    try OutputFolder.make(folder)
    try AtomicFile.write(bytes, to: "\(folder)/\(entry.file)")
    try ModelManifest.update(entry, removing: obsolete, folder: folder)
    Console.say("wrote \(folder)/\(entry.file)")
  }
}
