import Testing

@testable import HTTPServer

/// The shapes that forms come in from other programs.
@Suite struct FormShapeTests {
  private func form(_ text: String) throws -> [String: [UInt8]] {
    try MultipartForm(Array(text.utf8), contentType: "multipart/form-data; boundary=b").parts
      .mapValues(\.content)
  }

  private let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"

  @Test("what stands before the first and after the last boundary is skipped") func surroundings()
    throws
  {
    for text in [
      "\r\n\(part)--b--", "a message\r\nof parts\r\n\(part)--b--", "\(part)--b--\r\n",
      "\(part)--b--\r\nthe end", "\(part)--b-- \t\r\nthe end",
    ] {
      #expect(try form(text) == ["a": Array("1".utf8)], "\(text)")
    }
    #expect(throws: MultipartError.unterminated) { try form("x\(part)--b--") }
  }

  @Test("blanks may follow a boundary") func padding() throws {
    let padded = part.replacing("--b\r\n", with: "--b \t \r\n")
    #expect(try form(padded + padded.replacing("\"a\"", with: "c") + "--b--").count == 2)
  }

  @Test("quotes hold semicolons, quotes and backslashes together") func quotes() throws {
    for (name, expected) in [
      (#""a;b""#, "a;b"), (#""a\"b""#, "a\"b"), (#""a\\b""#, #"a\b"#), (#""C:\x""#, #"C:\x"#),
      (#"" a ""#, " a "), ("a", "a"), (#""a=b""#, "a=b"),
    ] {
      for rest in ["", "; filename=\"x; name=y.png\"", "; filename=\"\\\"; name=z\""] {
        let head = "Content-Disposition: form-data; name=\(name)\(rest)"
        let found = try form("--b\r\n\(head)\r\n\r\n1\r\n--b--")
        #expect(found.keys.map { $0 } == [expected], "\(head)")
      }
    }
  }

  @Test("two names of one part are refused") func twoNames() {
    #expect(throws: MultipartError.self) {
      try form("--b\r\nContent-Disposition: form-data; name=a; name=c\r\n\r\n1\r\n--b--")
    }
  }

  @Test("a boundary may have quotes around blanks and colons") func boundaries() {
    #expect(MultipartForm.boundary(#"multipart/form-data; boundary="a b:c""#) == "a b:c")
    #expect(MultipartForm.boundary(#"multipart/form-data; x="; boundary=y"; boundary=z"#) == "z")
    #expect(MultipartForm.boundary(#"multipart/form-data; boundary="a ""#) == nil)
  }
}
