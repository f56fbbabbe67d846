private import Geometry
private import Images
private import Screening
public import UseCases

extension PictureVerdict: Presentable {
  public var members: JSONMembers {
    [
      "id": id, "verdict": verdict.rawValue, "reason": reason, "code": code, "score": score,
      "score_kind": scoreKind, "threshold": threshold, "operating_point": operatingPoint,
      "subscores": subscores, "picture": picture?.members, "models": models,
    ]
  }

  /// 0 bona fide, 1 adversarial, 2 cannot decide.
  public var exitCode: Int32 {
    switch verdict {
    case .bonaFide: 0
    case .adversarial: 1
    case .undecided: 2
    }
  }
}

extension PictureEmbedding: Presentable {
  public var members: JSONMembers {
    [
      "id": id, "model": model, "sha256": sha256, "embedding": embedding,
      "picture": picture?.members, "reason": reason, "code": code,
    ]
  }

  /// 0 with an embedding, 2 without.
  public var exitCode: Int32 { embedding == nil ? 2 : 0 }
}

extension MadePicture: Presentable {
  public var members: JSONMembers {
    [
      "id": id, "width": image?.width, "height": image?.height, "picture": picture?.members,
      "reason": reason, "code": code,
    ]
  }

  /// 0 with a picture, 2 without.
  public var exitCode: Int32 { image == nil ? 2 : 0 }
}

extension PictureFaces: Presentable {
  public var members: JSONMembers {
    [
      "id": id, "width": width, "height": height, "faces": faces?.map(\.members),
      "timings_ms": timings, "reason": reason, "code": code,
    ]
  }

  /// 0 with a list of faces, also an empty one; 2 without.
  public var exitCode: Int32 { faces == nil ? 2 : 0 }
}

extension PictureFaces.Face {
  var members: JSONMembers {
    ["box": box, "landmarks": landmarks.map { [$0.x, $0.y] }, "score": score]
  }
}
