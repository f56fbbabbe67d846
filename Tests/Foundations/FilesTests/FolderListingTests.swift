import Files
import Foundation
import Testing

@testable import Files

@Suite struct FolderListingTests {
  /// Runs `body` with a new folder.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  private func put(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: path))
  }

  @Test("links to folders are followed, and a way in a circle is told of") func links() throws {
    try withFolder { folder in
      try put("\(folder)/set/b/1.png")
      try put("\(folder)/elsewhere/2.png")
      let manager = FileManager.default
      try manager.createSymbolicLink(
        atPath: "\(folder)/set/a", withDestinationPath: "../elsewhere")
      try manager.createSymbolicLink(atPath: "\(folder)/set/b/up", withDestinationPath: "..")
      let listing = FolderListing(path: folder + "/set")
      #expect(listing.files == ["a/2.png", "b/1.png"])
      #expect(listing.omissions.map(\.path) == ["b/up"])
      try manager.createSymbolicLink(atPath: "\(folder)/way", withDestinationPath: "set/b")
      #expect(FolderListing(path: folder + "/way").files == ["1.png", "up/a/2.png"])
    }
  }

  @Test(
    "what cannot be looked at is told by name: no folder, a link to nothing, a name not in UTF-8")
  func omissions() throws {
    #expect(FolderListing(path: "/nowhere").omissions.map(\.path) == [""])
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/gone", withDestinationPath: "nowhere")
      try put("\(folder)/a.png")
      let name: [CChar] = Array("\(folder)/".utf8CString.dropLast()) + [0x62, -1, 0]
      close(open(name, O_CREAT | O_WRONLY, 0o600))
      let listing = FolderListing(path: folder)
      #expect(listing.files == ["a.png"])
      #expect(listing.omissions.map(\.path) == ["b\u{FFFD}", "gone"])
      #expect(throws: FolderListing.Failure.self) { try FolderListing.names(in: folder) }
    }
  }

  @Test("hidden names are skipped where asked for; order is that of bytes") func order() throws {
    try withFolder { folder in
      for name in ["b", "a/z", "a-b", ".c", ".d/e", "\u{E9}", "e\u{301}"] {
        try put("\(folder)/\(name)")
      }
      #expect(
        FolderListing(path: folder, skipsHidden: true).files.map(ExactName.init)
          == ["a-b", "a/z", "b", "e\u{301}", "\u{E9}"].map(ExactName.init))
      #expect(FolderListing(path: folder).files.prefix(2) == [".c", ".d/e"])
    }
  }
}
