private import Glibc
private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// The sum of all numbers.
  public func sum() -> Variable {
    let shape = value.shape
    return Variable(Tensor([Float(value.sum)], shape: [1]), parents: [self]) { dy, _ in
      [Tensor(repeating: dy[0], shape: shape)]
    }
  }

  /// ½‖x − y‖² summed over everything and divided by the batch (equations 2, 5 and 7).
  public func halfSquaredDistance(to other: Variable) -> Variable {
    let difference = value - other.value
    let batch = Float(max(1, value.shape.first ?? 1))
    let loss = Float(0.5 * difference.dot(difference)) / batch
    return Variable(Tensor([loss], shape: [1]), parents: [self, other]) { dy, wanted in
      let factor = dy[0] / batch
      return [
        wanted[0] ? difference * factor : nil, wanted[1] ? difference * -factor : nil,
      ]
    }
  }

  /// ‖x − y‖² row by row: (n, d) and (n, d) to (n).
  public func squaredRowDistances(to other: Variable) -> Variable {
    let difference = value - other.value
    let (rows, depth) = (difference.shape[0], difference.shape[1])
    let distances = difference.read { difference in
      (0..<rows).map { row -> Float in
        var sum = 0.0
        for i in 0..<depth {
          let d = Double(difference[row * depth + i])
          sum += d * d
        }
        return Float(sum)
      }
    }
    return Variable(Tensor(distances, shape: [rows]), parents: [self, other]) { dy, wanted in
      let dx = Tensor.read(dy, difference) { dy, difference in
        Tensor(shape: [rows, depth]) { dx in
          for row in 0..<rows {
            for i in row * depth..<(row + 1) * depth { dx[i] = 2 * dy[row] * difference[i] }
          }
        }
      }
      return [wanted[0] ? dx : nil, wanted[1] ? dx * -1 : nil]
    }
  }

  /// The Kullback–Leibler divergence of N(μ, exp ε) from N(0, 1), over the batch (equation 3).
  ///
  /// ½ Σ (μ² + exp ε − ε − 1) / batch, with `self` = μ and ε = log σ², both (batch, latent).
  ///
  /// - `floor`: a number whose mean over the batch is not above it has no gradient.
  public func divergenceFromNormal(logVariance: Variable, floor: Float = 0) -> Variable {
    let (mean, log) = (value, logVariance.value)
    let (batch, latent) = (mean.shape[0], mean.shape[1])
    let terms = Tensor.combine(mean, log) { 0.5 * ($0 * $0 + expf($1) - $1 - 1) }
    var counts = [Float](repeating: 1, count: latent)
    if floor > 0 {
      for column in 0..<latent {
        var sum: Float = 0
        for row in 0..<batch { sum += terms[row * latent + column] }
        counts[column] = sum > floor * Float(batch) ? 1 : 0
      }
    }
    let kept = Tensor((0..<batch).flatMap { _ in counts }, shape: [batch, latent])
    return Variable(
      Tensor([Float(terms.sum) / Float(batch)], shape: [1]), parents: [self, logVariance]
    ) { dy, wanted in
      let factor = dy[0] / Float(batch)
      return [
        wanted[0] ? Tensor.combine(mean, kept) { $0 * factor * $1 } : nil,
        wanted[1] ? Tensor.combine(log, kept) { 0.5 * (expf($0) - 1) * factor * $1 } : nil,
      ]
    }
  }

  /// −log softmax at the label, averaged over the rows (equations 1 and 6).
  ///
  /// With cosines as input, `margin` is taken off the label's cosine before all are multiplied by
  /// `scale`: additive-margin softmax (Wang et al., "CosFace", 2018, equation 4).
  ///
  /// - `labels`: for each row the column that is right.
  public func softmaxCrossEntropy(
    labels: [Int], scale: Float = 1, margin: Float = 0
  ) -> Variable {
    let x = value
    let (rows, classes) = (x.shape[0], x.shape[1])
    precondition(
      labels.count == rows && labels.allSatisfy { $0 >= 0 && $0 < classes },
      "\(labels.count) labels for \(rows) rows of \(classes) classes")
    var logSums = [Double](repeating: 0, count: rows)
    var right = 0.0
    let probabilities = x.read { numbers in
      Tensor(shape: x.shape) { p in
        // Unchecked: each iteration writes its own row.
        nonisolated(unsafe) let (numbers, p) = (numbers, p)
        WorkerPool.shared.forEach(rows) { row in
          let (source, target) = (numbers + row * classes, p + row * classes)
          for i in 0..<classes { target[i] = source[i] * scale }
          target[labels[row]] -= scale * margin
        }
        for (row, label) in labels.enumerated() { right += Double(p[row * classes + label]) }
        Compute.kernels.softmax(p, rows: rows, columns: classes, logSums: &logSums)
      }
    }
    let loss = logSums.reduce(0, +) - right
    return Variable(Tensor([Float(loss / Double(rows))], shape: [1]), parents: [self]) { dy, _ in
      var dx = probabilities * (dy[0] * scale / Float(rows))
      dx.update { dx in
        for (row, label) in labels.enumerated() {
          dx[row * classes + label] -= dy[0] * scale / Float(rows)
        }
      }
      return [dx]
    }
  }

  /// −log σ(x) or −log(1 − σ(x)), averaged: the two halves of equation (4), on logits.
  ///
  /// - `target`: the probability that is right, 0…1.
  public func logisticLoss(target: Float) -> Variable {
    let x = value
    let count = Float(x.count)
    var loss = 0.0
    for i in 0..<x.count {
      let z = Double(x[i])
      // log(1 + exp(−|z|)) stays exact where exp(z) would overflow.
      loss += max(z, 0) - z * Double(target) + log1p(exp(-abs(z)))
    }
    return Variable(Tensor([Float(loss) / count], shape: [1]), parents: [self]) { dy, _ in
      let d = dy[0]
      return [x.map { (1 / (1 + expf(-$0)) - target) * d / count }]
    }
  }

  /// max(0, 1 − x) or max(0, 1 + x), averaged: the halves of the hinge loss, on logits.
  ///
  /// - `isAbove`: whether the numbers are to be above 1, or else below −1.
  public func hingeLoss(isAbove: Bool) -> Variable {
    let (x, sign, count) = (value, Float(isAbove ? 1 : -1), Float(value.count))
    let terms = x.map { max(0, 1 - sign * $0) }
    return Variable(Tensor([Float(terms.sum) / count], shape: [1]), parents: [self]) { dy, _ in
      let d = dy[0]
      return [terms.map { $0 > 0 ? -sign * d / count : 0 }]
    }
  }
}
