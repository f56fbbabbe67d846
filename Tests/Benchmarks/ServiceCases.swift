import Dispatch
import Foundation
import Images
import KernelSupport
import Screening
import SeededRandom
import Tensors

/// The whole check with the shipped models: what a service can reach at best.
enum ServiceCases {
  /// Every case; none where the folder of the models is not at hand.
  static var all: [BenchmarkCase] {
    guard FileManager.default.fileExists(atPath: "models/manifest.json") else { return [] }
    return [1, 2, 4, 8, 16].flatMap { batch in
      [examination(batch, lanes: 1), examination(batch, lanes: 2)]
    }
  }

  /// Faces examined together: by one caller on all threads, or by several on one thread each.
  private static func examination(_ batch: Int, lanes: Int) -> BenchmarkCase {
    BenchmarkCase(
      name: "service/examine/\(lanes)-lanes/b\(batch)", description: [:],
      work: .pictures(batch * lanes)
    ) {
      guard let warden = try? FaceWarden(folder: "models") else {
        preconditionFailure("the models of 'models' do not load")
      }
      var random = SplitMix64(seed: 1)
      let faces = (0..<batch).map { _ in
        RGBImage(
          width: 128, height: 128,
          pixels: (0..<128 * 128 * 3).map { _ in
            UInt8(clamping: Int(128 + 30 * random.normal()))
          })
      }
      return PreparedCase(inputs: ParameterTable()) {
        let limit = WorkerPool.shared.limit
        if lanes > 1 { WorkerPool.shared.limit = 1 }
        defer { WorkerPool.shared.limit = limit }
        DispatchQueue.concurrentPerform(iterations: lanes) { _ in
          let found = warden.examine(faces)
          precondition(found.allSatisfy { $0.score.probability.isFinite }, "no score")
        }
        return ParameterTable()
      }
    }
  }
}
