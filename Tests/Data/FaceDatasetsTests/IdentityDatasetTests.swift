import FaceDatasets
import Foundation
import Images
import SeededRandom
import Testing

@Suite struct IdentityDatasetTests {
  /// Runs `body` with a folder and a tar archive of a few people, some pictures unusable.
  static func withSources(_ body: ([String]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      func png(_ number: Int) throws -> [UInt8] { try syntheticFace(number).pngData() }
      try write(png(1), to: "\(folder)/set/bea/2.png")
      try write(syntheticFace(2).jpegData(quality: 90), to: "\(folder)/set/bea/10.jpg")
      try write(png(1), to: "\(folder)/set/bea/3.PNG")
      try write(Array("not a picture".utf8), to: "\(folder)/set/bea/4.png")
      try write(RGBImage(width: 64, height: 64).pngData(), to: "\(folder)/set/bea/5.png")
      try write(png(3), to: "\(folder)/set/cy/only.png")
      try write(png(4), to: "\(folder)/set/notes.png")
      try write([1], to: "\(folder)/set/cy/readme.txt")
      try write([1], to: "\(folder)/set/cy/.hidden.png")
      var tar = TarWriter()
      tar.add("./al/1.png", try png(5))
      tar.add("al/2.png", try png(6))
      tar.add("di/1.png", try png(7))
      tar.add("di/2.png", try png(8))
      tar.add("di/3.png", try png(9))
      tar.add("ed/1.png", try png(9))
      tar.add("ed/2.png", try png(10))
      tar.add("ed/3.png", try png(11))
      tar.end()
      try write(tar.bytes, to: "\(folder)/more.tar")
      try body(["\(folder)/set", "\(folder)/more.tar"])
    }
  }

  @Test(
    "folders and archives give the same ordered people",
    arguments: [IdentityDataset.Storage.compressed, .pixels], [false, true])
  func loading(storage: IdentityDataset.Storage, isReversed: Bool) throws {
    try Self.withSources { sources in
      let set = try IdentityDataset(
        sources: isReversed ? sources.reversed() : sources, storage: storage)
      #expect(set.people == ["al", "bea", "di", "ed"])
      #expect(
        set.names == [
          "al/1.png", "al/2.png", "bea/10.jpg", "bea/2.png", "di/1.png", "di/2.png", "ed/2.png",
          "ed/3.png",
        ])
      #expect(set.labels == [0, 0, 1, 1, 2, 2, 3, 3])
      #expect(set.pictures == [0..<2, 2..<4, 4..<6, 6..<8])
      #expect(try set.image(at: 0) == syntheticFace(5))
      #expect(try set.image(at: 3) == syntheticFace(1))
      #expect(try set.image(at: 7) == syntheticFace(11))
      #expect(try set.withPixels(at: 6) { Array($0) } == syntheticFace(10).pixels)
    }
  }

  @Test("what is left out is reported with its reason")
  func report() throws {
    try Self.withSources { sources in
      let report = try IdentityDataset(sources: sources).report
      #expect(report.found == 14 && report.kept == 8)
      #expect(
        report.omissions.map(\.name) == [
          "bea/3.PNG", "bea/4.png", "bea/5.png", "cy/only.png", "di/3.png", "ed/1.png",
        ])
      #expect(
        report.omissions.map(\.reason) == [
          .duplicate(of: "bea/2.png"), .broken(.unknownFormat(name: "bea/4.png")),
          .wrongSize(width: 64, height: 64), .fewPictures(1), .ambiguous(with: "ed/1.png"),
          .ambiguous(with: "di/3.png"),
        ])
      #expect(
        report.description
          == "8 of 14 pictures kept; left out: 2 broken, 3 duplicates, 1 of people with too few")
    }
  }

  @Test("a split shares no person, relabels from 0 and keeps the pixels")
  func split() throws {
    try withTemporaryFolder { folder in
      var tar = TarWriter()
      for person in 0..<40 {
        for picture in 0..<2 {
          tar.add(
            "p\(person)/\(picture).jpg",
            try syntheticFace(person * 2 + picture).jpegData(quality: 50))
        }
      }
      try write(tar.bytes, to: "\(folder)/a.tar")
      let set = try IdentityDataset(sources: ["\(folder)/a.tar"])
      let (training, validation) = set.split(heldOut: 0.3, seed: 5)
      #expect(Set(training.people).isDisjoint(with: validation.people))
      #expect(Set(training.people + validation.people) == Set(set.people))
      #expect((4...20).contains(validation.people.count))
      #expect(validation.labels == validation.people.indices.flatMap { [$0, $0] })
      let index = try #require(set.names.firstIndex(of: validation.names[3]))
      #expect(try validation.image(at: 3) == set.image(at: index))
      #expect(set.split(heldOut: 0.3, seed: 5).validation.people == validation.people)
      #expect(set.split(heldOut: 0, seed: 5).validation.count == 0)
      #expect(set.split(heldOut: 1, seed: 5).training.count == 0)
      let some = set.people { $0 == "p7" || $0 == "p9" }
      #expect(some.people == ["p7", "p9"] && some.labels == [0, 0, 1, 1])
    }
  }

  @Test("sources that cannot be used are refused")
  func refused() throws {
    try withTemporaryFolder { folder in
      #expect(throws: DatasetError.missing(source: "\(folder)/none")) {
        try IdentityDataset(sources: ["\(folder)/none"])
      }
      #expect(throws: DatasetError.self) { try IdentityDataset(sources: [folder]) }
      #expect(throws: DatasetError.self) { try IdentityDataset(sources: []) }
      try write([UInt8](repeating: 1, count: 600), to: "\(folder)/a.tar")
      #expect(
        throws: DatasetError.archive(.wrongChecksum(file: "\(folder)/a.tar", offset: 0))
      ) { try IdentityDataset(sources: ["\(folder)/a.tar"]) }
    }
  }

  @Test("a batch depends on its generator and places alone")
  func batches() throws {
    try Self.withSources { sources in
      let stored = try IdentityDataset(sources: sources)
      let decoded = try IdentityDataset(sources: sources, storage: .pixels)
      func batch(_ set: IdentityDataset, _ indices: [Int], seed: UInt64) throws -> [Float] {
        var floats = [Float](repeating: .nan, count: indices.count * 128 * 128 * 3)
        try floats.withUnsafeMutableBufferPointer {
          try set.batch(
            indices, augmentation: FaceAugmentation(), generator: SplitMix64(seed: seed), into: $0)
        }
        return floats
      }
      let indices = [0, 5, 5, 3, 7, 1]
      let first = try batch(stored, indices, seed: 1)
      #expect(first == (try batch(decoded, indices, seed: 1)))
      #expect(first != (try batch(stored, indices, seed: 2)))
      #expect(first.prefix(49152 * 2) == (try batch(stored, [0, 5], seed: 1))[...])
      #expect(first[49152..<49152 * 2] != first[49152 * 2..<49152 * 3], "one face, two places")
    }
  }

  @Test(
    "the training faces load without loss", .enabled(if: sharedData != nil),
    .tags(.sharedData))
  func celebA() throws {
    let folder = try #require(sharedData)
    let set = try IdentityDataset(sources: ["\(folder)/celeba/celeba-0.tar"])
    #expect(set.report.found == 12_932)
    #expect(set.report.brokenCount == 0)
    #expect(set.count + set.report.omissions.count == 12_932 && set.people.count > 1400)
  }
}

extension Tag {
  /// Needs the data sets beside the package, and some seconds.
  @Tag static var sharedData: Self
}
