internal import Checkpoints
private import Foundation

/// A record of how features are computed, kept in the file of the detector that weighs them.
///
/// A detector's weights mean nothing for other numbers than those it was fitted to. Definitions are made of
/// the constants that the code computes with, so that another constant, another number or another order
/// is another specification. What a definition does not show is told by the group's revision, which whoever
/// changes the arithmetic raises; a test holds the numbers of a fixed face against recorded ones.
public struct FeatureSpecification: Codable, Sendable, Equatable, CustomStringConvertible {
  /// One group of features.
  public struct Group: Codable, Sendable, Equatable {
    /// Raised with every change of the numbers that their definition does not show; from 1 on.
    public var revision: Int
    /// The numbers in their order, in words; of histograms their operators.
    public var numbers: [String]

    /// Describes a group.
    public init(revision: Int, numbers: [String]) {
      (self.revision, self.numbers) = (revision, numbers)
    }
  }

  /// The name in a file's metadata.
  static let member = "features"

  /// The groups by name.
  public var groups: [String: Group]

  /// Creates a specification.
  public init(_ groups: [String: Group]) { self.groups = groups }

  /// The specification of groups as this program computes them.
  ///
  /// - `changes`: the small changes of ``FeatureGroup/consistency`` and ``FeatureGroup/witness``.
  public init(_ groups: some Collection<FeatureGroup>, changes: [FaceTransform]) {
    self.init(
      Dictionary(
        groups.map { ($0.rawValue, FeatureExtractor.definition($0, changes: changes)) }
      ) { first, _ in first })
  }

  /// The specification that a file has; nil if it is older than specifications.
  ///
  /// - Throws: ``DetectorError/noSettings`` if it cannot be read.
  init?(file: SafeTensorsFile) throws(DetectorError) {
    guard let text = file.metadata[Self.member] else { return nil }
    guard let found = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      throw .noSettings
    }
    self = found
  }

  /// Refuses a file's specification that is not the code's.
  ///
  /// - Throws: ``DetectorError/otherFeatures(file:code:)``.
  func check(_ code: FeatureSpecification) throws(DetectorError) {
    guard self == code else { throw .otherFeatures(file: self, code: code) }
  }

  /// The specification as text, members in order of name.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  public var description: String {
    groups.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
  }

  /// The groups of which this and another say different things, each as this has it.
  func differing(from other: FeatureSpecification) -> String {
    Set(groups.keys).union(other.groups.keys).sorted()
      .filter { groups[$0] != other.groups[$0] }
      .map { name in "\(name) \(groups[name].map { "\($0)" } ?? "not at all")" }
      .joined(separator: "; ")
  }
}

extension FeatureSpecification.Group: CustomStringConvertible {
  public var description: String {
    "revision \(revision): \(numbers.joined(separator: ", "))"
  }
}
