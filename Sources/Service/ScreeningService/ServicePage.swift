private import Files
private import Foundation
internal import HTTPServer

/// The page for people: two pictures in, the decision and what it rests on out.
///
/// One file that asks for nothing from outside; its policy lets it run its own script alone.
enum ServicePage {
  /// The page with its policy.
  static let response: HTTPResponse = {
    var response = HTTPResponse.of("text/html; charset=utf-8", Array(html.utf8))
    response.fields["Content-Security-Policy"] =
      "default-src 'none'; script-src '\(source(script))'; style-src '\(source(style))'; "
      + "img-src blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
      + "frame-ancestors 'none'"
    return response
  }()

  /// The checksum by which a policy admits a text.
  private static func source(_ text: String) -> String {
    let digits = Array(SHA256.hex(of: Array(text.utf8)))
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }

  private static var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>facewarden</title>
    <style>\(style)</style>
    </head>
    <body>
    <main>
    <h1>facewarden</h1>
    <p>Do two pictures show the same person, and was either tampered with to fool the network?
    Photographs with one face, or one clearly largest; PNG, JPEG or WebP. Nothing is stored.</p>
    <form id="form">
    <div class="pair">
    \(field("probe", "Probe", "the picture to be judged"))
    \(field("reference", "Reference", "the picture it claims to match"))
    </div>
    <details id="access"><summary>Key</summary>
    <label for="key">Key of this service, if it asks for one</label>
    <input id="key" type="password" autocomplete="off"></details>
    <button id="judge" disabled>Judge</button>
    </form>
    <section id="result" aria-live="polite" aria-busy="false" tabindex="-1" hidden>
    <h2 id="decision"></h2>
    <p id="reason"></p>
    <div id="evidence" hidden>
    <h3>Distance</h3>
    <p id="distance-words"></p>
    <svg id="scale" viewBox="0 0 440 56" role="img" aria-labelledby="distance-words">
    <rect class="all" x="20" y="18" width="400" height="10"></rect>
    <rect id="match-range" x="20" y="18" width="0" height="10"></rect>
    <path id="threshold-mark" d=""></path><circle id="distance-mark" cx="20" cy="23" r="7"></circle>
    <text x="20" y="50">0: alike</text><text x="420" y="50" text-anchor="end">4: opposite</text>
    <text id="threshold-text" y="12" text-anchor="middle"></text>
    </svg>
    <h3>Tampering</h3>
    <p id="score-words"></p>
    <h3>What the network believes to see, and where it disagrees</h3>
    <div class="views">
    \(views("probe"))
    \(views("reference"))
    </div>
    <h3>Parts of the score</h3>
    <table><thead><tr><th scope="col">part</th><th scope="col">probe</th>
    <th scope="col">reference</th></tr></thead><tbody id="parts"></tbody></table>
    <p class="note">Decision values; above 0 is suspicious. identity_gap is the squared distance of a
    picture to its reconstruction.</p>
    </div>
    </section>
    </main>
    <script>\(script)</script>
    </body>
    </html>

    """
  }

  private static func field(_ id: String, _ title: String, _ words: String) -> String {
    """
    <div class="drop" id="\(id)-drop"><label for="\(id)"><strong>\(title)</strong>: \(words)</label>
    <input id="\(id)" type="file" accept="image/png,image/jpeg,image/webp" required>
    <img id="\(id)-preview" alt="" hidden></div>
    """
  }

  private static func views(_ id: String) -> String {
    """
    <figure><img id="\(id)-reconstruction" alt="reconstruction of the \(id)">
    <img id="\(id)-disagreement" alt="the \(id) in grey, red where its texture differs">
    <figcaption>\(id): reconstruction; red where its texture differs</figcaption></figure>
    """
  }
}
