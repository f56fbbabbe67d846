internal import JSON
internal import ModelStore
private import UseCases

/// The kinds of objects in requests and answers, as JSON Schema.
enum OpenAPISchemas {
  private static let text: JSONValue = ["type": "string"]
  private static let number: JSONValue = ["type": "number"]
  private static let base64: JSONValue = ["type": "string", "contentEncoding": "base64"]
  private static let file: JSONValue = ["type": "string", "format": "binary"]
  private static let points: JSONValue = [
    "type": "array", "minItems": 5, "maxItems": 5,
    "description": "eyes, nose, corners of the mouth; the picture's left first; pixels",
    "items": ["type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "number"]],
  ]
  private static let aligned: JSONValue = [
    "type": "boolean",
    "description": "whether the pictures are faces of 128×128 pixels in the aligned frame",
  ]
  private static let place: JSONValue = object(["x", "y"], ["x": number, "y": number])
  private static let box: JSONValue = object(
    ["x", "y", "width", "height"], ["x": number, "y": number, "width": number, "height": number])
  private static let squaredDistance: JSONValue = [
    "type": "number", "minimum": 0, "maximum": 4,
    "description": "squared distance of unit-length embeddings; smaller is more alike",
  ]
  private static let probability: JSONValue = ["type": "number", "minimum": 0, "maximum": 1]
  private static let authenticity: JSONValue = [
    "type": "string", "enum": ["bona_fide", "adversarial", "undecided"],
  ]

  private static func object(_ required: [String], _ members: [String: JSONValue]) -> JSONValue {
    [
      "type": "object", "required": .array(required.map { .string($0) }),
      "properties": .object(members), "additionalProperties": false,
    ]
  }

  /// An object that has one of two members, and not both.
  private static func either(_ first: String, _ second: String, _ object: JSONValue) -> JSONValue {
    guard case .object(var members) = object else { return object }
    members["oneOf"] = [["required": [.string(first)]], ["required": [.string(second)]]]
    return .object(members)
  }

  /// The members of a request for a template.
  private static func enrolment(suffix: String, _ picture: JSONValue) -> [String: JSONValue] {
    var members: [String: JSONValue] = ["name": text, "aligned": aligned]
    for number in FaceTemplate.pictureCounts {
      members["picture_\(number)\(suffix)"] = picture
      members["picture_\(number)_landmarks"] = points
    }
    return members
  }

  /// Every schema by name.
  ///
  /// - `allowsThreshold`: whether a request may have a `threshold`.
  static func all(allowsThreshold: Bool = true) -> [String: JSONValue] {
    var pair: [String: JSONValue] = [
      "id": text, "threshold": squaredDistance, "timings": ["type": "boolean"], "aligned": aligned,
      "probe_landmarks": points, "reference_landmarks": points,
      "template": ["$ref": "#/components/schemas/Template"],
    ]
    if !allowsThreshold { pair["threshold"] = nil }
    let scored: [String: JSONValue] = [
      "id": text, "reason": text, "code": text, "verdict": authenticity, "score": probability,
      "score_kind": ["const": "calibrated_probability"], "threshold": probability,
      "operating_point": ["$ref": "#/components/schemas/OperatingPoint"],
      "subscores": ["type": "object", "additionalProperties": number],
      "models": [
        "type": "array", "items": object(["name", "sha256"], ["name": text, "sha256": text]),
      ],
    ]
    let search: [String: JSONValue] = [
      "id": text, "minimum_face": number, "threshold": probability, "timings": ["type": "boolean"],
    ]
    let picture: JSONValue = ["$ref": "#/components/schemas/PictureFile"]
    return [
      "Pair": either(
        "reference_base64", "template",
        object(
          ["probe_base64"],
          pair.merging(["probe_base64": base64, "reference_base64": base64]) { $1 })),
      "PairForm": either(
        "reference", "template",
        object(
          ["probe"], pair.merging(["probe": file, "reference": file, "template": file]) { $1 })
      ),
      "Enrolment": object(
        ["name", "picture_1_base64"], enrolment(suffix: "_base64", base64)),
      "EnrolmentForm": object(["name", "picture_1"], enrolment(suffix: "", file)),
      "Template": [
        "type": "object",
        "required": ["facewarden_template"],
        "description":
          "what POST /v1/templates gives and facewarden enrol writes; sealed where the service has a key",
        "properties": ["facewarden_template": ["type": "integer"]],
      ],
      "Picture": object(
        ["picture_base64"],
        [
          "id": text, "picture_base64": base64, "picture_landmarks": points, "aligned": aligned,
        ]),
      "PictureForm": object(
        ["picture"],
        ["id": text, "picture": file, "picture_landmarks": points, "aligned": aligned]),
      "Search": object(["picture_base64"], search.merging(["picture_base64": base64]) { $1 }),
      "SearchForm": object(["picture"], search.merging(["picture": file]) { $1 }),
      "PictureFaces": object(
        ["width", "height", "faces"],
        [
          "id": text, "width": ["type": "integer"], "height": ["type": "integer"],
          "faces": [
            "type": "array",
            "items": object(
              ["box", "landmarks", "score"],
              ["box": box, "landmarks": points, "score": probability]),
          ],
          "timings_ms": ["type": "object", "additionalProperties": number],
        ]),
      "Verdict": object(
        ["decision", "reason", "verdict"],
        scored.merging([
          "decision": ["type": "string", "enum": ["accept", "deny"]],
          "verification": ["$ref": "#/components/schemas/Verification"], "probe": picture,
          "reference": picture,
          "template": object(
            ["name", "pictures"], ["name": text, "pictures": ["type": "integer"]]),
          "identification": object(
            ["gallery", "candidates"],
            [
              "name": text, "gallery": ["type": "integer"], "fpir_bound": probability,
              "candidates": [
                "type": "array",
                "items": object(
                  ["name", "distance"], ["name": text, "distance": squaredDistance]),
              ],
            ]),
          "timings_ms": ["type": "object", "additionalProperties": number],
        ]) { $1 }),
      "PictureVerdict": object(
        ["verdict", "reason", "threshold", "picture"],
        scored.merging(["picture": picture]) { $1 }),
      "PictureEmbedding": object(
        ["model", "sha256", "embedding", "picture"],
        [
          "id": text, "model": text, "sha256": text, "picture": picture,
          "embedding": ["type": "array", "items": number],
        ]),
      "Verification": object(
        ["match", "distance", "distance_kind", "threshold"],
        [
          "match": ["type": "boolean"], "distance": squaredDistance,
          "distance_kind": ["const": "squared_l2_unit"], "threshold": squaredDistance,
          "operating_point": text, "fmr": probability, "source": text,
          "networks": ["type": "object", "additionalProperties": squaredDistance],
        ]),
      "OperatingPoint": object(
        ["name", "threshold"],
        [
          "name": text, "threshold": number, "fmr": probability, "fnmr": probability,
          "apcer": probability, "bpcer": probability, "count": ["type": "integer"],
          "ci95": ["type": "array", "items": probability], "source": text,
        ]),
      "PictureFile": object(
        ["sha256", "width", "height", "format", "aligned"],
        [
          "sha256": text, "width": ["type": "integer"], "height": ["type": "integer"],
          "format": ["type": "string", "enum": ["png", "jpeg", "webp"]],
          "aligned": ["type": "boolean"], "alignment_residual": number,
          "box": box,
          "landmarks": object(
            ["leftEye", "rightEye", "nose", "leftMouth", "rightMouth"],
            [
              "leftEye": place, "rightEye": place, "nose": place, "leftMouth": place,
              "rightMouth": place,
            ]),
          "detector_score": probability, "faces": ["type": "integer"],
          "quality": object(
            ["score", "parts"],
            ["score": number, "parts": ["type": "object", "additionalProperties": number]]),
        ]),
      "Problem": object(
        ["type", "title", "status", "detail", "code", "request_id"],
        [
          "type": text, "title": text, "status": ["type": "integer"], "detail": text,
          "code": text, "request_id": text,
        ]),
    ]
  }
}
