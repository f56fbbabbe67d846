private import AttackSets
internal import DetectorTraining
internal import Metrics
internal import Screening

/// Counts of what detectors said of the pictures of an attack set.
struct DetectionTally {
  let examples: [DetectionExamples.Example]
  let judged: CrossValidatedDetection

  /// The names of the parts.
  var partNames: [String] {
    (judged.folds.lazy.flatMap(\.self).first?.parts.keys.sorted()) ?? []
  }

  /// The pictures of a species, and the sources of the same pairs, fold by fold.
  private func pictures(of species: Species) -> [[CrossValidatedDetection.Judged]] {
    let pairs = Set(examples.filter { $0.species == species }.map(\.pair.id))
    return judged.folds.map { fold in
      fold.filter {
        let example = examples[$0.index]
        return example.species == species
          || (example.species == .bonaFide && pairs.contains(example.pair.id))
      }
    }
  }

  /// For each fold the share of right decisions on a species and its sources.
  func accuracies(
    of species: Species, by isCalledAdversarial: (CrossValidatedDetection.Judged) -> Bool
  ) -> [Double] {
    pictures(of: species).filter { !$0.isEmpty }.map { fold in
      let right = fold.count {
        isCalledAdversarial($0) == examples[$0.index].species.isAdversarial
      }
      return Double(right) / Double(fold.count)
    }
  }

  /// The probabilities of a species against those of its sources.
  func scores(of species: Species) throws -> LabelledScores {
    let all = pictures(of: species).flatMap(\.self)
    return try LabelledScores(
      scores: all.map(\.probability),
      labels: all.map { examples[$0.index].species.isAdversarial }, direction: .largerIsPositive)
  }

  /// For each BPCER the share of a species that is called adversarial, or not, at the thresholds of
  /// the folds.
  func points(
    of species: Species, counting isCounted: (_ isCalledAdversarial: Bool) -> Bool
  ) -> [DetectionReport.Point] {
    DetectionReport.rates.indices.map { rate in
      var (counted, all) = (0, 0)
      for (fold, thresholds) in zip(judged.folds, judged.thresholds) {
        let own = fold.filter { examples[$0.index].species == species }
        all += own.count
        counted += own.count { isCounted($0.probability > thresholds[rate]) }
      }
      let share = ErrorRate(errors: counted, trials: max(1, all))
      return DetectionReport.Point(
        bpcer: DetectionReport.rates[rate], apcer: share.value, ci95: share.clopperPearson95.ends)
    }
  }

  /// How often pictures without attack are called adversarial.
  func control(_ species: Species) -> DetectionReport.Control {
    DetectionReport.Control(
      species: "\(species)", pictures: examples.count { $0.species == species },
      rates: points(of: species) { $0 })
  }

  /// The median change of a species, in grey levels.
  func medianRMS(of species: Species) -> Double {
    let values = examples.filter { $0.species == species }.map(\.rms).sorted()
    return values.isEmpty ? 0 : values[values.count / 2]
  }

  /// The receiver operating characteristic of a species, thinned to what a chart can show.
  func curve(of species: Species) throws -> DetectionReport.Curve {
    let points = try scores(of: species).curve()
    let step = max(1, points.count / 400)
    let shown = points.enumerated().filter {
      $0.offset % step == 0 || $0.offset == points.count - 1
    }
    .map(\.element)
    return DetectionReport.Curve(
      species: "\(species)", bpcer: shown.map(\.falseAlarmRate),
      detected: shown.map(\.detectionRate))
  }
}
