private import FaceFinding
private import Glibc
internal import NeuralNetworks
internal import Tensors

/// What the networks should have said, and how wrong they were.
///
/// Rows of 11 numbers (a logit and five points) are held against labels and points.
struct DetectionTargets: Sendable {
  /// What a row is.
  enum Label: Sendable {
    /// No face.
    case background
    /// A face; its points count if they are known.
    case face(points: [Float]?)
    /// Neither: it costs nothing.
    case ignored
  }

  /// One for each row.
  var labels: [Label]

  /// The loss of logits alone and of points alone, for reports.
  struct Parts {
    var score = 0.0
    var points = 0.0
  }

  /// −log of the right answer's probability, weighed by its (1 − probability)^`focus`, and a
  /// Huber loss on points; both over the number of faces, or of rows if `focus` is 0.
  ///
  /// Reference: Lin et al., "Focal loss for dense object detection", 2017, equation 5.
  func loss(
    of output: Variable, focus: Float, pointWeight: Float, knee: Float
  ) -> (loss: Variable, parts: Parts) {
    let x = output.value
    let width = FaceSeeker.outputs
    precondition(x.count == labels.count * width, "\(labels.count) labels for \(x.shape)")
    var parts = Parts()
    let faces = labels.count { if case .face = $0 { true } else { false } }
    let counted = labels.count { if case .ignored = $0 { false } else { true } }
    let known = labels.count { if case .face(.some) = $0 { true } else { false } }
    let scoreFactor = 1 / Float(max(1, focus > 0 ? faces : counted))
    let pointFactor = pointWeight / Float(max(1, known) * 10)
    let gradient = x.read { numbers in
      Tensor(shape: x.shape) { g in
        memset(g, 0, x.count * 4)
        for (row, label) in labels.enumerated() {
          let (source, target) = (numbers + row * width, g + row * width)
          switch label {
          case .ignored: break
          case .background:
            let (value, slope) = Self.focal(logit: -source[0], focus: focus)
            parts.score += Double(value * scoreFactor)
            target[0] = -slope * scoreFactor
          case .face(let points):
            let (value, slope) = Self.focal(logit: source[0], focus: focus)
            parts.score += Double(value * scoreFactor)
            target[0] = slope * scoreFactor
            for (index, point) in (points ?? []).enumerated() {
              let error = source[index + 1] - point
              let size = abs(error)
              parts.points += Double(
                (size < knee ? 0.5 * error * error / knee : size - knee / 2) * pointFactor)
              target[index + 1] = (size < knee ? error / knee : (error > 0 ? 1 : -1)) * pointFactor
            }
          }
        }
      }
    }
    let value = Tensor([Float(parts.score + parts.points)], shape: [1])
    return (Variable(value, parents: [output]) { dy, _ in [gradient * dy[0]] }, parts)
  }

  /// −(1 − p)^γ log p for p = σ(z), and its slope (1 − p)^γ (γ p log p + p − 1).
  private static func focal(logit z: Float, focus: Float) -> (value: Float, slope: Float) {
    let logP = z > 0 ? -log1pf(expf(-z)) : z - log1pf(expf(z))
    let p = expf(logP)
    let factor = focus > 0 ? powf(1 - p, focus) : 1
    return (-factor * logP, factor * (focus * p * logP + p - 1))
  }
}
