import Checkpoints
import CommandLineArguments
import EmbedderTraining
import Embedders
import Experiments
import FaceDatasets
import Files
import Foundation
private import JSON
import KernelSupport
import Kernels
import Metrics
import ModelStore
import Reports
import Tensors
import Training

/// `facewarden train embedder`: makes f_C, its witness f_V, or another embedder.
struct TrainEmbedder: Subcommand {
  static let command = Command(
    "train embedder", "trains an embedder on pictures of labelled people",
    discussion: """
      Interrupted or killed, the same command continues it. Beside the state lie a log of JSON lines \
      and the learning curves as SVG. At the end the weights, their thresholds (measured on the \
      people held out) and their description go into the models' folder.
      """,
    options: EmbedderSettings.options)

  private let settings: EmbedderSettings

  init(_ arguments: Arguments) throws { settings = try EmbedderSettings(arguments) }

  func run() throws -> Int32 {
    Interruption.observe()
    let teacher = try settings.teacher.map(TeacherEmbeddings.init(path:))
    let start = try settings.start(teacher)
    let all = try IdentityDataset(
      sources: settings.common.data.sources, minimumPictures: teacher == nil ? 2 : 1)
    Console.say(all.report)
    try settings.writeOmissions(all.report)
    let (data, validation) = all.split(
      heldOut: settings.common.data.heldOut, seed: settings.common.data.seed)
    let examples = try teacher.map { try self.examples(data, $0) }
    Console.say(
      "training on \(examples?.count ?? data.count) pictures, those with labels of "
        + "\(data.people.count) people; held out: \(validation.count) of \(validation.people.count)"
    )
    if let examples { try start.training.check(examples) } else { try start.training.check(data) }
    let people = max(2, data.people.count)
    let path = settings.common.statePath
    let total = examples.map(start.training.steps(for:)) ?? start.training.steps(for: data)
    let pictures = examples?.count ?? data.count
    let costs = TrainingLog(path: settings.common.stem + ".attack-cost.jsonl")
    return try TrainingRun<EmbedderTrainer>(
      place: settings.common.place, path: path, total: total,
      begin: {
        examples.map { EmbedderTrainer(start.training, examples: $0, weights: start.weights) }
          ?? EmbedderTrainer(start.training, people: data.people.count, weights: start.weights)
      },
      resume: { state in
        let trainer = try EmbedderTrainer(checkpoint: state, path: path)
        guard trainer.training.continues(start.training) else {
          throw TrainingStateError.otherSettings(path: path)
        }
        guard trainer.people == people else {
          throw TrainingStateError.otherPeople(
            path: path, expected: data.people.count, found: trainer.people)
        }
        return trainer
      },
      began: { try costs.truncate(toStep: $0.steps) },
      train: { trainer, run in
        if let examples {
          try trainer.run(
            on: examples, loop: run.loop, progress: run.progress, shouldStop: run.shouldStop,
            saved: run.saved)
        } else {
          try trainer.run(
            on: data, loop: run.loop, progress: run.progress, shouldStop: run.shouldStop,
            saved: run.saved)
        }
      },
      saved: { trainer in
        if trainer.training.hardening > 0, validation.people.count >= 4 {
          try measureCost(trainer, of: total, validation, log: costs)
        }
      },
      publish: {
        try publish($0, start, total: total, pictures: pictures, data, validation)
      })()
  }

  /// Adds what the network is worth to a log: accuracy, and the change that an attack on it needs.
  private func measureCost(
    _ trainer: EmbedderTrainer, of total: Int, _ validation: IdentityDataset, log: TrainingLog
  ) throws {
    // Enough people for a comparison from one write of the state to the next.
    var count = 0
    let some = validation.people { _ in
      count += 1
      return count <= 120
    }
    let cost: AttackCost
    do {
      cost = try AttackCost(
        some, embedder: FaceEmbedder(trainer.training.architecture, trainer.embedder), pairs: 16)
    } catch let error as MetricsError {
      // Few people held out are no reason to lose a training.
      return Console.say("no attack cost at step \(trainer.steps): \(error)")
    }
    var values = [("accuracy", cost.accuracy), ("fnmr_at_fmr_1e-2", cost.falseNonMatchRate)]
    for (point, name) in zip(cost.points, ["fmr_1e-2", "genuine_99", "cosine_0.5", "cosine_0.7"]) {
      if let median = point.median { values.append(("rms_at_" + name, median)) }
    }
    try log.append(step: trainer.steps, of: total, values.map { (name: $0.0, value: $0.1) })
    Console.say("step \(trainer.steps): \(cost.text)")
  }

  /// The pictures that the teacher knows.
  private func examples(
    _ data: IdentityDataset, _ teacher: TeacherEmbeddings
  ) throws -> DistillationExamples {
    var others: IdentityDataset?
    if !settings.common.unlabelled.isEmpty {
      let found = try IdentityDataset(unlabelled: settings.common.unlabelled)
      Console.say(found.report)
      others = found
    }
    let examples = DistillationExamples(data, unlabelled: others, teacher: teacher)
    if examples.unknown > 0 {
      Console.say("\(examples.unknown) pictures left out: '\(teacher.path)' does not name them")
    }
    return examples
  }

  private func publish(
    _ trainer: EmbedderTrainer, _ start: EmbedderSettings.Start, total: Int, pictures: Int,
    _ data: IdentityDataset, _ validation: IdentityDataset
  ) throws {
    let (training, name) = (start.training, settings.common.name)
    let bytes = try SafeTensorsFile(tables: [("", trainer.embedder)]).bytes(
      as: settings.common.format)
    // What is measured is what the file holds.
    let weights = try SafeTensorsFile(bytes: bytes, requiringFinite: true).table(
      like: trainer.embedder)
    let embedder = FaceEmbedder(training.architecture, weights)
    var metrics = ["steps": Double(trainer.steps), "pictures": Double(pictures)]
    var points: [OperatingPoint] = []
    if validation.people.count >= 4 {
      let held = try LabelledEmbeddings(validation, embedder: embedder)
      let measured = try VerificationPoints(held, source: "people held out of training")
      points = measured.points
      let report = try PairVerification.evaluate(
        "held-out people", held, seed: settings.common.data.seed)
      Console.say(report.text)
      let grouped = try settings.groups.points(genuine: held) {
        try LabelledEmbeddings(strangers: $0, embedder: embedder)
      }
      if let grouped {
        points += grouped.points
        for refusal in grouped.refusals { Console.say(refusal) }
      }
      for point in points {
        Console.say("\(point.name): distance² < \(point.threshold), FNMR \(point.fnmr ?? .nan)")
      }
      for refusal in measured.refusals { Console.say(refusal) }
      metrics["held_out_people"] = Double(validation.people.count)
      metrics["held_out_pictures"] = Double(validation.count)
      metrics["held_out_accuracy"] = report.accuracy
      metrics["held_out_auc"] = report.areaUnderCurve
      metrics["held_out_eer"] = report.equalErrorRate
    } else {
      Console.say(
        "no thresholds and no held-out results: \(validation.people.count) people held out; "
          + "expected at least 4, see --held-out")
    }
    let isFinished = trainer.steps >= total
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: training.architecture),
        trainingData: "\(pictures) pictures, those with labels of \(data.people.count) people, of "
          + settings.common.sourceNames.joined(separator: ", "),
        command: settings.text(of: training), seed: training.seed, metrics: metrics,
        operatingPoints: points, license: Invocation.weightsLicense,
        notes: "distance² of unit-length embeddings in 0…4; below the threshold is a match; made "
          + "with the \(Compute.kernels.name) kernels, on which the last bits depend"
          + (isFinished ? "" : "; published at step \(trainer.steps) of \(total), unfinished"),
        departures: settings.departures(of: training),
        selfTest: embedder.selfTestNumbers),
      bytes, into: settings.common.models.path)
  }
}
