import Foundation
import Images
import SeededRandom

/// The folder of the shared data sets, if this machine has them.
///
/// `FACEWARDEN_DATA`, or `shared/data` beside the package.
let sharedData: String? = {
  let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let beside = package.deletingLastPathComponent().appending(path: "shared/data").path
  let folder = ProcessInfo.processInfo.environment["FACEWARDEN_DATA"] ?? beside
  return FileManager.default.fileExists(atPath: folder) ? folder : nil
}()

/// Runs `body` with the path of a new folder and removes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// Writes `bytes` to a file, with the folders it needs.
func write(_ bytes: [UInt8], to path: String) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(
    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(bytes).write(to: url)
}

/// Returns a 128×128 picture of smooth random colours; another one for each number.
func syntheticFace(_ number: Int) -> RGBImage {
  var generator = SplitMix64(seed: UInt64(number))
  let corners = (0..<12).map { _ in generator.uniform(in: 0..<256) }
  var pixels: [UInt8] = []
  for y in 0..<128 {
    for x in 0..<128 {
      for channel in 0..<3 {
        let upper = corners[channel] * (127 - x) + corners[3 + channel] * x
        let lower = corners[6 + channel] * (127 - x) + corners[9 + channel] * x
        pixels.append(UInt8((upper * (127 - y) + lower * y) / (127 * 127)))
      }
    }
  }
  return RGBImage(width: 128, height: 128, pixels: pixels)
}

/// Tar archives written field by field.
struct TarWriter {
  private(set) var bytes: [UInt8] = []

  /// Appends one entry with its padding.
  mutating func add(
    _ name: String, _ body: [UInt8], kind: Character = "0", magic: String = "ustar\u{0}00",
    prefix: String = "", size: [UInt8]? = nil, isExtended: Bool = false
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: some Collection<UInt8>, at offset: Int) {
      for (index, byte) in text.enumerated() { header[offset + index] = byte }
    }
    put(Array(name.utf8.prefix(100)), at: 0)
    put(size ?? Array(Self.octal(body.count, digits: 11).utf8), at: 124)
    put(Array(String(kind).utf8), at: 156)
    put(Array(magic.utf8), at: 257)
    put(Array(prefix.utf8), at: 345)
    if isExtended { header[482] = 1 }
    put(Array("        ".utf8), at: 148)
    put(Array(Self.octal(header.reduce(0) { $0 + Int($1) }, digits: 6).utf8), at: 148)
    header[154] = 0
    bytes += header + body + [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
  }

  /// Appends the two blocks of zeros that end an archive.
  mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

  static func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// A pax line: its own length in decimal digits, then `key=value`.
  static func paxLine(_ key: String, _ value: String) -> [UInt8] {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count + 1
    while "\(length)".utf8.count + rest.utf8.count != length {
      length = "\(length)".utf8.count + rest.utf8.count
    }
    return Array("\(length)\(rest)".utf8)
  }
}
