import Checkpoints
import EmbedderTraining
import Foundation
import KernelSupport
import TestSupport
import Training

// Trains a tiny embedder to the end, writing its state after every step, so that a test can end the
// process at any moment. Arguments: the state's path, the number of steps. Each line it prints is a
// step and the count of blocks of memory that were asked of the system until then.
let path = CommandLine.arguments[1]
let total = Int(CommandLine.arguments[2]) ?? 0
var training = EmbedderTraining()
training.architecture = .tiny
training.batch = 8
var trainer =
  FileManager.default.fileExists(atPath: path)
  ? try EmbedderTrainer(checkpoint: SafeTensorsFile(path: path), path: path)
  : EmbedderTrainer(training, people: 5)
try TrainingLoop(checkpointPath: path, interval: 0, reportSteps: 1).run(
  &trainer, total: total, progress: { print($0.step, BufferPool.allocations) }
) { trainer in
  let (pictures, labels) = SyntheticPeople.batch(
    step: trainer.steps, size: 8, people: 5, side: 16)
  let report = trainer.step(pictures: pictures, labels: labels, of: total)
  return [("loss", Double(report.loss))]
}
