import Files
import FaceDatasets
import Foundation
import Images
import Testing

/// Data sets in folders and lists as people keep them.
@Suite struct FolderSourceTests {
  private func putFaces(_ folder: String, _ people: [String]) throws {
    for (number, person) in people.enumerated() {
      for picture in 0..<2 {
        try write(
          syntheticFace(10 * number + picture).pngData(), to: "\(folder)/\(person)/\(picture).png")
      }
    }
  }

  @Test(
    "a folder that is a link is followed; a link to nothing, or a name that is no text, is refused")
  func links() throws {
    try withTemporaryFolder { folder in
      try putFaces(folder, ["set/a", "elsewhere/b"])
      let manager = FileManager.default
      try manager.createSymbolicLink(
        atPath: folder + "/set/b", withDestinationPath: "../elsewhere/b")
      #expect(try IdentityDataset(sources: [folder + "/set"]).people == ["a", "b"])
      try manager.createSymbolicLink(atPath: folder + "/set/c", withDestinationPath: "../nowhere")
      #expect {
        try IdentityDataset(sources: [folder + "/set"])
      } throws: {
        "\($0)".contains("set/c' cannot be read")
      }
      try manager.removeItem(atPath: folder + "/set/c")
      let name: [CChar] = Array("\(folder)/set/a/".utf8CString.dropLast()) + [0x78, -1, 0]
      close(open(name, O_CREAT | O_WRONLY, 0o600))
      #expect(throws: DatasetError.self) { try IdentityDataset(sources: [folder + "/set"]) }
    }
  }

  @Test("people whose names Unicode calls equivalent stay two people") func equivalentNames() throws
  {
    try withTemporaryFolder { folder in
      try putFaces(folder, ["\u{E9}", "e\u{301}", "z"])
      let faces = try IdentityDataset(sources: [folder])
      #expect(faces.people.count == 3 && faces.count == 6)
      #expect(faces.pictures.map(\.count) == [2, 2, 2])
      #expect(
        faces.people.map(ExactName.init) == ["e\u{301}", "z", "\u{E9}"].map(ExactName.init))
    }
  }

  @Test("a list of pairs with a byte order mark and carriage returns is read") func pairs() throws {
    let text = "\u{FEFF}1\r\nAnn\t1\t2\r\nAnn\t1\tBob\t1\r\n"
    let pairs = try LFWProtocol(text: text, file: "pairs").pairs
    #expect(pairs.map(\.same) == [true, false])
  }
}
