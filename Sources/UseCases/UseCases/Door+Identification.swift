private import ModelStore
public import Screening

extension Door {
  /// People told of in an answer.
  private static let candidateLimit = 5

  /// Identifies a probe among the people of a gallery, or as none of them.
  ///
  /// The nearest person is the answer if their distance² is below the threshold of a verification, and
  /// nobody else's is. The rate of strangers who are taken for somebody, the FPIR, is at most the number of
  /// people times the false match rate of that threshold.
  ///
  /// Reference: ISO/IEC 19795-1, open-set identification.
  ///
  /// - Throws: ``FaceTemplateError/otherModels(template:model:)``.
  public func identify(
    _ probe: FacePicture, in gallery: FaceGallery, id: String? = nil
  ) throws(FaceTemplateError) -> Verdict {
    for template in gallery.templates { try check(template) }
    let found = examine([probe])[0]
    let ranked = gallery.templates.map {
      ($0, warden.distances(found.evidence, to: $0.faces).decisive)
    }.sorted { $0.1 < $1.1 }
    let threshold = warden.verificationPoint.threshold
    let matches = ranked.prefix { $0.1 < threshold }
    var verdict = verdict(on: probe, found, ranked[0].0, threshold: nil, id: id)
    guard verdict.code == nil else { return verdict }
    if matches.count > 1 {
      verdict = .undecided(
        "the probe matches \(matches.count) people of the gallery", code: "ambiguous", id: id)
    } else if matches.isEmpty, verdict.verdict == .bonaFide {
      verdict.reason = "nobody of the gallery"
    }
    // Of somebody who is not that person, the template says nothing.
    if verdict.decision == .deny { verdict.template = nil }
    verdict.identification = Verdict.Identification(
      name: verdict.decision == .accept ? ranked[0].0.name : nil,
      gallery: gallery.templates.count,
      fpirBound: warden.verificationPoint.fmr.map {
        min(1, $0 * Double(gallery.templates.count))
      },
      candidates: ranked.prefix(Self.candidateLimit).map {
        Verdict.Identification.Candidate(name: $0.0.name, distance: $0.1)
      })
    return verdict
  }
}
