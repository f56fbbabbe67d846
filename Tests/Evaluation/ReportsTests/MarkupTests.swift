import Reports
import Testing

@Suite struct MarkupTests {
  @Test("characters with a meaning become entities, control characters a sign") func escapes() {
    #expect(
      Markup.escaped("a < b && c > \"d\" 'e'")
        == "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;")
    #expect(Markup.escaped("x\u{0}\u{8}\u{FFFF}é θ²\n") == "x\u{FFFD}\u{FFFD}\u{FFFD}é θ²\n")
  }
}
