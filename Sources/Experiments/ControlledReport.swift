private import BiometricMetrics
private import FaceVerification
private import IPGAN
public import Images
private import SyntheticFaces
private import Tensors

/// What drawn people allow that photographs do not: one attribute changed at a time, and known.
public struct ControlledReport: Codable, Sendable {
  /// Verification of pictures with one changed attribute against plain ones.
  public struct Row: Codable, Sendable {
    /// The attribute and its value.
    public var attribute: String, value: Double
    /// The mean distance² of f_C to the same person's plain picture, and to that of others.
    public var genuine, impostor: Double
    /// The area under the ROC curve.
    public var areaUnderCurve: Double
    /// The mean distance² of f_C between a picture and its reconstruction.
    public var reconstruction: Double
  }

  /// How much of one thing linear probes read from f_I and f_A.
  public struct Probe: Codable, Sendable {
    /// An attribute (R² on people the probe has not seen), or the person (top-1).
    public var name: String
    /// From f_I and from f_A.
    public var identity, attributes: Double
  }

  /// How many people, and pictures of each for the probes.
  public var people, pictures: Int
  /// The seed of the people.
  public var seed: UInt64
  /// By attribute, plain first.
  public var rows: [Row] = []
  /// The probes, attributes first and the person last.
  public var probes: [Probe] = []

  /// Draws people and measures.
  ///
  /// - Parameters:
  ///   - networks: the IP-GAN.
  ///   - embedder: f_C.
  ///   - people: how many; at least 4.
  ///   - pictures: of each, for the probes; at least 2.
  ///   - side: of the pictures that the networks take.
  ///   - progress: told what is being done.
  public init(
    networks: NamedNetworks, embedder: NamedEmbedder, people: Int, pictures: Int, seed: UInt64,
    side: Int = 128, progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    precondition(people >= 4 && pictures >= 2, "\(people) people, \(pictures) pictures")
    (self.people, self.pictures, self.seed) = (people, pictures, seed)
    func face(_ person: Int, _ appearance: Appearance) -> RGBImage {
      let image = FaceRenderer.alignedFace(of: Person(number: person, of: seed), appearance).image
      return side == image.width ? image : image.resized(width: side, height: side)
    }
    func embedded(_ faces: [RGBImage]) -> [[Float]] {
      LabelledEmbeddings(faces.map { (person: "", face: $0) }, embedder: embedder.embedder).rows
    }
    let references = embedded((0..<people).map { face($0, .plain) })
    let conditions = ControlledCondition.all
    for (done, condition) in conditions.enumerated() {
      let probes = (0..<people).map { person in
        var appearance = Appearance.plain
        (appearance.seed, appearance.noise) = (UInt64(person + 1), 2)
        condition.change(&appearance)
        return face(person, appearance)
      }
      let rows = embedded(probes)
      let model = networks.networks
      let rebuilt = embedded(model.faces(of: model.codes(of: probes)))
      var (genuine, impostor): ([Double], [Double]) = ([], [])
      for i in 0..<people {
        for j in 0..<people {
          let distance = Double(squaredDistance(rows[i], references[j]))
          if i == j { genuine.append(distance) } else { impostor.append(distance) }
        }
      }
      let scores = try LabelledScores(
        positives: genuine, negatives: impostor, direction: .smallerIsPositive)
      self.rows.append(
        Row(
          attribute: condition.attribute, value: condition.value, genuine: mean(genuine),
          impostor: mean(impostor), areaUnderCurve: scores.areaUnderCurve,
          reconstruction: mean(zip(rows, rebuilt).map { Double(squaredDistance($0, $1)) })))
      progress("conditions", done + 1, conditions.count)
    }
    probes = Self.probes(networks, people, pictures, seed, face, progress)
  }

  private static func probes(
    _ networks: NamedNetworks, _ people: Int, _ pictures: Int, _ seed: UInt64,
    _ face: (Int, Appearance) -> RGBImage, _ progress: (String, Int, Int) -> Void
  ) -> [Probe] {
    let places = (0..<people).flatMap { p in (0..<pictures).map { (person: p, number: $0) } }
    let looks = places.map { Appearance(number: $0.number, ofPerson: $0.person, of: seed) }
    var (identity, attributes): ([[Float]], [[Float]]) = ([], [])
    for part in batches(places.count) {
      let codes = networks.networks.codes(of: part.map { face(places[$0].person, looks[$0]) })
      for row in 0..<part.count {
        identity.append(codes.identity.entries(row..<row + 1).numbers)
        attributes.append(codes.attributes.entries(row..<row + 1).numbers)
      }
      progress("pictures for probes", part.upperBound, places.count)
    }
    // Attributes are read from people the probe has not seen, people from pictures it has not.
    let byPerson = Halves(places.map { $0.person % 2 == 0 })
    let byPicture = Halves(places.map { $0.number % 2 == 0 })
    let vectors = [identity, attributes]
    var found = ControlledCondition.probed.map { Probe(name: $0.name, identity: 0, attributes: 0) }
    var person = Probe(name: "person", identity: 0, attributes: 0)
    for (kind, rows) in vectors.enumerated() {
      let path: WritableKeyPath<Probe, Double> = kind == 0 ? \.identity : \.attributes
      let ridge = KernelRidge(rows: byPerson.first(rows), penalty: 0.3)
      for (index, probe) in ControlledCondition.probed.enumerated() {
        let values = looks.map(probe.value)
        let predicted = ridge.predictions(
          of: byPerson.second(rows), fittedTo: byPerson.first(values))
        found[index][keyPath: path] = Self.determination(predicted, byPerson.second(values))
      }
      let naming = KernelRidge(rows: byPicture.first(rows), penalty: 0.3)
      let (learnt, asked) = (byPicture.first(places), byPicture.second(places))
      let scores = (0..<people).map { label in
        naming.predictions(
          of: byPicture.second(rows), fittedTo: learnt.map { $0.person == label ? 1 : 0 })
      }
      let hits = asked.indices.map { place in
        let best = (0..<people).max { scores[$0][place] < scores[$1][place] }
        return best == asked[place].person ? 1.0 : 0
      }
      person[keyPath: path] = mean(hits)
    }
    return found + [person]
  }

  /// R²: 1 is all, 0 is no more than the mean tells; below 0 is worse than that.
  private static func determination(_ predicted: [Double], _ values: [Double]) -> Double {
    let middle = mean(values)
    let total = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    let left = zip(predicted, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return total > 0 ? 1 - left / total : 0
  }
}

/// Places that are learnt and places that are asked.
private struct Halves {
  private let isFirst: [Bool]

  init(_ isFirst: [Bool]) { self.isFirst = isFirst }

  func first<T>(_ values: [T]) -> [T] { values.indices.filter { isFirst[$0] }.map { values[$0] } }

  func second<T>(_ values: [T]) -> [T] { values.indices.filter { !isFirst[$0] }.map { values[$0] } }
}
