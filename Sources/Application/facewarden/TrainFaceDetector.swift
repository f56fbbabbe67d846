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
struct TrainFaceDetector: Subcommand, CommandSettings {
  static let command = Command(
    "train face-detector", "trains the networks that find faces and their five points",
    discussion: """
      Interrupted or killed, the same command continues it. A fifth of the people of the frames (of \
      their pictures, where people are not known) and the people of LFW's last fold are kept out.
      """,
    options: options)

  private var models = ModelsFolder()
  private var frames = ""
  private var lfw: String?
  private var aligned: [String] = []
  private var steps = 3000
  private var training = FaceFinderTraining()
  private var place = TrainingPlace()

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .required(
        "--frames", "DIR", "The folder of frames: lfw-frames.tar, wild-frames.tar, landmarks.csv.",
        \.frames, .text),
      .optional(
        "--lfw", "DIR", "The folder of LFW: view1.tar, view2.tar, landmarks.csv, pairs.txt.",
        \.lfw, .text),
      .repeated(
        "--aligned", "TAR", "An archive of aligned faces; may be repeated.", \.aligned, .text),
      .value("--steps", "N", "Steps in all.", \.steps, .integer(in: 1...10_000_000)),
      .value(
        "--seed", "N", "Where all randomness comes from.", \.training.seed, .unsignedInteger),
      TrainingPlace.state(usual: "runs/face_detector.state").lifted(\.place),
    ] + part(\.place)

  func run() throws -> Int32 {
    Interruption.observe()
    var exact = try FaceExamples(
      frames: frames, heldOut: false, excluded: lfw.map(FaceExamples.lastFold) ?? []
    ).examples
    if let lfw { exact += try FaceExamples(lfw: lfw).examples }
    let others = try FaceExamples(aligned: aligned).examples
    Console.say("training on \(exact.count) pictures with points and \(others.count) aligned faces")
    let path = place.given ?? "runs/face_detector.state"
    return try TrainingRun<FaceDetectorTrainer>(
      place: place, path: path, total: steps, begin: { FaceDetectorTrainer(training) },
      resume: { state in
        let trainer = try FaceDetectorTrainer(checkpoint: state, path: path)
        guard trainer.training == training else {
          throw TrainingStateError.otherSettings(path: path)
        }
        return trainer
      },
      train: { [exact] trainer, run in
        try trainer.run(
          on: exact, aligned: others, steps: steps, loop: run.loop, progress: run.progress,
          shouldStop: run.shouldStop, saved: run.saved)
      },
      publish: { [exact] in try publish($0, pictures: exact.count, aligned: others.count) })()
  }

  private func publish(_ trainer: FaceDetectorTrainer, pictures: Int, aligned: Int) throws {
    let name = FaceDetector.modelName
    let bytes = try trainer.modelFile.bytes()
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: FaceDetector.Architecture(trainer.training)),
        trainingData: "\(pictures) pictures with five points and \(aligned) aligned faces",
        command: Invocation.text(of: ["train", "face-detector"] + words),
        seed: trainer.training.seed,
        metrics: ["steps": Double(trainer.steps)], license: Invocation.weightsLicense,
        notes:
          "finds faces and their five points in photographs; a larger score is more like a face",
        departures: [
          "convolutional networks in place of the paper's JDA (boosted regression forests)"
        ]), bytes, into: models.path)
  }
}
