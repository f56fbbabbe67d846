import CommandLineArguments
import Embedders
import Experiments
import FaceFinderTraining
import FaceFinding
import Images
import ModelStore

/// `facewarden evaluate face-detection`: how well faces and their points are found.
struct EvaluateFaceDetection: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate face-detection", "measures how well faces and their points are found",
    discussion: """
      Measures on the frames that no training sees: a fifth of the people of LFW's frames, a fifth of \
      the wild frames. With --lfw also verification with the points found, beside the
      given ones. (The points of most pictures of View 2, but of its last fold, were trained on.)
      """,
    options: options)

  private var models = ModelsFolder()
  private var frames = ""
  private var lfw: String?
  private var threshold = FaceDetector.standardThreshold
  private var oddities: String?
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .required(
        "--frames", "DIR", "The folder of frames: lfw-frames.tar, wild-frames.tar, landmarks.csv.",
        \.frames, .text),
      .optional(
        "--lfw", "DIR", "The folder of LFW: view1.tar, view2.tar, landmarks.csv, pairs.txt.", \.lfw,
        .text),
      .value(
        "--threshold", "SCORE", "The score from which a find counts, 0…1.", \.threshold,
        .number(in: 0...1)),
      .optional(
        "--oddities", "DIR",
        "Writes the pictures in which the face was missed, or something found elsewhere.",
        \.oddities, .text),
    ] + part(\.output)

  func run() throws -> Int32 {
    let manifest = try ModelManifest(folder: models.path)
    var detector = try FaceDetector(of: manifest, folder: models.path)
    detector.threshold = threshold
    try output.prepare()
    if let oddities { try OutputFolder.make(oddities) }
    let held = try FaceExamples(frames: frames, heldOut: true).examples
    var report = FaceDetectionReport(threshold: threshold)
    for (group, isWild) in [("LFW frames held out", false), ("wild frames held out", true)] {
      let examples = held.filter { $0.name.hasPrefix("celeba/") == isWild }
      let odd = try report.measure(group, examples, detector) {
        ExperimentOutput.progress(group, $0, $1)
      }
      for oddity in odd {
        Console.say("\(oddity.name): \(oddity.words)")
        if let oddities {
          let file = oddity.name.map { $0 == "/" ? "_" : String($0) }.joined()
          try oddity.drawn.writePNG(to: "\(oddities)/\(file).png")
        }
      }
    }
    if let lfw {
      try report.measureVerification(
        lfw: lfw, detector, embedder: FaceEmbedder(of: manifest, folder: models.path),
        progress: ExperimentOutput.progress)
    }
    try output.write(
      report, facts: [("detector", try manifest.entry(FaceDetector.modelName).sha256)])
    return 0
  }
}
