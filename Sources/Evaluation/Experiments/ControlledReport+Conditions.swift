import Embedders
import Metrics
import SyntheticFaces

extension ControlledReport {
  /// Compares pictures of each condition with plain ones.
  static func rows(
    _ subjects: ControlledSubjects, _ progress: (String, Int, Int) -> Void
  ) throws -> [Row] {
    let people = 0..<subjects.people
    let model = subjects.networks.networks
    let gallery = subjects.embeddings(people.map { subjects.face($0, .plain) })
    let conditions = ControlledCondition.all
    let identities = model.codes(of: people.map { subjects.face($0, conditions[0].change) })
    return try conditions.enumerated().map { done, condition in
      let faces = people.map { subjects.face($0, condition.change) }
      let probes = subjects.embeddings(faces)
      let codes = model.codes(of: faces)
      let rebuilt = subjects.embeddings(model.faces(of: codes))
      // Everyone gets the attributes of the next person.
      let lent = codes.entries(people.map { ($0 + 1) % subjects.people })
      let generated = subjects.embeddings(model.faces(of: identities.with(attributesOf: lent)))
      var (genuine, impostor): ([Double], [Double]) = ([], [])
      for i in people {
        for j in people {
          let distance = Double(squaredDistance(probes.rows[i], gallery.rows[j]))
          if i == j { genuine.append(distance) } else { impostor.append(distance) }
        }
      }
      let scores = try LabelledScores(
        positives: genuine, negatives: impostor, direction: .smallerIsPositive)
      progress("conditions", done + 1, conditions.count)
      return Row(
        attribute: condition.attribute, value: condition.value, genuine: mean(genuine),
        impostor: mean(impostor), areaUnderCurve: scores.areaUnderCurve,
        top1: try IdentificationReport(gallery: gallery, probes: probes).top1,
        generatedTop1: try IdentificationReport(gallery: gallery, probes: generated).top1,
        reconstruction: mean(
          zip(probes.rows, rebuilt.rows).map { Double(squaredDistance($0, $1)) }))
    }
  }
}
