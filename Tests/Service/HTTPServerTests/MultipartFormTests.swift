import HTTPServer
import Testing

@Suite struct MultipartFormTests {
  static let type = "multipart/form-data; boundary=\"x y\""

  static func form(_ text: String, type: String = "multipart/form-data; boundary=b") throws
    -> MultipartForm
  { try MultipartForm(Array(text.utf8), contentType: type) }

  static func part(_ name: String, _ content: String) -> String {
    "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(content)\r\n"
  }

  @Test("parts come out as they went in, also with line ends and dashes in them") func parts()
    throws
  {
    let form = try Self.form(
      Self.part("a", "1\r\n--\r\n--c")
        + "--b\r\ncontent-disposition: FORM-DATA; filename=f; name=b\r\n"
        + "Content-Type: image/png\r\n\r\n\r\n--b--")
    #expect(form.parts["a"]?.content == Array("1\r\n--\r\n--c".utf8))
    #expect(form.parts["a"]?.isFile == false)
    #expect(form.parts["b"]?.content.isEmpty == true && form.parts["b"]?.isFile == true)
    #expect(form.parts.count == 2)
  }

  struct Bad: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let body: String
    var type = "multipart/form-data; boundary=b"
    let error: MultipartError
  }

  @Test(
    "what is no form is refused with its reason",
    arguments: [
      Bad(testDescription: "nothing", body: "", error: .unterminated),
      Bad(testDescription: "half", body: part("a", "1"), error: .unterminated),
      Bad(
        testDescription: "no end of a part", body: "--b\r\n\r\n",
        error: .malformedPart(number: 1, expected: "a head and an empty line")),
      Bad(
        testDescription: "a boundary within a line", body: "x" + part("a", "1") + "--b--",
        error: .unterminated),
      Bad(
        testDescription: "text on the last line", body: part("a", "1") + "--b--x",
        error: .unterminated),
      Bad(
        testDescription: "twice", body: part("a", "1") + part("a", "2") + "--b--",
        error: .duplicate(name: "a")),
      Bad(
        testDescription: "no boundary", body: "--b--", type: "multipart/form-data",
        error: .noBoundary),
      Bad(
        testDescription: "empty boundary", body: "--b--", type: "multipart/form-data; boundary=",
        error: .noBoundary),
      Bad(testDescription: "another boundary", body: "--b--", type: type, error: .unterminated),
      Bad(
        testDescription: "another type", body: "--b--", type: "text/plain; boundary=b",
        error: .noBoundary),
      Bad(
        testDescription: "transfer encoding",
        body:
          "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n--b--",
        error: .malformedPart(number: 1, expected: "no transfer encoding")),
      Bad(
        testDescription: "no name", body: "--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--",
        error: .malformedPart(number: 1, expected: "a 'Content-Disposition' with a name")),
      Bad(
        testDescription: "41 parts", body: (0..<41).map { part("\($0)", "") }.joined() + "--b--",
        error: .tooManyParts(limit: 40)),
      Bad(
        testDescription: "a head of 5000 bytes",
        body: "--b\r\nX: \(String(repeating: "x", count: 5000))\r\n\r\n\r\n--b--",
        error: .malformedPart(number: 1, expected: "a head and an empty line")),
    ])
  func refusals(_ bad: Bad) {
    #expect(throws: bad.error) { try Self.form(bad.body, type: bad.type) }
  }

  @Test("every beginning of a form is refused") func prefixes() throws {
    let whole = Array((Self.part("a", "12") + Self.part("b", "") + "--b--").utf8)
    _ = try MultipartForm(whole, contentType: "multipart/form-data; boundary=b")
    for length in 0..<whole.count {
      #expect(throws: MultipartError.self, "\(length) bytes") {
        try MultipartForm(
          Array(whole.prefix(length)), contentType: "multipart/form-data; boundary=b")
      }
    }
  }
}
