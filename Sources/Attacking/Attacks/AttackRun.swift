internal import Images
internal import NeuralNetworks
internal import PictureTensors
internal import SeededRandom
internal import Tensors

/// An attack under way on a batch of pairs: what it may ask, what that cost, and the best so far.
///
/// Pictures are 8-bit when they are asked about, so that what counts is what a file can hold.
public struct AttackRun {
  /// The value of an objective at a picture and its gradient by grey levels.
  struct Evaluation {
    let value: Float
    let gradient: [Float]
  }

  /// The pairs.
  let pairs: AttackBatch
  /// The thresholds.
  let thetas: [Float]
  /// The targets' pictures, (n, row, column, 3) in −1…1.
  let targets: Tensor
  /// The distances that the attack descends: the surrogate's, if there is one.
  let guide: EmbeddingDistance
  /// The distances that decide.
  private let criterion: EmbeddingDistance
  private(set) var findings: [Findings]
  /// The random numbers of each pair.
  var generators: [SplitMix64]
  private var gradientCounts, queryCounts: [Int]

  init(_ pairs: AttackBatch, thetas: [Float]) {
    (self.pairs, self.thetas) = (pairs, thetas)
    let targets = Tensor(pairs.targets)
    let criterion = EmbeddingDistance(pairs.victim, targets: targets)
    guide = pairs.surrogate.map { EmbeddingDistance($0, targets: targets) } ?? criterion
    (self.targets, self.criterion) = (targets, criterion)
    let rows = Array(pairs.sources.indices)
    let before = Self.forward(criterion, pairs.sources, rows)
    findings = rows.map {
      Findings(source: pairs.sources[$0], before: before[$0], thetas: thetas)
    }
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

  /// Whether the attack sees the very network that decides.
  var isWhiteBox: Bool { pairs.surrogate == nil }

  private static func forward(
    _ objective: EmbeddingDistance, _ pictures: [RGBImage], _ rows: [Int]
  ) -> [Float] {
    // Not more at once than the caches and memory bear.
    stride(from: 0, to: pictures.count, by: 16).flatMap { first in
      let part = first..<min(pictures.count, first + 16)
      return objective.values(of: Variable(Tensor(Array(pictures[part]))), rows: Array(rows[part]))
        .value.numbers
    }
  }

  /// The deciding distances of pictures, a query each; they count as found.
  ///
  /// - `unrounded`: the grey levels that were rounded to these pictures, if any.
  mutating func judge(
    _ pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil
  ) -> [Float] {
    if rows.isEmpty { return [] }
    let distances = Self.forward(criterion, pictures, rows)
    for (place, row) in rows.enumerated() {
      queryCounts[row] += 1
      findings[row].consider(pictures[place], distances[place], unrounded?[place])
    }
    return distances
  }

  /// The deciding distances of pictures that are what there is to report at one θ, good or bad, and
  /// its only ones.
  ///
  /// - `place`: of the θ; every θ if not given.
  mutating func offer(_ pictures: [RGBImage], rows: [Int], place: Int? = nil) {
    if rows.isEmpty { return }
    let distances = Self.forward(criterion, pictures, rows)
    for (index, row) in rows.enumerated() {
      findings[row].offer(pictures[index], distances[index], place: place)
    }
  }

  /// The attack's own distances of pictures, a query each; they count as found.
  mutating func distances(
    of pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil
  ) -> [Float] {
    let judged = judge(pictures, rows: rows, unrounded: unrounded)
    return isWhiteBox || rows.isEmpty ? judged : Self.forward(guide, pictures, rows)
  }

  /// The values of an objective and their gradients, a gradient each; the pictures count as found.
  ///
  /// - `objective`: the guide's distance if not given.
  mutating func evaluate(
    _ pictures: [RGBImage], rows: [Int], unrounded: [[Float]]? = nil,
    objective: (any AttackObjective)? = nil
  ) -> [Evaluation] {
    if rows.isEmpty { return [] }
    let x = Variable(tracked: Tensor(pictures))
    let values = (objective ?? guide).values(of: x, rows: rows)
    let slope = gradients(of: values.sum(), withRespectTo: [x])[0]
    for (place, row) in rows.enumerated() {
      gradientCounts[row] += 1
      if isWhiteBox && objective == nil {
        findings[row].consider(pictures[place], values.value[place], unrounded?[place])
      }
    }
    if !isWhiteBox || objective != nil {
      _ = judge(pictures, rows: rows, unrounded: unrounded)
    }
    return pictures.indices.map { place in
      Evaluation(
        value: values.value[place],
        // Pixels are value / 127.5 − 1.
        gradient: (slope.entries(place..<place + 1) * (1 / 127.5)).numbers)
    }
  }

  /// What was found, for each pair at each threshold.
  func results() -> [[AttackResult]] {
    let all = findings.indices.flatMap { row in thetas.indices.map { (row, $0) } }
    let floats = all.compactMap { row, place in
      findings[row].candidate(at: place).unrounded.map { (row, place, $0) }
    }
    var inFloat: [Int: Float] = [:]
    for first in stride(from: 0, to: floats.count, by: 16) {
      let part = floats[first..<min(floats.count, first + 16)]
      let (height, width) = (pairs.sources[0].height, pairs.sources[0].width)
      let x = Tensor(joining: part.map { Tensor($0.2, shape: [1, height, width, 3]) })
      let distances = criterion.values(
        of: Variable(x.map { $0 / 127.5 - 1 }), rows: part.map { $0.0 }
      ).value
      for (index, item) in part.enumerated() {
        inFloat[item.0 * thetas.count + item.1] = distances[index]
      }
    }
    return findings.indices.map { row in
      thetas.indices.map { place in
        let found = findings[row].candidate(at: place)
        return AttackResult(
          theta: thetas[place], distanceBefore: findings[row].before, picture: found.picture,
          distance: found.distance,
          distanceInFloat: inFloat[row * thetas.count + place] ?? found.distance,
          perturbation: Perturbation(from: pairs.sources[row], to: found.picture),
          gradients: gradientCounts[row], queries: queryCounts[row])
      }
    }
  }
}
