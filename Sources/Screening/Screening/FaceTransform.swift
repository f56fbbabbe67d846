private import Images
private import KernelSupport
public import NeuralNetworks
private import PictureTensors
private import Tensors

/// A small change that leaves a face who it is.
///
/// An embedding of an untouched face hardly moves under it; a minimum-norm attack, which is only just
/// below its threshold, mostly falls apart (feature squeezing: Xu, Evans and Qi, 2018).
public enum FaceTransform: String, Codable, CaseIterable, Sendable {
  case mirrored, shifted1, shifted2, median, blurred07, blurred1, jpeg75, jpeg40

  /// The changes of detectors that are made now. Of attacks on View 1 they miss no more than all eight do,
  /// and each network embeds four pictures fewer of a face.
  public static let usual: [FaceTransform] = [.mirrored, .shifted1, .blurred07, .jpeg75]
  /// The changes of detectors from before their files named them: frozen, whatever is added.
  static let first: [FaceTransform] = [
    .mirrored, .shifted1, .shifted2, .median, .blurred07, .blurred1, .jpeg75, .jpeg40,
  ]

  /// The change with its numbers, which the specification of a detector's features records.
  private enum Change {
    case mirrored, median
    case shifted(right: Int, down: Int)
    case blurred(deviation: Float)
    case stored(quality: Int)
  }

  private var change: Change {
    switch self {
    case .mirrored: .mirrored
    case .shifted1: .shifted(right: 1, down: 0)
    case .shifted2: .shifted(right: 2, down: 1)
    case .median: .median
    case .blurred07: .blurred(deviation: 0.7)
    case .blurred1: .blurred(deviation: 1)
    case .jpeg75: .stored(quality: 75)
    case .jpeg40: .stored(quality: 40)
    }
  }

  /// The change in words, all its numbers in them.
  var definition: String {
    switch change {
    case .mirrored: "mirrored"
    case .median: "median 3×3"
    case .shifted(let right, let down): "shifted by (\(right), \(down))"
    case .blurred(let deviation): "blurred by \(deviation)"
    case .stored(let quality): "JPEG of quality \(quality)"
    }
  }

  /// The changed pictures, (batch, row, column, 3) in −1…1.
  ///
  /// Gradients go through; those of JPEG as if it changed nothing (Athalye et al., 2018: BPDA).
  public func callAsFunction(_ pictures: Variable) -> Variable {
    switch change {
    case .mirrored: pictures.mirrored()
    case .median: pictures.medianFiltered()
    case .shifted(let right, let down): pictures.shifted(right: right, down: down)
    case .blurred(let deviation): pictures.blurred(deviation: deviation)
    case .stored(let quality): Self.stored(pictures, quality: quality)
    }
  }

  private static func stored(_ pictures: Variable, quality: Int) -> Variable {
    let originals = pictures.value.pictures()
    let files = WorkerPool.shared.map(originals.count) { index in
      let picture = originals[index]
      // A picture that was just encoded can be decoded; were it not, it would count as unchanged.
      return (try? RGBImage.decode(picture.jpegData(quality: quality), name: "memory").image)
        ?? picture
    }
    return Variable(Tensor(files), parents: [pictures]) { dy, _ in [dy] }
  }
}
