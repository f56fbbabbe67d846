import Reports
import Testing

@Suite struct ReportTableTests {
  @Test("columns are as wide as their longest cell, and lines end without spaces") func text() {
    let table = ReportTable(
      head: ["model", "top-1", ""], rows: [["ïp_gan", "1 %", ""], ["a", "10.00 %", "x"]])
    #expect(table.text == "model   top-1\nïp_gan  1 %\na       10.00 %  x")
  }
}
