import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct SafeTensorsFileTests {
  static let sample = SafeTensorsFile(
    arrays: [
      NamedArray(name: "a", shape: [2, 2], elements: [1, -2, 0.5, 65_504]),
      NamedArray(name: "empty", shape: [0, 3], elements: []),
      NamedArray(name: "scalar", shape: [], elements: [-0.0]),
      NamedArray(name: "ü\"\\\n", shape: [1], elements: [.infinity]),
    ],
    integers: [
      NamedIntegers(name: "random", [.max, 0, 1]),
      NamedIntegers(
        name: "step", shape: [], elements: [UInt64(bitPattern: -7)], isSigned: true),
    ],
    metadata: ["format": "1", "words": "tab\t, \u{1} and 😀"])

  @Test("reading what was written gives the same contents") func roundTrip() throws {
    let read = try SafeTensorsFile(bytes: Self.sample.bytes())
    #expect(read == Self.sample)
    #expect(try read.integers("step").signedElements == [-7])
  }

  @Test("every bit pattern survives, NaN payloads too") func bitPatterns() throws {
    let patterns: [UInt32] = [0x7FC0_0001, 0xFFFF_FFFF, 0x8000_0000, 1, 0x7F7F_FFFF]
    let file = SafeTensorsFile(arrays: [
      NamedArray(name: "x", shape: [5], elements: patterns.map(Float.init(bitPattern:)))
    ])
    let read = try SafeTensorsFile(bytes: file.bytes())
    #expect(read.arrays[0].elements.map(\.bitPattern) == patterns)
  }

  @Test("bytes do not depend on the order of the tensors") func deterministic() throws {
    let turned = SafeTensorsFile(
      arrays: Self.sample.arrays.reversed(), integers: Self.sample.integers.reversed(),
      metadata: Self.sample.metadata)
    #expect(try turned.bytes() == Self.sample.bytes())
  }

  @Test("the layout is that of the format") func layout() throws {
    let file = SafeTensorsFile(
      arrays: [NamedArray(name: "w", shape: [1, 2], elements: [1, -2])], metadata: ["k": "v"])
    let header =
      #"{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    let padding = (8 - header.utf8.count % 8) % 8
    let expected: [UInt8] =
      [UInt8(header.utf8.count + padding), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + Array(repeating: 0x20, count: padding) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(try file.bytes() == expected)
  }

  @Test("half precision rounds to nearest even and keeps infinities") func half() throws {
    let file = SafeTensorsFile(arrays: [
      NamedArray(
        // 1 + 2⁻¹¹ lies midway between 1 and 1 + 2⁻¹⁰; the even neighbour is 1.
        name: "x", shape: [4], elements: [1 + 0x1p-11, 1 + 0x1.8p-10, 0x1p-24, -.infinity])
    ])
    let bytes = try file.bytes(as: .float16)
    #expect(
      try SafeTensorsFile(bytes: bytes).arrays[0].elements
        == [1, 1 + 0x1p-9, 0x1p-24, -.infinity])
  }

  @Test("half precision refuses overflow") func overflow() {
    let file = SafeTensorsFile(arrays: [
      NamedArray(name: "x", shape: [2], elements: [0, 65_520])
    ])
    #expect(
      throws: CheckpointError.notRepresentable(tensor: "x", index: 1, value: 65_520)
    ) { try file.bytes(as: .float16) }
  }

  @Test("elements that are not finite are refused on demand", arguments: [Float.nan, .infinity])
  func finite(value: Float) throws {
    let bytes = try SafeTensorsFile(arrays: [
      NamedArray(name: "x", shape: [2], elements: [0, value])
    ]).bytes()
    #expect(throws: CheckpointError.notFinite(tensor: "x", index: 1)) {
      try SafeTensorsFile(bytes: bytes, requiringFinite: true)
    }
    #expect(throws: Never.self) { try SafeTensorsFile(bytes: bytes) }
  }

  @Test("asking for a tensor checks its name and shape") func lookup() throws {
    #expect(try Self.sample.array("a", shape: [2, 2]).elements[1] == -2)
    #expect(throws: CheckpointError.wrongShape(tensor: "a", expected: [4], found: [2, 2])) {
      try Self.sample.array("a", shape: [4])
    }
    #expect(throws: CheckpointError.missingTensor("b")) {
      try Self.sample.array("b", shape: [4])
    }
    #expect(throws: CheckpointError.missingTensor("b")) { try Self.sample.integers("b") }
  }

  @Test("a file goes through the disk, within the limit") func disk() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.safetensors"
      try Self.sample.write(to: path)
      #expect(try SafeTensorsFile(path: path) == Self.sample)
      let count = try Self.sample.bytes().count
      #expect(
        throws: CheckpointError.tooLarge(
          what: "file '\(path)'", bytes: UInt64(count), limit: 100)
      ) { try SafeTensorsFile(path: path, maximumBytes: 100) }
    }
  }

  @Test("a file of the Python library is read") func python() throws {
    let url = try #require(
      Bundle.module.url(forResource: "python", withExtension: "safetensors", subdirectory: "Golden")
    )
    let file = try SafeTensorsFile(path: url.path)
    // The values stand in Golden/README.md.
    #expect(file.metadata == ["made_by": "python"])
    #expect(try file.array("weight", shape: [2, 3]).elements == [0, 0.25, 0.5, 0.75, 1, 1.25])
    #expect(try file.array("half", shape: [2]).elements == [-1.5, 2048])
    #expect(try file.integers("step").signedElements == [-3])
    #expect(try file.integers("state").elements == [.max, 7])
  }
}
