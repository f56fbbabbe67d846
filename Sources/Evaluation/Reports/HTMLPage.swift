/// A self-contained page of words, tables and charts.
///
/// It asks for nothing from outside, runs no script, and is well-formed XML as well.
public struct HTMLPage: Equatable, Sendable {
  /// One part of a page, from top to bottom.
  public enum Part: Equatable, Sendable {
    /// The title of what follows.
    case heading(String)
    /// Words.
    case paragraph(String)
    /// Words with their spaces and line ends, such as a command.
    case preformatted(String)
    /// A table.
    case table(ReportTable)
    /// A chart's SVG as it is, with words below it.
    case figure(svg: String, caption: String)
  }

  /// The title.
  public var title: String
  /// The parts.
  public var parts: [Part]

  /// Creates a page.
  public init(_ title: String, _ parts: [Part]) { (self.title, self.parts) = (title, parts) }

  /// The page as a document in UTF-8.
  public var html: String {
    let title = Markup.escaped(title)
    return """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(title)</title>
      <style>
      body { font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
      table { border-collapse: collapse; } td, th { border: 1px solid #bbbbbb; padding: 0.3em 0.7em; }
      th { text-align: left; background: #f2f2f2; } td { font-variant-numeric: tabular-nums; }
      figure { margin: 1.5em 0; } svg { max-width: 100%; height: auto; }
      pre { background: #f2f2f2; padding: 0.7em; white-space: pre-wrap; }
      </style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(parts.map(Self.html).joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private static func html(_ part: Part) -> String {
    switch part {
    case .heading(let text): "<h2>\(Markup.escaped(text))</h2>"
    case .paragraph(let text): "<p>\(Markup.escaped(text))</p>"
    case .preformatted(let text): "<pre>\(Markup.escaped(text))</pre>"
    case .table(let table): table.html
    case .figure(let svg, let caption):
      "<figure>\n\(svg)\n<figcaption>\(Markup.escaped(caption))</figcaption>\n</figure>"
    }
  }
}
