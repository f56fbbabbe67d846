import SyntheticFaces
import Tensors

/// Pictures with everything drawn anew, as f_I, f_A and pixels see them, and what is known of them.
///
/// People with even numbers are learnt from where attributes are read, so that what is read of the
/// others owes nothing to knowing them.
struct ControlledExamples {
  private let people: Int
  private let places: [(person: Int, number: Int)]
  private let looks: [Appearance]
  private let identity, attributes, pixels: [[Float]]
  private let pixelReader: KernelRidge

  private static let penalty = 0.3

  init(
    _ subjects: ControlledSubjects, pictures: Int, _ progress: (String, Int, Int) -> Void
  ) throws {
    people = subjects.people
    let places = (0..<subjects.people).flatMap { person in
      (0..<pictures).map { (person: person, number: $0) }
    }
    let looks = places.map { Appearance(number: $0.number, ofPerson: $0.person, of: subjects.seed) }
    var (identity, attributes, pixels): ([[Float]], [[Float]], [[Float]]) = ([], [], [])
    for part in batches(places.count) {
      let faces = part.map { subjects.face(places[$0].person, looks[$0]) }
      let codes = subjects.networks.networks.codes(of: faces)
      for row in 0..<part.count {
        identity.append(codes.identity.entries(row..<row + 1).numbers)
        attributes.append(codes.attributes.entries(row..<row + 1).numbers)
        pixels.append(subjects.pixels(faces[row]))
      }
      progress("pictures for probes", part.upperBound, places.count)
    }
    let learnt = places.indices.filter { places[$0].person.isMultiple(of: 2) }
    pixelReader = try KernelRidge(rows: learnt.map { pixels[$0] }, penalty: Self.penalty)
    (self.places, self.looks) = (places, looks)
    (self.identity, self.attributes, self.pixels) = (identity, attributes, pixels)
  }

  /// The places of pictures that are learnt from, and of the others.
  private func halves(
    _ isLearnt: ((person: Int, number: Int)) -> Bool
  ) -> (learnt: [Int], asked: [Int]) {
    (
      places.indices.filter { isLearnt(places[$0]) },
      places.indices.filter { !isLearnt(places[$0]) }
    )
  }

  private func values(_ places: [Int]) -> [[Double]] {
    ControlledAttribute.probed.map { attribute in places.map { attribute.value(looks[$0]) } }
  }

  /// What pixels of other pictures tell of each of the probed attributes.
  func readings(ofPixels rows: [[Float]]) throws -> [[Double]] {
    try pixelReader.predictions(
      of: rows, fittedTo: values(halves { $0.person.isMultiple(of: 2) }.learnt))
  }

  /// All linear probes.
  func probes() throws -> [ControlledReport.Probe] {
    var found = (ControlledAttribute.probed.map(\.name) + ["person"]).map {
      ControlledReport.Probe(name: $0, identity: 0, attributes: 0, pixels: 0)
    }
    let kinds: [(WritableKeyPath<ControlledReport.Probe, Double>, [[Float]])] = [
      (\.identity, identity), (\.attributes, attributes), (\.pixels, pixels),
    ]
    for (path, rows) in kinds {
      let figures = try determinations(rows) + [naming(rows)]
      for (index, figure) in figures.enumerated() { found[index][keyPath: path] = figure }
    }
    return found
  }

  /// R² of each attribute on people not learnt from: 1 is all, 0 no more than the mean tells.
  private func determinations(_ rows: [[Float]]) throws -> [Double] {
    let (learnt, asked) = halves { $0.person.isMultiple(of: 2) }
    let told = try KernelRidge(rows: learnt.map { rows[$0] }, penalty: Self.penalty)
      .predictions(of: asked.map { rows[$0] }, fittedTo: values(learnt))
    return zip(told, values(asked)).map { told, values in
      let middle = mean(values)
      let total = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
      let left = zip(told, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      // Nothing to tell where all values are equal, as glasses of very few pictures may be.
      return total > 0 ? 1 - left / total : 0
    }
  }

  /// How often the person is named rightly in pictures not learnt from.
  private func naming(_ rows: [[Float]]) throws -> Double {
    let (learnt, asked) = halves { $0.number.isMultiple(of: 2) }
    let scores = try KernelRidge(rows: learnt.map { rows[$0] }, penalty: Self.penalty).predictions(
      of: asked.map { rows[$0] },
      fittedTo: (0..<people).map { label in learnt.map { places[$0].person == label ? 1 : 0 } })
    return mean(
      asked.enumerated().map { index, place in
        let best = (0..<people).max { scores[$0][index] < scores[$1][index] }
        return best == places[place].person ? 1 : 0
      })
  }
}
