import Foundation
import TestSupport
import Testing

/// Files as the tool writes and reads them.
@Suite struct FileCommandTests {
  @Test("pictures are as private as the umask says") func umask() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tool = TestProducts.folder.appending(path: "facewarden").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "umask 077; exec \"$0\" data synthesize --people 1 --images 1 -o \"$1\"", tool,
      folder + "/people",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder + "/people/person-00000/000.png")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("files of keys and certificates that are none are refused without a word of pictures")
  func keys() throws {
    for words in [["--keys", "Tests"], ["--tls-certificate", "Tests", "--tls-key", "Tests"]] {
      let run = try Tool.run(["serve"] + words)
      #expect(run.status != 0)
      #expect(run.words.contains("cannot read 'Tests': not a regular file"), "\(run.words)")
    }
  }
}
