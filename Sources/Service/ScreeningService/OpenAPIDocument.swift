private import JSON

/// The description of the service for programs, OpenAPI 3.1.
enum OpenAPIDocument {
  /// The document as JSON.
  static func bytes(
    version: String, needsKey: Bool, allowsThreshold: Bool = true
  ) -> [UInt8] {
    var document: [String: JSONValue] = [
      "openapi": "3.1.0",
      "info": [
        "title": "facewarden", "version": .string(version),
        "description": """
        Says whether two pictures show the same person, and whether either was tampered with. \
        Only "decision": "accept" opens a door; every other answer is a denial.
        """,
      ],
      "paths": .object(paths(needsKey)),
    ]
    var components: [String: JSONValue] = [
      "schemas": .object(OpenAPISchemas.all(allowsThreshold: allowsThreshold))
    ]
    if needsKey {
      components["securitySchemes"] = ["key": ["type": "http", "scheme": "bearer"]]
    }
    document["components"] = .object(components)
    return (try? JSONText.bytes(of: document)) ?? []
  }

  private static func paths(_ needsKey: Bool) -> [String: JSONValue] {
    var paths: [String: JSONValue] = [:]
    for route in ServiceRoute.allCases {
      var operation: [String: JSONValue] = [
        "summary": .string(summary(route)), "operationId": .string("\(route)"),
        "responses": .object(responses(route, needsKey)),
      ]
      if route.isWork { operation["requestBody"] = body(route) }
      if route == .reconstruct {
        operation["parameters"] = [
          [
            "name": "view", "in": "query", "required": false,
            "schema": [
              "type": "string", "enum": ["reconstruction", "disagreement"],
              "default": "reconstruction",
            ],
          ]
        ]
      }
      if route.needsKey && needsKey { operation["security"] = [["key": []]] }
      paths[route.rawValue] = [route.isWork ? "post" : "get": .object(operation)]
    }
    return paths
  }

  private static func summary(_ route: ServiceRoute) -> String {
    switch route {
    case .verify: "the verdict on a pair of pictures"
    case .screen: "whether a picture looks tampered with"
    case .embed: "the unit-length embedding of a picture's face"
    case .find: "all faces of a picture: boxes, points, scores; the surest first"
    case .align: "the face in the aligned frame, 128×128, as PNG"
    case .reconstruct: "the face as the network understands it, or where both disagree, as PNG"
    case .templates: "a template of a person's pictures, to verify against; nothing is kept"
    case .models: "the models, their operating points and checksums"
    case .live: "whether the process runs"
    case .ready: "whether the service takes requests; its self-test passed before it listened"
    case .metrics: "counts and times as Prometheus reads them"
    case .openAPI: "this document"
    case .page: "a page for people"
    }
  }

  private static func body(_ route: ServiceRoute) -> JSONValue {
    let name =
      switch route {
      case .verify: "Pair"
      case .templates: "Enrolment"
      case .find: "Search"
      default: "Picture"
      }
    var content: [String: JSONValue] = [:]
    for type in route.types {
      content[type] =
        switch type {
        case "application/json": ["schema": ["$ref": .string("#/components/schemas/\(name)")]]
        case "multipart/form-data":
          ["schema": ["$ref": .string("#/components/schemas/\(name)Form")]]
        default: [:]
        }
    }
    return ["required": true, "content": .object(content)]
  }

  private static func responses(_ route: ServiceRoute, _ needsKey: Bool) -> [String: JSONValue] {
    let type =
      switch route {
      case .reconstruct, .align: "image/png"
      case .metrics: "text/plain"
      case .page: "text/html"
      default: "application/json"
      }
    let schema: JSONValue? =
      switch route {
      case .verify: ["$ref": "#/components/schemas/Verdict"]
      case .screen: ["$ref": "#/components/schemas/PictureVerdict"]
      case .embed: ["$ref": "#/components/schemas/PictureEmbedding"]
      case .find: ["$ref": "#/components/schemas/PictureFaces"]
      case .templates: ["$ref": "#/components/schemas/Template"]
      default: nil
      }
    var found: [String: JSONValue] = [
      "200": [
        "description": .string(route == .verify ? "the verdict, whichever it is" : "the answer"),
        "content": [type: .object(schema.map { ["schema": $0] } ?? [:])],
      ]
    ]
    var problems: [(Int, String)] = [(400, "malformed"), (405, "another method")]
    if route.needsKey && needsKey { problems.append((401, "no valid key")) }
    if route.isWork {
      problems += [
        (413, "too many bytes or pixels"), (415, "not an accepted type"),
        (422, "a picture that cannot be judged"), (503, "too much to do; Retry-After says when"),
        (504, "not ready in time"), (500, "the service failed"),
      ]
    }
    if route == .find { problems.append((501, "started without the face detector")) }
    if route == .ready { problems.append((503, "being stopped")) }
    for (status, words) in problems {
      found["\(status)"] = [
        "description": .string(words),
        "content": [
          "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
        ],
      ]
    }
    return found
  }
}
