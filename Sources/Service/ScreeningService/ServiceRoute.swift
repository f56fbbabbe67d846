internal import HTTPServer

/// What the service offers: one case for each path.
enum ServiceRoute: String, CaseIterable, Sendable {
  case verify = "/v1/verify"
  case screen = "/v1/screen"
  case embed = "/v1/embed"
  case find = "/v1/find"
  case align = "/v1/align"
  case reconstruct = "/v1/reconstruct"
  case templates = "/v1/templates"
  case models = "/v1/models"
  case live = "/livez"
  case ready = "/readyz"
  case metrics = "/metrics"
  case openAPI = "/openapi.json"
  case page = "/"

  /// The methods that the path knows; HEAD goes with GET.
  var methods: [String] { isWork ? ["POST"] : ["GET", "HEAD"] }

  /// Whether it runs the networks, and so waits in the queue.
  var isWork: Bool { types != [] }

  /// Whether a key is asked for; probes, metrics, the page and its description are open.
  var needsKey: Bool { isWork || self == .models }

  /// The types of body that it takes.
  var types: [String] {
    switch self {
    case .verify, .templates: ["application/json", "multipart/form-data"]
    case .screen, .embed, .find, .align, .reconstruct:
      ["application/json", "multipart/form-data", "image/png", "image/jpeg", "image/webp"]
    default: []
    }
  }

  /// The names that its query may have.
  var parameters: [String] { self == .reconstruct ? ["view"] : [] }

  /// The kind of a body, without its parameters, in lower case.
  static func type(of head: HTTPRequestHead) -> String {
    let field = head.fields["content-type"] ?? ""
    return String(field.prefix { $0 != ";" && $0 != " " }).lowercased()
  }
}
