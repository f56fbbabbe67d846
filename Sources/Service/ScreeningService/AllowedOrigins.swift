internal import HTTPServer

/// Why a list of origins cannot be used.
public struct AllowedOriginsError: Error, Equatable, CustomStringConvertible {
  /// What is no origin.
  public let text: String

  public var description: String {
    "'\(text)' is no origin; expected 'https://NAME' or 'http://NAME', with ':PORT' if it has one, "
      + "and no path"
  }
}

/// The origins whose pages may ask the service from a browser; none unless they are listed.
///
/// A browser asks the service first, and does not let a page of another origin read an answer. Other
/// clients do not care.
///
/// Reference: WHATWG Fetch, "CORS protocol".
public struct AllowedOrigins: Sendable {
  private let origins: Set<String>

  /// Allows nobody.
  public init() { origins = [] }

  /// Reads origins separated by commas; names are compared in lower case.
  ///
  /// - Throws: ``AllowedOriginsError``.
  public init(_ text: String) throws(AllowedOriginsError) {
    var origins: Set<String> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let origin = part.drop { $0 == " " }.lowercased()
      guard Self.isOrigin(origin) else { throw AllowedOriginsError(text: String(part)) }
      origins.insert(origin)
    }
    self.origins = origins
  }

  private static func isOrigin(_ text: String) -> Bool {
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return false }
    let rest = text.dropFirst(scheme.count)
    return !rest.isEmpty
      && rest.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (97...122).contains(byte) || "-.:[]".utf8.contains(byte)
      }
  }

  private func allowed(_ head: HTTPRequestHead) -> String? {
    head.fields["origin"].flatMap { origins.contains($0.lowercased()) ? $0 : nil }
  }

  /// The fields that let the page read the answer.
  func fields(for head: HTTPRequestHead) -> [String: String] {
    guard !origins.isEmpty else { return [:] }
    guard let origin = allowed(head) else { return ["Vary": "Origin"] }
    return [
      "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "X-Request-Id",
      "Vary": "Origin",
    ]
  }

  /// The answer to a browser that asks what a page may send; nil if it is not that question, or if the
  /// page may not.
  func permission(for head: HTTPRequestHead) -> HTTPResponse? {
    guard head.method == "OPTIONS", head.fields["access-control-request-method"] != nil,
      allowed(head) != nil, let route = ServiceRoute(rawValue: head.path)
    else { return nil }
    return HTTPResponse(
      status: 204,
      fields: [
        "Access-Control-Allow-Methods": route.methods.joined(separator: ", "),
        "Access-Control-Allow-Headers": "Authorization, Content-Type, X-API-Key, X-Request-Id",
        "Access-Control-Max-Age": "600",
      ])
  }
}
