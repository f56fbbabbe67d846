import Foundation
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a document; an error if it is not well-formed XML.
func elements(_ document: String) throws -> [String: Int] {
  final class Counter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { counts[name, default: 0] += 1 }
  }
  let parser = XMLParser(data: Data(document.utf8))
  let counter = Counter()
  parser.delegate = counter
  try #require(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
  return counter.counts
}
