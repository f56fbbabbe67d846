internal import Images
internal import NeuralNetworks
internal import PictureTensors
internal import Tensors

extension AttackRun {
  /// What was found, for each pair at each threshold.
  func results() -> [[AttackResult]] {
    let inFloat = distancesInFloat()
    return findings.indices.map { row in
      // A picture that is reported at several thresholds is looked at once.
      var known: [(picture: RGBImage, result: Measured)] = []
      return thetas.indices.map { place in
        let found = findings[row].candidate(at: place)
        let measured =
          known.first { $0.picture == found.picture }?.result ?? measure(found, row)
        known.append((found.picture, measured))
        return AttackResult(
          theta: thetas[place], distanceBefore: findings[row].before, picture: measured.file,
          distance: measured.distance,
          distanceInFloat: inFloat[row * thetas.count + place] ?? measured.distance,
          untouched: untouched(row), changed: measured.changed,
          perturbation: Perturbation(from: untouched(row), to: measured.changed),
          gradients: gradientCounts[row], queries: queryCounts[row], face: measured.face,
          tampering: measured.tampering, tamperingLimit: pairs.screen?.threshold)
      }
    }
  }

  private struct Measured {
    let file, changed: RGBImage
    let face: RGBImage?
    let distance: Float
    let tampering: Double?
  }

  private func measure(_ found: Findings.Candidate, _ row: Int) -> Measured {
    // What was left as it was is the untouched file, which no store has seen.
    let isUntouched = found.cost == 0 && found.picture == pairs.sources[row]
    let file = isUntouched ? paths[row].original : paths[row].file(of: found.picture)
    let face = paths[row].face(in: file)
    let distance =
      found.distance
      ?? face.map { Self.forward(criterion, [$0], [row])[0] } ?? Self.farthest
    let reference = (pairs.enrolled ?? pairs.targets)[row]
    let tampering: Double? =
      setup.aim.sees(.screen)
      ? face.flatMap { face in pairs.screen?.probability(of: face, against: reference) } : nil
    return Measured(
      file: file, changed: paths[row].measured(file), face: face, distance: distance,
      tampering: tampering)
  }

  /// The deciding distances of what is reported, before its grey levels were rounded.
  private func distancesInFloat() -> [Int: Float] {
    let all = findings.indices.flatMap { row in thetas.indices.map { (row, $0) } }
    let floats = all.compactMap { row, place in
      paths[row].isPlain
        ? findings[row].candidate(at: place).unrounded.map { (row, place, $0) } : nil
    }
    var inFloat: [Int: Float] = [:]
    for piece in Self.pieces(floats.count, load: 1) {
      let part = floats[piece]
      let (height, width) = (pairs.sources[0].height, pairs.sources[0].width)
      let x = Tensor(joining: part.map { Tensor($0.2, shape: [1, height, width, 3]) })
      let distances = criterion.distances(
        of: Variable(x.map { $0 / 127.5 - 1 }), rows: part.map { $0.0 }
      ).value
      for (index, item) in part.enumerated() {
        inFloat[item.0 * thetas.count + item.1] = distances[index]
      }
    }
    return inFloat
  }
}
