import Screening
import Foundation
import HTTPServer
import Images
import KernelSupport

/// Why a service does not start: it would be ended by the system in the midst of its work.
struct MemoryError: Error, Equatable, CustomStringConvertible {
  let need: MemoryNeed
  let limit: Int

  var description: String {
    func words(_ bytes: Int) -> String { String(format: "%.2f GB", Double(bytes) / 1e9) }
    return
      "the settings may need \(words(need.total)) of memory (models \(words(need.models)), pictures "
      + "that are decoded \(words(need.pictures)), bodies \(words(need.bodies)) and their copies "
      + "\(words(need.copies)), \(need.groups) groups of faces at work \(words(need.faces))), but the "
      + "system's limit for this process is \(words(limit)); expected a larger limit, or smaller "
      + "'--picture-memory', '--picture-pixels', '--held-bytes', '--picture-bytes' or '--workers'"
  }
}

/// The most memory that a service may need with its settings.
struct MemoryNeed: Equatable {
  /// Bytes that a group of faces takes while the networks look at it; 108 million measured, by a service
  /// on one processor with 16 requests at a time.
  static let bytesOfGroup = 120_000_000
  /// Copies of a body that exist while its members are read: as text, as digits, as a picture file.
  static let copiesOfBody = 3

  /// The process before the first request, in bytes.
  let models: Int
  /// Pictures while they are decoded, in bytes.
  let pictures: Int
  /// Bodies of requests, in bytes.
  let bodies: Int
  /// What is made of the bodies of requests at work, in bytes.
  let copies: Int
  /// Groups of faces that may be at work at a time.
  let groups: Int

  /// What the networks take for the groups, in bytes.
  var faces: Int { groups * Self.bytesOfGroup }
  /// All of it, in bytes.
  var total: Int { models + pictures + bodies + copies + faces }

  init(models: Int, pictures: Int, bodies: Int, longestBody: Int, workers: Int, processors: Int) {
    (self.models, self.pictures, self.bodies) = (models, pictures, bodies)
    let (atWork, overflow) = workers.multipliedReportingOverflow(by: longestBody)
    copies = Self.copiesOfBody * min(bodies, overflow ? .max : atWork)
    // A group is at work for a worker each, and at most one for a processor.
    groups = min(workers, processors)
  }

  /// - `place`: where faces are looked for, which decides what a pixel takes.
  init(_ settings: ServeSettings, place: FacePlace, modelBytes: Int) {
    self.init(
      models: modelBytes,
      // A picture that needs more than all of it is worked on alone.
      pictures: max(settings.pictureMemory, settings.limits.pixels * place.bytesPerPixel),
      bodies: settings.server.heldBytes, longestBody: settings.server.bodyBytes,
      workers: settings.server.workers, processors: WorkerPool.shared.threads)
  }

  /// Refuses settings that may need more than the limit.
  func check(limit: Int?) throws(MemoryError) {
    if let limit, total > limit { throw MemoryError(need: self, limit: limit) }
  }

  /// The bytes that this process holds; 0 if the system does not tell.
  static var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
