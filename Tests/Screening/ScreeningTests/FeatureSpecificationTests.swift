import Checkpoints
import Foundation
import Screening
import TestSupport
import Testing

/// A detector's file is read only by a program that computes the features it was fitted to.
@Suite struct FeatureSpecificationTests {
  /// A detector's file with another specification; nil leaves it out.
  static func file(_ specification: FeatureSpecification?) throws -> SafeTensorsFile {
    let file = try AdversarialDetectorTests.detector(.full).file()
    var metadata = file.metadata
    metadata["features"] = try specification.map {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
    }
    return SafeTensorsFile(arrays: file.arrays, metadata: metadata)
  }

  static var code: FeatureSpecification { AdversarialDetectorTests.detector(.full).specification }

  /// Specifications that differ from the code's in one thing each.
  static let changes: [(String, @Sendable (inout FeatureSpecification) -> Void)] = [
    ("another constant", { $0.groups["residual"]?.numbers[0] = "log(mean square + 1e-05) of x" }),
    ("a number more", { $0.groups["consistency"]?.numbers.append("log(d²(f_C(x), f_C(grey)))") }),
    ("another order", { $0.groups["witness"]?.numbers.swapAt(0, 1) }),
    ("other arithmetic", { $0.groups["identity"]?.revision = 2 }),
    ("another group", { $0.groups["spectrum"] = .init(revision: 1, numbers: ["energy"]) }),
    ("a group less", { $0.groups["relation"] = nil }),
  ]

  @Test("a changed feature is refused, and the error says both", arguments: changes.indices)
  func changed(_ index: Int) throws {
    var other = Self.code
    Self.changes[index].1(&other)
    let file = try Self.file(other)
    let error = #expect(throws: DetectorError.self) {
      _ = try DetectorFile.detector(file, faceSide: 16)
    }
    guard case .otherFeatures(other, let code) = error else {
      Issue.record("\(Self.changes[index].0): \(String(describing: error))")
      return
    }
    let name = try #require(
      Set(other.groups.keys).union(code.groups.keys)
        .first { other.groups[$0] != code.groups[$0] })
    for own in [other, code] {
      let words = own.groups[name].map { "\(name) \($0)" } ?? "\(name) not at all"
      #expect(error?.description.contains(words) == true)
    }
  }

  @Test("a file of before specifications is of version 1, which this program still computes")
  func absent() throws {
    let expected = AdversarialDetectorTests.detector(.full, changes: FaceTransform.allCases)
    let file = try Self.settings(of: expected) { $0["changes"] = nil }
    #expect(try DetectorFile.detector(file, faceSide: 16) as? AdversarialDetector == expected)
    let pairs = SafeTensorsFile(
      arrays: try PairDetectorTests.detector.file().arrays,
      metadata: try PairDetectorTests.detector.file().metadata.filter { $0.key != "features" })
    #expect(try PairDetector(file: pairs) == PairDetectorTests.detector)
  }

  /// A detector's file without a specification, its settings edited.
  static func settings(
    of detector: AdversarialDetector, _ edit: (inout [String: Any]) -> Void
  ) throws -> SafeTensorsFile {
    let file = try detector.file()
    let text = try #require(file.metadata["settings"])
    var settings = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    edit(&settings)
    let edited = try JSONSerialization.data(withJSONObject: settings)
    return SafeTensorsFile(
      arrays: file.arrays, metadata: ["settings": String(decoding: edited, as: UTF8.self)])
  }

  @Test(
    "changes that are none, unknown or given twice are refused",
    arguments: ["[]", #"["grey"]"#, #"["mirrored", "mirrored"]"#, #"["median", 3]"#])
  func badChanges(_ text: String) throws {
    let changes = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let file = try Self.settings(of: AdversarialDetectorTests.detector(.full)) {
      $0["changes"] = changes
    }
    #expect(throws: DetectorError.noSettings) {
      _ = try DetectorFile.detector(file, faceSide: 16)
    }
  }

  @Test("a file of a specification that cannot be read is refused") func unreadable() throws {
    var metadata = try Self.file(Self.code).metadata
    for text in ["", "{}", #"{"groups": {"identity": {"numbers": []}}}"#] {
      metadata["features"] = text
      let file = SafeTensorsFile(arrays: try Self.file(nil).arrays, metadata: metadata)
      #expect(throws: DetectorError.noSettings) {
        _ = try DetectorFile.detector(file, faceSide: 16)
      }
    }
  }

  @Test("a pair's detector of other distances is refused") func pairs() throws {
    let file = try PairDetectorTests.detector.file()
    var other = PairDetector.specification
    other.groups["claim"]?.numbers.swapAt(0, 1)
    var metadata = file.metadata
    metadata["features"] = String(decoding: try JSONEncoder().encode(other), as: UTF8.self)
    #expect(throws: DetectorError.otherFeatures(file: other, code: PairDetector.specification)) {
      _ = try PairDetector(file: SafeTensorsFile(arrays: file.arrays, metadata: metadata))
    }
  }

  /// Of each group the first two numbers and Σ (1 + i mod 7)·xᵢ, for the face of ``numbers(_:)``.
  static let golden: [FeatureGroup: [Double]] = [
    .picture: [0, 0, 413.74662], .reconstruction: [0, 0, 424.51044],
    .relation: [2, 2, 1183.78334], .identity: [0.14255984, 0.10325464, -14.571164],
    .consistency: [-4.98874, -5.2681556, -111.79527],
    .witness: [-6.551958, -6.90962, -130.89622], .residual: [-3.481879, -5.1945477, -129.39897],
  ]

  /// Words that stay while the numbers change would let a detector judge by other features unseen: who
  /// changes these raises the group's revision.
  @Test("the numbers of revision 1 are what they were", arguments: FeatureGroup.allCases)
  func numbers(_ group: FeatureGroup) throws {
    let face = SyntheticPeople.picture(person: 1, variant: 1, side: 16)
    let found = FeatureExtractorTests.extractor([group]).evidence(of: [face])[0].features[group]
    let numbers = try #require(found).map(Double.init)
    let sum = numbers.enumerated().reduce(0) { $0 + Double(1 + $1.offset % 7) * $1.element }
    #expect(Self.code.groups[group.rawValue]?.revision == 1)
    // The last bits depend on the kernels, and the nearness of a distance to nothing on them.
    let golden = try #require(Self.golden[group])
    for (number, expected) in zip([numbers[0], numbers[1], sum], golden) {
      #expect(abs(number - expected) < 1e-3 * max(1, abs(expected)))
    }
  }
}
