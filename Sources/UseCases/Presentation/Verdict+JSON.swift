public import Screening

extension Verdict: Presentable {
  public var members: JSONMembers {
    [
      "id": id, "decision": decision.rawValue, "reason": reason, "code": code,
      "verdict": verdict.rawValue, "score": score, "score_kind": scoreKind, "threshold": threshold,
      "operating_point": operatingPoint, "subscores": subscores,
      "verification": verification?.members, "probe": probe?.members,
      "reference": reference?.members, "template": template?.members,
      "identification": identification?.members, "models": models, "timings_ms": timings,
    ]
  }

  /// 0 accept, 1 deny, 2 cannot decide.
  public var exitCode: Int32 {
    switch (decision, verdict) {
    case (.accept, .bonaFide): 0
    case (_, .undecided): 2
    default: 1
    }
  }
}

extension Verdict.Verification {
  var members: JSONMembers {
    [
      "match": match, "distance": distance, "distance_kind": distanceKind, "threshold": threshold,
      "operating_point": operatingPoint, "fmr": fmr, "source": source, "networks": networks,
    ]
  }
}

extension Verdict.Picture {
  var members: JSONMembers {
    [
      "sha256": sha256, "width": width, "height": height, "format": format, "aligned": aligned,
      "alignment_residual": alignmentResidual, "box": box, "landmarks": landmarks,
      "detector_score": detectorScore, "faces": faces, "quality": quality,
    ]
  }
}

extension Verdict.Template {
  var members: JSONMembers { ["name": name, "pictures": pictures] }
}

extension Verdict.Identification {
  var members: JSONMembers {
    [
      "name": name, "gallery": gallery, "fpir_bound": fpirBound,
      "candidates": candidates.map { ["name": $0.name, "distance": $0.distance] as JSONMembers },
    ]
  }
}
