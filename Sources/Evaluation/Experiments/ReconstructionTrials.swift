import Embedders
import Images
import Reconstruction
import SeededRandom
import Tensors

/// Pictures, their reconstructions, and reconstructions with a stranger's identity, compared.
struct ReconstructionTrials {
  /// What one embedder says.
  struct Judged {
    /// The embeddings of the pictures.
    var pictures: LabelledEmbeddings
    /// distance² of each picture and x̂, with its own identity and with a stranger's.
    var ownGaps: [Double] = []
    var swappedGaps: [Double] = []
  }

  let people: [String]
  private(set) var psnr: [Double] = []
  /// The same of each picture and the mean of all.
  private(set) var meanFacePSNR: [Double] = []
  private(set) var ssim: [Double] = []
  private(set) var attributeCosines: [Double] = []
  private(set) var strangersAttributeCosines: [Double] = []
  private(set) var detail = DetailMeasures()
  private(set) var judged: [Judged]

  /// Reconstructs faces; `readings` are judges whose embeddings are known already, by the pictures' names:
  /// `prefix/x/00001`, and `own` and `swapped` for `x`, as `write` takes them.
  ///
  /// - Throws: what reading and writing pictures throws, and ``ExperimentError/noReading(judge:picture:)``.
  /// - Precondition: there are at least two people.
  init(
    _ faces: LabelledFaces, model: FaceReconstructor, judges: [FaceEmbedder],
    readings: [EmbeddingReadings], prefix: String, seed: UInt64,
    write: ((_ name: String, _ face: RGBImage) throws -> Void)?,
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    people = faces.people
    judged = (0..<judges.count + readings.count).map { _ in
      Judged(pictures: LabelledEmbeddings(people: [], rows: []))
    }
    var random = SplitMix64(seed: seed).derived(from: "strangers")
    let strangers = people.indices.map { place in
      var other = place
      while people[other] == people[place] { other = random.uniform(in: 0..<people.count) }
      return other
    }
    var mean = MeanFace()
    for part in batches(faces.count) {
      let pictures = try faces.faces(at: Array(part))
      pictures.forEach { mean.add($0) }
      let own = model.codes(of: pictures)
      let other = model.codes(of: try faces.faces(at: Array(strangers[part])))
      let rebuilt = model.faces(of: own)
      let swapped = model.faces(of: other.with(attributesOf: own))
      let again = model.codes(of: rebuilt).attributes
      for (index, (x, y)) in zip(pictures, rebuilt).enumerated() {
        psnr.append(SignalToNoise.peak(x, y))
        ssim.append(StructuralSimilarity.mean(x, y))
        detail.add(x, y)
        attributeCosines.append(cosine(own.attributes, again, row: index))
        strangersAttributeCosines.append(cosine(own.attributes, other.attributes, row: index))
      }
      let kinds = [("x", pictures), ("own", rebuilt), ("swapped", swapped)]
      func name(_ kind: String, _ place: Int) -> String {
        let digits = String(place + 1)
        return "\(prefix)/\(kind)/" + String(repeating: "0", count: max(0, 5 - digits.count))
          + digits
      }
      if let write {
        for (kind, faces) in kinds {
          for (place, face) in zip(part, faces) { try write(name(kind, place), face) }
        }
      }
      func add(_ judge: Int, _ x: [[Float]], _ y: [[Float]], _ z: [[Float]]) {
        judged[judge].pictures.people += part.map { people[$0] }
        judged[judge].pictures.rows += x
        judged[judge].ownGaps += zip(x, y).map { Double(squaredDistance($0, $1)) }
        judged[judge].swappedGaps += zip(x, z).map { Double(squaredDistance($0, $1)) }
      }
      for (judge, embedder) in judges.enumerated() {
        let rows = kinds.map { _, faces in
          LabelledEmbeddings(faces.map { (person: "", face: $0) }, embedder: embedder).rows
        }
        add(judge, rows[0], rows[1], rows[2])
      }
      for (judge, known) in readings.enumerated() {
        let rows = try kinds.map { kind, _ in
          try part.map { try known.embedding(of: name(kind, $0)) }
        }
        add(judges.count + judge, rows[0], rows[1], rows[2])
      }
      progress(part.upperBound, faces.count)
    }
    for part in batches(faces.count) {
      meanFacePSNR += try faces.faces(at: Array(part)).map { SignalToNoise.peak($0, mean.picture) }
    }
  }
}

/// The cosine of two matrices' rows; 0 where one is all zeros.
private func cosine(_ a: Tensor, _ b: Tensor, row: Int) -> Double {
  let (x, y) = (a.entries(row..<row + 1), b.entries(row..<row + 1))
  let length = (x.dot(x) * y.dot(y)).squareRoot()
  return length > 0 ? x.dot(y) / length : 0
}
