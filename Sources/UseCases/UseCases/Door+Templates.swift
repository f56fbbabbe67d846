private import Embedders
private import ModelStore
private import PictureQuality
private import Reconstruction
public import Screening

extension Door {
  /// Enrols a person by several of their pictures.
  ///
  /// Each picture is screened, and must match the others: its distance² to their mean is below the
  /// threshold of a verification.
  ///
  /// - Throws: ``Problem`` with the code `enrolment_tampered`, `enrolment_mismatch`, `malformed` or that of
  ///   a picture that gives no number.
  public func enrol(_ name: String, _ pictures: [FacePicture]) throws(Problem) -> FaceTemplate {
    guard FaceTemplate.pictureCounts.contains(pictures.count) else {
      throw .malformed(
        "\(pictures.count) pictures; expected \(FaceTemplate.pictureCounts.lowerBound) to "
          + "\(FaceTemplate.pictureCounts.upperBound)")
    }
    guard !name.isEmpty, name.utf8.count <= FaceTemplate.longestName else {
      throw .malformed("the name is empty or has more than \(FaceTemplate.longestName) bytes")
    }
    let found = examine(pictures)
    for (index, examination) in found.enumerated() {
      let probability = examination.score.probability
      guard probability.isFinite, examination.evidence.embedding.allSatisfy(\.isFinite) else {
        throw .noNumber
      }
      let poor = Verdict.undecided(
        [("picture \(index + 1) of \(pictures.count)", examination)], id: nil)
      if let poor, let code = poor.code {
        throw Problem(422, code, "A picture shows too little", poor.reason)
      }
      guard probability <= warden.detectionPoint.threshold else {
        throw Problem(
          422, "enrolment_tampered", "A picture looks tampered with",
          "picture \(index + 1) of \(pictures.count) looks tampered with to fool the network",
          exit: 1)
      }
    }
    for index in found.indices where found.count > 1 {
      var others = found.map(\.evidence)
      others.remove(at: index)
      let rest = EnrolledFaces(
        embeddings: others.map(\.embedding),
        witnessEmbeddings: others.compactMap(\.witnessEmbedding))
      let distance = warden.distances(found[index].evidence, to: rest).decisive
      guard distance < warden.verificationPoint.threshold else {
        throw Problem(
          422, "enrolment_mismatch", "The pictures do not show one person",
          "picture \(index + 1) of \(pictures.count) does not match the others: distance² "
            + "\(distance), expected below \(warden.verificationPoint.threshold)", exit: 1)
      }
    }
    return FaceTemplate(
      name: name, models: warden.models.filter(\.makesTemplates),
      views: zip(pictures, found).map { picture, examination in
        FaceTemplate.View(
          sha256: picture.file.sha256, embedding: examination.evidence.embedding,
          witness: examination.evidence.witnessEmbedding,
          tampering: examination.score.probability, quality: examination.quality)
      })
  }

  /// Verifies a probe against a template, and screens the probe; the template's pictures were screened when
  /// they were enrolled.
  ///
  /// - `threshold`: a distance² in 0…4 for this verification alone.
  /// - Throws: ``FaceTemplateError/otherModels(template:model:)``.
  public func verify(
    _ probe: FacePicture, _ template: FaceTemplate, threshold: Double? = nil, id: String? = nil
  ) throws(FaceTemplateError) -> Verdict {
    try check(template)
    let found = examine([probe])[0]
    return verdict(on: probe, found, template, threshold: threshold, id: id)
  }

  func verdict(
    on probe: FacePicture, _ found: Examination, _ template: FaceTemplate, threshold: Double?,
    id: String?
  ) -> Verdict {
    let warden = threshold.map(warden.with) ?? warden
    var verdict = warden.verdict(on: probe, found, against: template.faces, id: id)
    verdict.template = Verdict.Template(name: template.name, pictures: template.views.count)
    return verdict
  }

  /// Refuses a template that other models made.
  func check(_ template: FaceTemplate) throws(FaceTemplateError) {
    for model in warden.models.filter(\.makesTemplates) where !template.models.contains(model) {
      throw .otherModels(template: template.name, model: model.name)
    }
    let extractor = warden.screen.extractor
    let view = template.views[0]
    // The sums say so already, but a template from outside may say anything.
    guard view.embedding.count == extractor.reconstructor.embedder.shape.embedding,
      view.witness?.count == extractor.witness?.shape.embedding
    else { throw .malformed("its embeddings have another width than the models'") }
  }
}

extension Verdict.Model {
  /// Whether a template is of no use to another version of this model: those that measure quality
  /// and join distances² leave embeddings as they are.
  fileprivate var makesTemplates: Bool {
    ![QualityModel.modelName, EmbeddingFusion.modelName].contains(name)
  }
}
