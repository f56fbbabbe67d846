private import Files
private import Foundation
internal import HTTPServer

/// The page for people: pictures in, the decision and what it rests on out.
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
    response.fields["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response
  }()

  private static let script = choosingScript + camera + judging + evidence

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
    <div class="drop" id="probe-drop">
    <label for="probe"><strong>Probe</strong>: the picture to be judged</label>
    <input id="probe" type="file" accept="image/png,image/jpeg,image/webp">
    <button type="button" id="camera" class="small" hidden>Use the camera</button>
    <p id="no-camera" class="note" hidden>The camera needs this page from this very machine
    (localhost) or over TLS.</p>
    <div id="camera-view" hidden><video id="video" autoplay muted playsinline
    aria-label="what the camera sees"></video>
    <button type="button" id="take" class="small">Take the picture</button>
    <button type="button" id="leave" class="small">Close the camera</button></div>
    <div class="stages" id="probe-stages"></div></div>
    <div class="drop" id="reference-drop">
    <label for="reference"><strong>Reference</strong>: the person it claims to be, one or several
    pictures or a template</label>
    <input id="reference" type="file" multiple
    accept="image/png,image/jpeg,image/webp,application/json,.json,.template">
    <div class="stages" id="reference-stages"></div></div>
    </div>
    <details id="access"><summary>Key and template</summary>
    <label for="key">Key of this service, if it asks for one</label>
    <input id="key" type="password" autocomplete="off">
    <label for="name">Name of the person, for a template of the reference pictures</label>
    <input id="name" type="text" autocomplete="off" maxlength="100" value="reference">
    <button type="button" id="enrol" class="small" disabled>Save a template</button></details>
    <p id="trouble" role="alert"></p>
    <button id="judge" disabled>Judge</button>
    </form>
    <section id="result" aria-live="polite" aria-busy="false" tabindex="-1" hidden>
    <h2 id="decision"></h2>
    <p id="reason"></p>
    <div id="measured" hidden>
    <h3>Quality</h3>
    <table><thead><tr><th scope="col">of 100; below 50 a picture decides nothing</th>
    <th scope="col">probe</th><th scope="col">reference</th></tr></thead>
    <tbody id="quality"></tbody></table>
    </div>
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
    <p class="note">Red where the texture of face and reconstruction differs by more than it does in
    untouched pictures, whose faces stay nearly clear.</p>
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

  private static func views(_ id: String) -> String {
    """
    <figure id="\(id)-views"><img id="\(id)-reconstruction" alt="reconstruction of the \(id)">
    <img id="\(id)-disagreement" alt="the \(id) in grey, red where its texture differs">
    <figcaption>\(id): reconstruction; red where its texture differs</figcaption></figure>
    """
  }
}
