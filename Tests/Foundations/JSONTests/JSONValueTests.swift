import Foundation
import JSON
import Testing

@Suite struct JSONValueTests {
  static let value: JSONValue = [
    "null": nil, "yes": true, "one": 1, "tenth": 0.1, "text": "ü\n",
    "list": [[], [:], -2, false, "true"],
  ]

  @Test("reading what was written gives the same value") func roundTrip() throws {
    let bytes = try JSONEncoder().encode(Self.value)
    #expect(try JSONDecoder().decode(JSONValue.self, from: bytes) == Self.value)
  }

  @Test("numbers are not truth values and texts are not numbers") func kinds() throws {
    let read = try JSONDecoder().decode(
      JSONValue.self, from: Data(#"[0, 1, true, "1", 2.5, null]"#.utf8))
    #expect(read == [0, 1, true, "1", 2.5, nil])
    let list = try #require(read.array)
    #expect(list.map(\.integer) == [0, 1, nil, nil, nil, nil])
    #expect(list.map(\.number) == [0, 1, nil, nil, 2.5, nil])
    #expect(list.map(\.bool) == [nil, nil, true, nil, nil, nil])
    #expect(list.map(\.string) == [nil, nil, nil, "1", nil, nil])
  }
}
