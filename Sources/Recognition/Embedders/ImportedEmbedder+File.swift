public import Checkpoints
private import Foundation
private import JSON
private import NetworkGraphs

/// Why a file holds no imported embedder.
public enum ImportedEmbedderError: Error, Equatable, CustomStringConvertible {
  /// The header has no such member, or it cannot be read.
  case badHeader(member: String, reason: String)
  /// The network takes other pictures than the header says.
  case otherPictures(network: [Int], input: FaceInput)

  public var description: String {
    switch self {
    case .badHeader(let member, let reason): "the header's '\(member)' cannot be read: \(reason)"
    case .otherPictures(let network, let input):
      "the network takes pictures of the shape \(network); its header says \(input.summary)"
    }
  }
}

extension ImportedEmbedder {
  /// What the manifest says of an imported network in the place of an architecture.
  public static let kind = "imported"

  private static let members = (graph: "graph", faces: "faces")

  /// The contents of a file: numbers as tensors, graph and faces in the header.
  ///
  /// - Throws: `EncodingError`.
  public var file: SafeTensorsFile {
    get throws {
      func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
      }
      return SafeTensorsFile(
        tables: [("", network.parameters)],
        metadata: [
          Self.members.graph: try text(network.graph), Self.members.faces: try text(input),
        ])
    }
  }

  /// Reads an embedder from a file's contents.
  ///
  /// - Throws: ``ImportedEmbedderError`` or `NetworkGraphError`.
  public init(_ file: SafeTensorsFile) throws {
    let graph: NetworkGraph = try Self.member(Self.members.graph, of: file)
    let input: FaceInput = try Self.member(Self.members.faces, of: file)
    let network = try GraphNetwork(graph, file.table(under: ""))
    guard let embedder = ImportedEmbedder(network, input) else {
      throw ImportedEmbedderError.otherPictures(network: graph.input, input: input)
    }
    self = embedder
  }

  private static func member<Value: Decodable>(
    _ name: String, of file: SafeTensorsFile
  ) throws -> Value {
    guard let text = file.metadata[name] else {
      throw ImportedEmbedderError.badHeader(member: name, reason: "it is missing")
    }
    do { return try JSONDocument.decoded(from: Array(text.utf8)) } catch {
      throw ImportedEmbedderError.badHeader(member: name, reason: "\(error)")
    }
  }
}
