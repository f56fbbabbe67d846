import Checkpoints
import Embedders
import FaceDatasets
import Foundation
import KernelSupport
import TestSupport
import Testing
import Training

@testable import EmbedderTraining

/// Whole runs on pictures, of which some are made ahead of their step.
@Suite struct EmbedderRunTests {
  static let training = {
    var training = EmbedderTraining()
    training.architecture = EmbedderArchitecture(
      widths: [2, 2, 2], convolutions: [1, 1, 1], head: .average, embedding: 3,
      view: FaceView(side: 128))
    (training.batch, training.epochs) = (4, 3)
    return training
  }()

  /// Runs or continues the training whose state is at `path`, for at most `limit` steps.
  static func run(
    _ data: IdentityDataset, _ path: String, ahead: Int, limit: Int = .max
  ) throws -> EmbedderTrainer {
    var trainer =
      FileManager.default.fileExists(atPath: path)
      ? try EmbedderTrainer(checkpoint: SafeTensorsFile(path: path), path: path)
      : EmbedderTrainer(training, people: data.people.count)
    var taken = 0
    try trainer.run(
      on: data, loop: TrainingLoop(checkpointPath: path, interval: 1e9, batchesAhead: ahead),
      progress: { _ in },
      shouldStop: {
        taken += 1
        return taken > limit
      })
    return trainer
  }

  @Test(
    "weights and state are the same whatever is made ahead, by however many threads, stopped anywhere"
  )
  func alike() throws {
    try withTemporaryFolder { folder in
      try SyntheticPeople.writeFolder(folder + "/faces", people: 4, pictures: 3)
      let data = try IdentityDataset(sources: [folder + "/faces"])
      let whole = try Self.run(data, folder + "/whole", ahead: 0)
      #expect(whole.steps == Self.training.steps(for: data) && whole.steps == 6)
      let expected = try SafeTensorsFile(path: folder + "/whole")
      let limit = WorkerPool.shared.limit
      defer { WorkerPool.shared.limit = limit }
      for threads in [1, 2, 4] {
        WorkerPool.shared.limit = threads
        for ahead in [0, 1, 3] {
          let path = "\(folder)/\(threads)-\(ahead)"
          _ = try Self.run(data, path, ahead: ahead)
          #expect(try SafeTensorsFile(path: path) == expected, "\(threads) threads, \(ahead) ahead")
        }
      }
      for stop in 1..<6 {
        let path = "\(folder)/stopped-\(stop)"
        #expect(try Self.run(data, path, ahead: 3, limit: stop).steps == stop)
        // What was ahead is forgotten with the process; here another number is ahead.
        _ = try Self.run(data, path, ahead: stop % 2)
        #expect(try SafeTensorsFile(path: path) == expected, "stopped after \(stop)")
      }
    }
  }
}
