internal import Images
internal import NeuralNetworks
internal import PictureTensors
internal import SeededRandom
internal import Tensors

/// An attack under way on a batch of pairs: what it may ask, what that cost, and the best so far.
///
/// Pictures are 8-bit when they are asked about, so that what counts is what a file can hold. A search
/// changes pictures; what becomes of them on the way to a file and to the face that networks see is its
/// pairs' place, its spread and its store; what it descends is its aim.
public struct AttackRun {
  /// The value of an objective at a picture and its gradient by grey levels.
  struct Evaluation {
    let value: Float
    let gradient: [Float]
  }

  /// One part of an objective at a picture, with its limit, and its gradient by numbers in −1…1.
  struct PartEvaluation {
    let value, limit, slack: Float
    let slope: [Float]
  }

  /// The pairs.
  let pairs: AttackBatch
  /// The thresholds.
  let thetas: [Float]
  /// The targets' pictures, (n, row, column, 3) in −1…1.
  let targets: Tensor
  /// How the attack is set up.
  let setup: AttackSetup
  /// What the attack descends.
  let guide: any AttackObjective
  /// The distances that decide.
  let criterion: EmbeddingDistance
  /// Whether what the attack descends at a picture is what decides about it.
  private let guideDecides: Bool
  let paths: [AttackPath]
  private(set) var findings: [Findings]
  /// The random numbers of each pair.
  var generators: [SplitMix64]
  private(set) var gradientCounts, queryCounts: [Int]

  init(_ pairs: AttackBatch, thetas: [Float], setup: AttackSetup = AttackSetup()) {
    (self.pairs, self.thetas, self.setup) = (pairs, thetas, setup)
    let targets = pairs.targetNumbers
    self.targets = targets
    let rows = Array(pairs.sources.indices)
    criterion = EmbeddingDistance(
      pairs.victim, targets: pairs.enrolled.map { Tensor($0) } ?? targets)
    paths = rows.map {
      AttackPath(
        source: pairs.sources[$0], place: pairs.places[$0], spread: setup.spread,
        store: setup.store)
    }
    let isPlain = setup.aim == .plain && pairs.surrogate == nil && pairs.enrolled == nil
    guide = isPlain ? criterion : setup.aim.objective(for: pairs)
    guideDecides = isPlain && !setup.countsByAim && paths.allSatisfy(\.isPlain)
    let untouched = rows.map { row -> RGBImage in
      if case .photograph(let photograph) = pairs.places[row] { return photograph.face }
      return pairs.sources[row]
    }
    let before = Self.forward(criterion, untouched, rows)
    findings = rows.map {
      Findings(source: pairs.sources[$0], before: before[$0], thetas: thetas)
    }
    if setup.countsByAim { for row in rows { findings[row].forget() } }
    generators = pairs.generators
    (gradientCounts, queryCounts) = (rows.map { _ in 0 }, rows.map { _ in 0 })
  }

  /// The pairs that are no match at a threshold yet.
  func open(at theta: Float) -> [Int] {
    pairs.sources.indices.filter { findings[$0].before >= theta }
  }

  /// The pairs that still lack a success at some threshold.
  var unfinished: [Int] {
    pairs.sources.indices.filter { row in
      thetas.indices.contains {
        findings[row].before >= thetas[$0] && findings[row].best[$0] == nil
      }
    }
  }

  /// The pairs that were no match at some threshold.
  var attackable: [Int] {
    pairs.sources.indices.filter { row in thetas.contains { findings[row].before >= $0 } }
  }

  /// An objective under the transforms of the aim, if it has any.
  func expected(_ objective: some AttackObjective) -> any AttackObjective {
    setup.aim.transforms.map { ExpectedObjective(objective, over: $0) } ?? objective
  }

  /// The target where a search may start at it: in a photograph, its face laid on the place of the face.
  func target(for row: Int) -> RGBImage {
    guard case .photograph(let photograph) = pairs.places[row] else { return pairs.targets[row] }
    return photograph.part(showing: pairs.targets[row])
  }

  // MARK: - What pictures become

  /// The file of a picture, what changes in it are measured on, and the face that is seen in it.
  private struct Shown {
    let file, measured: RGBImage
    let face: RGBImage?
  }

  private func shown(_ picture: RGBImage, _ row: Int) -> Shown {
    let path = paths[row]
    if path.isPlain { return Shown(file: picture, measured: picture, face: picture) }
    let file = path.file(of: picture)
    return Shown(file: file, measured: path.measured(file), face: path.face(in: file))
  }

  /// The untouched pictures that changes are measured from.
  func untouched(_ row: Int) -> RGBImage { paths[row].untouched }

  /// Pictures as leaves for gradients, and the faces that networks see of them.
  private func seen(
    _ pictures: [RGBImage], _ rows: [Int]
  ) -> (leaves: [Variable], faces: Variable) {
    if rows.allSatisfy({ paths[$0].isPlain }) {
      let x = Variable(tracked: Tensor(pictures))
      return ([x], x)
    }
    let leaves = pictures.map { Variable(tracked: Tensor([$0])) }
    let faces = zip(zip(pictures, rows), leaves).map { item, leaf in
      paths[item.1].face(of: leaf, file: paths[item.1].file(of: item.0))
    }
    return (leaves, faces.count == 1 ? faces[0] : Variable(joining: faces))
  }

  /// The gradients of a sum with respect to each picture, in the units of −1…1.
  private func pictureSlopes(of sum: Variable, _ leaves: [Variable], _ count: Int) -> [Tensor] {
    let all = gradients(of: sum, withRespectTo: leaves)
    return leaves.count == count ? all : (0..<count).map { all[0].entries($0..<$0 + 1) }
  }

  private func points(_ rows: [Int], _ kind: String, _ counts: [Int]) -> AttackPoints {
    AttackPoints(
      rows: rows, random: rows.map { pairs.generators[$0].derived(from: kind, counts[$0]) })
  }

  /// Pieces of a list, no longer than memory and caches bear for an objective.
  static func pieces(_ count: Int, load: Int) -> [Range<Int>] {
    let size = max(1, 16 / load)
    return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
  }

  static func forward(
    _ objective: EmbeddingDistance, _ pictures: [RGBImage], _ rows: [Int]
  ) -> [Float] {
    pieces(pictures.count, load: objective.load).flatMap { part in
      objective.distances(
        of: Variable(Tensor(Array(pictures[part]))), rows: Array(rows[part])
      ).value.numbers
    }
  }

  // MARK: - What may be asked

  /// The distance² of a picture in which no face is found.
  static let farthest: Float = 4

  /// The deciding distances of pictures, a query each; they count as found.
  ///
  /// An attack that counts by its aim gets what its aim says instead.
  ///
  /// - `unrounded`: the grey levels that were rounded to these pictures, if any.
  /// - `theta`: the threshold that the search is at, if it is at one.
  mutating func judge(
    _ pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil, theta: Float? = nil
  ) -> [Float] {
    if rows.isEmpty { return [] }
    if setup.countsByAim { return assess(pictures, rows, theta) }
    let distances = decide(pictures, rows)
    for (place, row) in rows.enumerated() {
      queryCounts[row] += 1
      let (path, picture) = (paths[row], pictures[place])
      findings[row].consider(picture, distances[place], unrounded?[place]) { path.change(picture) }
    }
    return distances
  }

  /// The deciding distances of pictures.
  private func decide(_ pictures: [RGBImage], _ rows: [Int]) -> [Float] {
    let faces = zip(pictures, rows).map { shown($0, $1).face }
    let seen = faces.indices.filter { faces[$0] != nil }
    let numbers = Self.forward(criterion, seen.compactMap { faces[$0] }, seen.map { rows[$0] })
    var distances = faces.map { _ in Self.farthest }
    for (place, number) in zip(seen, numbers) { distances[place] = number }
    return distances
  }

  /// What the aim says of pictures, a query each; they count as found.
  private mutating func assess(
    _ pictures: [RGBImage], _ rows: [Int], _ theta: Float?
  ) -> [Float] {
    Self.pieces(rows.count, load: guide.load).flatMap { piece -> [Float] in
      let (pictures, rows) = (Array(pictures[piece]), Array(rows[piece]))
      let parts = guide.parts(
        of: seen(pictures, rows).faces.detached, at: points(rows, "query", queryCounts))
      for row in rows { queryCounts[row] += 1 }
      consider(pictures, rows, parts)
      return Self.together(parts, theta).value.numbers
    }
  }

  private static func together(_ parts: [AttackPart], _ theta: Float?) -> Variable {
    JoinedObjective.together(parts, theta: theta)
  }

  /// Takes note of pictures by what the aim says of them.
  private mutating func consider(
    _ pictures: [RGBImage], _ rows: [Int], _ parts: [AttackPart]
  ) {
    let scores = Self.together(parts, nil).value
    for (place, row) in rows.enumerated() {
      let (path, picture) = (paths[row], pictures[place])
      let isMet = thetas.map { JoinedObjective.areMet(parts, place, at: $0) }
      findings[row].consider(picture, score: scores[place], isMet: isMet) { path.change(picture) }
    }
  }

  /// The deciding distances of pictures that are what there is to report at one θ, good or bad, and
  /// its only ones.
  ///
  /// - `place`: of the θ; every θ if not given.
  mutating func offer(_ pictures: [RGBImage], rows: [Int], place: Int? = nil) {
    if rows.isEmpty { return }
    let distances = decide(pictures, rows)
    for (index, row) in rows.enumerated() {
      findings[row].offer(
        pictures[index], distances[index], change: paths[row].change(pictures[index]), place: place)
    }
  }

  /// The attack's own distances of pictures, a query each; they count as found.
  mutating func distances(
    of pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil, theta: Float
  ) -> [Float] {
    let judged = judge(pictures, rows: rows, unrounded: unrounded, theta: theta)
    if guideDecides || setup.countsByAim || rows.isEmpty { return judged }
    return Self.pieces(rows.count, load: guide.load).flatMap { piece -> [Float] in
      let rows = Array(rows[piece])
      return guide.values(
        of: seen(Array(pictures[piece]), rows).faces.detached,
        at: points(rows, "query", queryCounts), theta: theta
      ).value.numbers
    }
  }

  /// The values of an objective and their gradients, a gradient each; the pictures count as found.
  ///
  /// - `objective`: what the attack descends if not given.
  /// - `theta`: the threshold that the search is at; nil for one that goes as deep as it can.
  /// - `isNoted`: whether the pictures may be what is found, which may take a query each.
  mutating func evaluate(
    _ pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil,
    objective: (any AttackObjective)? = nil, theta: Float? = nil, isNoted: Bool = true
  ) -> [Evaluation] {
    if rows.isEmpty { return [] }
    let descended = objective ?? guide
    let found = Self.pieces(rows.count, load: descended.load).flatMap { piece -> [Evaluation] in
      let (pictures, rows) = (Array(pictures[piece]), Array(rows[piece]))
      let (leaves, faces) = seen(pictures, rows)
      let parts = descended.parts(of: faces, at: points(rows, "step", gradientCounts))
      let values = Self.together(parts, theta)
      let slopes = pictureSlopes(of: values.sum(), leaves, rows.count)
      for (place, row) in rows.enumerated() {
        gradientCounts[row] += 1
        if guideDecides && objective == nil && isNoted {
          let (path, picture) = (paths[row], pictures[place])
          findings[row].consider(
            picture, values.value[place], unrounded?[piece.lowerBound + place]
          ) { path.change(picture) }
        }
      }
      if setup.countsByAim && objective == nil && isNoted { consider(pictures, rows, parts) }
      return rows.indices.map { place in
        // Pixels are value / 127.5 − 1.
        Evaluation(
          value: values.value[place], gradient: (slopes[place] * (1 / 127.5)).numbers)
      }
    }
    if isNoted && (objective != nil || !(guideDecides || setup.countsByAim)) {
      _ = judge(pictures, rows: rows, unrounded: unrounded, theta: theta)
    }
    return found
  }

  /// The parts of what the attack descends and their gradients, a gradient a picture; the pictures count
  /// as found.
  mutating func evaluateParts(
    _ pictures: [RGBImage], rows: [Int], theta: Float
  ) -> [[PartEvaluation]] {
    let found = Self.pieces(rows.count, load: guide.load).flatMap { piece -> [[PartEvaluation]] in
      let (pictures, rows) = (Array(pictures[piece]), Array(rows[piece]))
      let (leaves, faces) = seen(pictures, rows)
      let parts = guide.parts(of: faces, at: points(rows, "step", gradientCounts))
      let slopes = parts.map { pictureSlopes(of: $0.values.sum(), leaves, rows.count) }
      for row in rows { gradientCounts[row] += 1 }
      if setup.countsByAim { consider(pictures, rows, parts) }
      return rows.indices.map { place in
        parts.indices.map { part in
          PartEvaluation(
            value: parts[part].values.value[place], limit: parts[part].limit.value(at: theta),
            slack: parts[part].slack, slope: slopes[part][place].numbers)
        }
      }
    }
    if !setup.countsByAim { _ = judge(pictures, rows: rows) }
    return found
  }

  // MARK: - Searches within a search

  /// A fresh run on the same pairs.
  ///
  /// - `restart`: of other random numbers, from 1; 0 for the same.
  func inner(thetas: [Float], setup: AttackSetup, restart: Int = 0) -> AttackRun {
    AttackRun(restart == 0 ? pairs : pairs.again(restart), thetas: thetas, setup: setup)
  }

  /// Counts what another run asked.
  mutating func charge(_ other: AttackRun) {
    for row in pairs.sources.indices {
      gradientCounts[row] += other.gradientCounts[row]
      queryCounts[row] += other.queryCounts[row]
    }
  }

  /// Takes over what another run of the same thresholds found, and what it asked.
  mutating func merge(_ other: AttackRun) {
    for row in pairs.sources.indices { findings[row].merge(other.findings[row]) }
    charge(other)
  }
}
