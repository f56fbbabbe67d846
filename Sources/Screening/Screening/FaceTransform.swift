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

  /// The changed pictures, (batch, row, column, 3) in −1…1.
  ///
  /// Gradients go through; those of JPEG as if it changed nothing (Athalye et al., 2018: BPDA).
  public func callAsFunction(_ pictures: Variable) -> Variable {
    switch self {
    case .mirrored: pictures.mirrored()
    case .shifted1: pictures.shifted(right: 1, down: 0)
    case .shifted2: pictures.shifted(right: 2, down: 1)
    case .median: pictures.medianFiltered()
    case .blurred07: pictures.blurred(deviation: 0.7)
    case .blurred1: pictures.blurred(deviation: 1)
    case .jpeg75: Self.stored(pictures, quality: 75)
    case .jpeg40: Self.stored(pictures, quality: 40)
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
