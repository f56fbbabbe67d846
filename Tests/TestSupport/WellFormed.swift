internal import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Whether texts are well-formed XML.
public enum WellFormed {
  /// Why a document is not.
  public struct Failure: Error, CustomStringConvertible {
    /// What the parser complains of.
    public let description: String
  }

  private final class Counter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { counts[name, default: 0] += 1 }
  }

  /// The number of elements of each name.
  ///
  /// - Throws: ``Failure`` if a parser refuses the document.
  public static func elements(of document: String) throws -> [String: Int] {
    let parser = XMLParser(data: Data(document.utf8))
    let counter = Counter()
    parser.delegate = counter
    guard parser.parse() else {
      throw Failure(
        description: "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "?")")
    }
    return counter.counts
  }
}
