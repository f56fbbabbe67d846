private import Glibc
internal import Tensors

extension Variable {
  /// Batches one after the other, so that a network sees them as one; their entries have one shape.
  ///
  /// - Precondition: there is at least one.
  public convenience init(joining batches: [Variable]) {
    let sizes = batches.map { $0.value.shape[0] }
    self.init(Tensor(joining: batches.map(\.value)), parents: batches) { dy, wanted in
      var first = 0
      return sizes.indices.map { index in
        defer { first += sizes[index] }
        return wanted[index] ? dy.entries(first..<first + sizes[index]) : nil
      }
    }
  }

  /// Entries `range` of a batch.
  ///
  /// - Precondition: it has them.
  public func entries(_ range: Range<Int>) -> Variable {
    let shape = value.shape
    return Variable(value.entries(range), parents: [self]) { dy, _ in
      let size = dy.count / max(1, range.count)
      return [
        dy.read { numbers in
          Tensor(shape: shape) { dx in
            memset(dx, 0, shape.reduce(4, *))
            memcpy(dx + range.lowerBound * size, numbers, dy.count * 4)
          }
        }
      ]
    }
  }
}
