private import FaceFinding
private import Faces
private import Glibc
internal import Images
private import KernelSupport
internal import NeuralNetworks
private import PictureTensors
internal import SeededRandom
public import Tensors

/// The state of a face detector's training: a value that can be saved and continued.
///
/// Both networks learn in the same step. What the first one takes for a face and is none, the second
/// one gets to see as such: hard negatives are mined as training goes on.
public struct FaceDetectorTrainer: Sendable {
  /// How it is trained.
  public let training: FaceFinderTraining
  /// The networks' parameters.
  public internal(set) var seeker, refiner: ParameterTable
  var seekerRule = Adam()
  var refinerRule = Adam()
  /// Steps taken.
  public internal(set) var steps = 0

  /// Starts a training.
  public init(_ training: FaceFinderTraining) {
    self.training = training
    var generator = SplitMix64(seed: training.seed).derived(from: "weights")
    seeker = training.seeker.initialParameters(using: &generator)
    refiner = training.refiner.initialParameters(using: &generator)
    // Nearly all cells are background; starting there spares the first hundred steps.
    seeker.update("seeker.output.bias") { $0.update { $0[0] = -3 } }
  }

  func learningRate(_ step: Int, of total: Int) -> Float {
    let warmup = min(100, max(1, total / 20))
    if step < warmup { return training.learningRate * Float(step + 1) / Float(warmup) }
    let progress = Float(step - warmup) / Float(max(1, total - warmup))
    return training.learningRate * max(0.005, 0.5 * (1 + cosf(Float.pi * min(1, progress))))
  }

  /// Takes one step on freshly composed pictures, and returns its losses by name.
  mutating func step(
    _ composer: PatchComposer, of total: Int
  ) throws -> [(name: String, value: Double)] {
    let (training, rate) = (training, learningRate(steps, of: total))
    let root = SplitMix64(seed: training.seed).derived(from: "step", steps)
    let patches = try WorkerPool.shared.map(training.patches) { index in
      var random = root.derived(from: "patch", index)
      return try composer.patch(side: training.patchSide, &random)
    }
    let (seekerParts, missed) = try seek(patches, rate: rate)
    let faces = training.windows * 5 / 8
    let hard = missed.prefix(training.windows / 4)
    let composed = try WorkerPool.shared.map(training.windows - hard.count) { index in
      var random = root.derived(from: "window", index)
      if index < faces {
        let (picture, face) = try composer.window(roughly: index % 2 == 0, &random)
        let points = face.isExact ? RefinerTargets.coordinates(face.landmarks) : nil
        return (picture, DetectionTargets.Label.face(points: points))
      }
      return try (
        index % 3 == 0
          ? composer.background(side: FaceRefiner.side, &random) : composer.missedWindow(&random),
        .background
      )
    }
    let windows = composed + hard.map { ($0, .background) }
    let pass = ForwardPass(refiner, mode: .training, tracksParameters: true)
    let output = training.refiner(Variable(Tensor(windows.map(\.0))), pass)
    let targets = DetectionTargets(labels: windows.map(\.1))
    let (loss, parts) = targets.loss(of: output, focus: 0, pointWeight: 4, knee: 0.1)
    refinerRule.step(
      &refiner, gradients: gradients(of: loss, withRespectTo: pass.parameters), learningRate: rate)
    refiner.update(runningStatistics: pass.statistics)
    steps += 1
    return [
      ("seeker_score", seekerParts.score), ("seeker_points", seekerParts.points),
      ("refiner_score", parts.score), ("refiner_points", parts.points),
      ("learning_rate", Double(rate)),
    ]
  }

  /// Teaches the first network; returns the windows where it was most wrongly sure of a face.
  private mutating func seek(
    _ patches: [(picture: RGBImage, faces: [PatchComposer.Face])], rate: Float
  ) throws -> (parts: DetectionTargets.Parts, missed: [RGBImage]) {
    let side = training.patchSide
    let labels = try patches.map { try SeekerTargets.labels($0.faces, side: side) }
    let pass = ForwardPass(seeker, mode: .training, tracksParameters: true)
    let output = training.seeker(Variable(Tensor(patches.map(\.picture))), pass)
    let targets = DetectionTargets(labels: Array(labels.joined()))
    let (loss, parts) = targets.loss(of: output, focus: 2, pointWeight: 2, knee: 0.1)
    seekerRule.step(
      &seeker, gradients: gradients(of: loss, withRespectTo: pass.parameters), learningRate: rate)
    seeker.update(runningStatistics: pass.statistics)

    let (cells, numbers) = (side / FaceSeeker.stride, output.value.numbers)
    let wrong = targets.labels.indices.filter {
      if case .background = targets.labels[$0] { true } else { false }
    }.sorted { numbers[$0 * FaceSeeker.outputs] > numbers[$1 * FaceSeeker.outputs] }
    var missed: [RGBImage] = []
    var used: [Int: Int] = [:]
    for cell in wrong where missed.count < training.windows / 4 {
      let patch = cell / (cells * cells)
      guard used[patch, default: 0] < 2 else { continue }
      let (row, column) = (cell / cells % cells, cell % cells)
      let landmarks = FaceSeeker.landmarks(
        of: numbers[cell * FaceSeeker.outputs + 1..<(cell + 1) * FaceSeeker.outputs],
        x: FaceSeeker.centre(column), y: FaceSeeker.centre(row))
      guard let box = try? FaceBox(around: landmarks), (16...80).contains(box.width),
        // Near a face the second network is to find the way, not to refuse.
        try !patches[patch].faces.contains(where: {
          try FaceBox(around: $0.landmarks).overlap(with: box) > 0.25
        })
      else { continue }
      used[patch, default: 0] += 1
      missed.append(
        patches[patch].picture.warped(
          by: try landmarks.windowTransform(), width: FaceRefiner.side, height: FaceRefiner.side))
    }
    return (parts, missed)
  }
}
