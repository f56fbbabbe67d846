import Checkpoints
import CommandLineArguments
import FaceFinderTraining
import Experiments
import FaceFinding
import Files
import Foundation
private import JSON
import ModelStore
import Reports
import Training

/// `facewarden train face-detector`: makes the networks that find faces in photographs.
struct TrainFaceDetector: Subcommand {
  static let command = Command(
    "train face-detector", "trains the networks that find faces and their five points",
    discussion: """
      Interrupted or killed, the same command continues it. A fifth of the people of the frames (of \
      their pictures, where people are not known) and the people of LFW's last fold are kept out.
      """,
    options: [
      SharedOptions.models,
      .value(
        "--frames", "DIR", "The folder of frames: lfw-frames.tar, wild-frames.tar, landmarks.csv.",
        isRequired: true),
      .value("--lfw", "DIR", "The folder of LFW: view1.tar, view2.tar, landmarks.csv, pairs.txt."),
      .value(
        "--aligned", "TAR", "An archive of aligned faces; may be repeated.", isRepeatable: true),
      .value("--steps", "N", "Steps in all; 3000 if not given."),
      .value("--seed", "N", "Where all randomness comes from; 1 if not given."),
      .value(
        "--state", "FILE", "Where the state is kept; runs/face_detector.state if not given."),
    ] + CheckpointTimes.options)

  private let models, frames, statePath: String
  private let lfw: String?
  private let aligned: [String]
  private let steps: Int
  private let checkpoints: CheckpointTimes
  private var training = FaceFinderTraining()

  init(_ arguments: Arguments) throws {
    models = arguments.modelsFolder
    frames = try arguments.value("--frames", .text)
    lfw = try arguments.optional("--lfw", .text)
    aligned = try arguments.all("--aligned", .text)
    steps = try arguments.optional("--steps", .integer(in: 1...10_000_000)) ?? 3000
    training.seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    statePath = try arguments.optional("--state", .text) ?? "runs/face_detector.state"
    checkpoints = try CheckpointTimes(arguments)
  }

  func run() throws -> Int32 {
    Interruption.observe()
    var exact = try FaceExamples(
      frames: frames, heldOut: false, excluded: lfw.map(FaceExamples.lastFold) ?? []
    ).examples
    if let lfw { exact += try FaceExamples(lfw: lfw).examples }
    let others = try FaceExamples(aligned: aligned).examples
    Console.say("training on \(exact.count) pictures with points and \(others.count) aligned faces")
    var trainer = try start()
    let stem = (statePath as NSString).deletingPathExtension
    let log = TrainingLog(path: stem + ".log.jsonl")
    try trainer.run(
      on: exact, aligned: others, steps: steps,
      loop: checkpoints.loop(statePath, log: log),
      progress: Console.progress, shouldStop: { Interruption.isRequested },
      saved: { _ in try LearningCurves(try log.entries()).write(beside: stem) })
    Console.endProgress()
    guard !Interruption.isRequested || trainer.steps >= steps else {
      Console.say("stopped at step \(trainer.steps); the same command continues")
      return 2
    }
    try publish(trainer, pictures: exact.count, aligned: others.count)
    return 0
  }

  private func start() throws -> FaceDetectorTrainer {
    guard FileManager.default.fileExists(atPath: statePath) else {
      let folder = (statePath as NSString).deletingLastPathComponent
      if !folder.isEmpty { try OutputFolder.make(folder) }
      return FaceDetectorTrainer(training)
    }
    let trainer = try FaceDetectorTrainer(
      checkpoint: SafeTensorsFile(path: statePath), path: statePath)
    guard trainer.training == training else {
      throw TrainingStateError.otherSettings(path: statePath)
    }
    Console.say("continuing at step \(trainer.steps)")
    return trainer
  }

  private func publish(_ trainer: FaceDetectorTrainer, pictures: Int, aligned: Int) throws {
    let name = FaceDetector.modelName
    let bytes = try trainer.modelFile.bytes()
    try OutputFolder.make(models)
    try AtomicFile.write(bytes, to: "\(models)/\(name).safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: FaceDetector.Architecture(trainer.training)),
        trainingData: "\(pictures) pictures with five points and \(aligned) aligned faces",
        command: Invocation.text, seed: trainer.training.seed,
        metrics: ["steps": Double(trainer.steps)], license: Invocation.weightsLicense,
        notes:
          "finds faces and their five points in photographs; a larger score is more like a face",
        departures: [
          "convolutional networks in place of the paper's JDA (boosted regression forests)"
        ]), folder: models)
    Console.say("wrote \(models)/\(name).safetensors")
  }
}
