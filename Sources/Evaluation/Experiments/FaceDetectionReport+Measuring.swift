public import Embedders
internal import FaceDatasets
public import FaceFinderTraining
public import FaceFinding
internal import Faces
private import Geometry
public import Images

extension FaceDetectionReport {
  /// A picture that is worth a look: a face missed, or a find elsewhere, drawn.
  public struct Oddity: Sendable {
    /// The picture's name.
    public let name: String
    /// What is odd.
    public let words: String
    /// The picture with all finds drawn.
    public let drawn: RGBImage
  }

  /// Measures `detector` on labelled pictures and adds a row; returns what was odd.
  ///
  /// - Throws: what reading the pictures throws.
  public mutating func measure(
    _ group: String, _ examples: [FaceExamples.Example], _ detector: FaceDetector,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [Oddity] {
    var (errors, anchorErrors, oddities): ([Double], [Double], [Oddity]) = ([], [], [])
    var (elsewhere, usable) = (0, 0)
    for (index, example) in examples.enumerated() {
      let picture = try example.picture()
      let faces = detector.faces(in: picture)
      let label = try FaceBox(around: example.landmarks)
      let hit = faces.filter { $0.box.overlap(with: label) >= 0.4 }.max { $0.score < $1.score }
      let others = faces.filter { $0.box.overlap(with: label) == 0 }
      elsewhere += others.count
      usable += others.count { $0.box.width >= FaceFinder.usualMinimum }
      if let hit {
        let distances = Self.distances(hit.landmarks, example.landmarks)
        errors.append(distances.reduce(0, +) / 5)
        anchorErrors.append((distances.reduce(0, +) - distances[2]) / 4)
      }
      if hit == nil || !others.isEmpty {
        oddities.append(
          Oddity(
            name: example.name,
            words: (hit == nil ? "not found" : "found")
              + "; elsewhere: \(others.map { fixed($0.score, 3) })",
            drawn: faces.reduce(picture) { $0.drawn(with: $1) }))
      }
      progress(index + 1, examples.count)
    }
    let (five, four) = (Self.summary(errors), Self.summary(anchorErrors))
    rows.append(
      Row(
        group: group, pictures: examples.count, names: examples.map(\.name),
        found: errors.count, elsewhere: elsewhere, elsewhereUsable: usable,
        errorMean: five.mean, errorMedian: five.median, error95: five.high,
        anchorErrorMean: four.mean, anchorErrorMedian: four.median, anchorError95: four.high))
    return oddities
  }

  /// Distances of five points over the labelled distance between the eyes.
  private static func distances(_ found: Landmarks, _ label: Landmarks) -> [Double] {
    func points(_ marks: Landmarks) -> [Point] {
      [marks.leftEye, marks.rightEye, marks.nose, marks.leftMouth, marks.rightMouth]
    }
    func distance(_ a: Point, _ b: Point) -> Double {
      ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    }
    let eyes = max(1e-6, distance(label.leftEye, label.rightEye))
    return zip(points(found), points(label)).map { distance($0, $1) / eyes }
  }

  private static func summary(_ values: [Double]) -> (mean: Double, median: Double, high: Double) {
    let sorted = values.sorted()
    guard let last = sorted.last else { return (0, 0, 0) }
    let high = min(sorted.count - 1, Int((0.95 * Double(sorted.count)).rounded(.up)) - 1)
    return (
      sorted.reduce(0, +) / Double(sorted.count), sorted[(sorted.count - 1) / 2],
      high >= 0 ? sorted[high] : last
    )
  }

  /// Measures f_C on LFW View 2 with given points and with the detector's.
  ///
  /// Of several faces the one nearest to the middle of the picture is taken, where LFW's people are.
  ///
  /// - Throws: what reading the pictures and measuring throws.
  public mutating func measureVerification(
    lfw directory: String, _ detector: FaceDetector, embedder: FaceEmbedder,
    progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    let faces = try LFWFaces(directory: directory)
    let pairs = try LFWVerification.pairs(view: 2, directory: directory)
    let names = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
    var (table, missed): ([(image: String, landmarks: Landmarks)], Int) = ([], 0)
    for (index, name) in names.enumerated() {
      let picture = try faces.image(named: name)
      let (x, y) = (Double(picture.width) / 2, Double(picture.height) / 2)
      func offset(_ box: FaceBox) -> Double { abs(box.centre.x - x) + abs(box.centre.y - y) }
      let found = detector.faces(in: picture).min { offset($0.box) < offset($1.box) }
      if found == nil { missed += 1 }
      table.append((name, found?.landmarks ?? Self.usual(in: picture)))
      progress("finding faces", index + 1, names.count)
    }
    func accuracy(_ faces: LFWFaces) throws -> Double {
      try LFWVerification.evaluate(pairs, name: "", faces: faces, embedder: embedder) {
        progress("embedding", $0, $1)
      }.accuracy
    }
    verification = Verification(
      given: try accuracy(faces),
      found: try accuracy(faces.with(landmarks: LandmarkTable(table, file: "the face detector"))),
      missed: missed, pictures: names.count)
  }

  /// Where the points of a face in the middle of a cut of LFW, about 97 pixels high, lie.
  private static func usual(in picture: RGBImage) -> Landmarks {
    let (x, y) = (Double(picture.width) / 2, Double(picture.height) / 2)
    func point(_ dx: Double, _ dy: Double) -> Point { Point(x: x + dx, y: y + dy) }
    return Landmarks(
      leftEye: point(-20, -11), rightEye: point(20, -11), nose: point(0, 10),
      leftMouth: point(-17, 31), rightMouth: point(17, 31))
  }
}
