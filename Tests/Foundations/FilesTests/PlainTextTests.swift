import Files
import Testing

@Suite struct PlainTextTests {
  @Test("lines end as any system ends them, and a byte order mark is no text") func lines() {
    #expect(PlainText.lines(of: "\u{FEFF}a\r\nb\nc\rd") == ["a", "b", "c", "d"])
    #expect(PlainText.lines(of: "a\n\r\n\nb\n") == ["a", "", "", "b", ""])
    #expect(PlainText.text(of: [0xEF, 0xBB, 0xBF, 0x61]) == "a")
    #expect(PlainText.text(of: [0xFF]) == nil)
  }
}
