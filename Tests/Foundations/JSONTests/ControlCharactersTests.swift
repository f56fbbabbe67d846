import JSON
import Testing

@Suite struct ControlCharactersTests {
  @Test("control characters are escaped, what people write is not") func escapes() {
    #expect(
      "a\u{1B}[31m\u{7}\r\u{9B}\u{7F}".escapingControls == #"a\u001b[31m\u0007\u000d\u009b\u007f"#)
    #expect("a\u{202E}b\u{2066}".escapingControls == #"a\u202eb\u2066"#)
    #expect("Zoë 日本 👩‍👩‍👧\nb".escapingControls == "Zoë 日本 👩‍👩‍👧\nb")
  }

  @Test("one line stays one line, whatever ends lines somewhere") func lines() {
    for end in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}"] {
      let line = "gone.png\(end)ACCEPT: \u{0}".asOneLine
      #expect(line == #"gone.png ACCEPT: \u0000"#)
    }
  }
}
