import JSON
import Foundation
import Testing

@Suite struct JSONDocumentTests {
  private func value(_ text: String) throws -> JSONValue {
    try JSONDocument(Array(text.utf8)).value
  }

  @Test("documents are read as Foundation reads them")
  func agreement() throws {
    for text in [
      "{}", "[]", " [ ] ", "null", "true", "false", "0", "-0.5e-3", "1E+2", "123456789012345678",
      #""a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00""#, #"{"a":[1,{"b":null}],"c":"d"}"#,
      "\t\r\n{ \"a\" : 1 , \"b\" : [ 2 , 3 ] }\n",
    ] {
      let expected = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      #expect(try value(text) == expected, "\(text)")
    }
  }

  @Test(
    "what is no document is refused",
    arguments: [
      "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "01", "1.", ".5", "+1", "1e",
      "--1", "NaN", "1e999", "tru", "nulll", "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\ud800""#,
      #""\ud800\u0041""#, #""\udc00""#, "1 2", "{} {}", "[1 2]", "\u{FEFF}\u{FEFF}1", "'a'",
    ])
  func grammar(_ text: String) {
    #expect(throws: JSONDocumentError.self) { try value(text) }
  }

  @Test("bytes that are not UTF-8 are refused") func encoding() {
    #expect(throws: JSONDocumentError.self) { try JSONDocument([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONDocumentError.self) { try JSONDocument([0x22, 0xC0, 0x80, 0x22]) }
    #expect(throws: JSONDocumentError.self) { try JSONDocument([0xFF, 0xFE, 0x31, 0]) }
  }

  @Test("a member given twice is refused in any spelling, however deep it lies")
  func repeatedMembers() throws {
    for text in [
      #"{"ab":1,"ab":2}"#, #"{"ab":1,"\u0061b":2}"#, #"{"ab":1,"a\u0062":1}"#,
      #"{"x":[{"ab":null,"ab":null}]}"#, #"{"é":1,"e\u0301":1}"#,
    ] {
      #expect(throws: JSONDocumentError.self, "\(text)") { try value(text) }
    }
    #expect(throws: JSONDocumentError.repeated(member: "ab")) { try value(#"{"ab":1,"ab":2}"#) }
    #expect(try value(#"{"a":{"b":1},"b":{"b":1}}"#) == ["a": ["b": 1], "b": ["b": 1]])
  }

  @Test(
    "nested lists and objects are refused at once beyond a depth, in time that grows with length")
  func depth() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      func nested(_ count: Int) -> String {
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
      }
      _ = try value(nested(JSONDocument.depthLimit))
      for count in [JSONDocument.depthLimit + 1, 1_000_000] {
        let start = ContinuousClock.now
        #expect(throws: JSONDocumentError.tooDeep(limit: 64)) { try value(nested(count)) }
        #expect(ContinuousClock.now - start < .seconds(5))
      }
    }
  }

  @Test("a byte order mark is skipped, also where members are decoded") func byteOrderMark() throws
  {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(#"{"a":1}"#.utf8)
    #expect(try JSONDocument(bytes).value == ["a": 1])
    #expect(try JSONDocument.decoded([String: Int].self, from: bytes) == ["a": 1])
  }

  @Test("numbers of the outermost object keep their digits") func literals() throws {
    let text = #"{"a":9007199254740993,"b":1.50,"c":{"a":7},"d":"9"}"#
    #expect(
      try JSONDocument(Array(text.utf8)).literals == ["a": "9007199254740993", "b": "1.50"])
  }

  @Test("a number that is no longer exact is no integer") func inexactIntegers() {
    #expect(JSONValue.number(9_007_199_254_740_991).integer == 9_007_199_254_740_991)
    #expect(JSONValue.number(9_007_199_254_740_992).integer == nil)
    #expect(JSONValue.number(-9_007_199_254_740_992).integer == nil)
  }
}
