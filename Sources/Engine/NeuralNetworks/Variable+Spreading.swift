private import Glibc
public import Tensors

extension Variable {
  /// Axes of one place repeated: to the same count of axes, each as long as before or longer than one.
  ///
  /// The gradient of what was repeated is the sum over the repetitions, in their order.
  ///
  /// - Precondition: axes that change have one place.
  public func spread(to shape: [Int]) -> Variable {
    let old = value.shape
    guard old != shape else { return self }
    precondition(
      old.count == shape.count && zip(old, shape).allSatisfy { $0 == $1 || $0 == 1 },
      "shape \(old) cannot be spread to \(shape)")
    let steps = strides(of: old).enumerated().map { old[$0.offset] == 1 ? 0 : $0.element }
    let y = value.read { x in
      Tensor(shape: shape) { y in
        eachLine(shape, steps) { line, place, count, step in
          let (target, source) = (y + line * count, x + place)
          for i in 0..<count { target[i] = source[i * step] }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      var dx = Tensor(zeros: old)
      dy.read { dy in
        dx.update { dx in
          eachLine(shape, steps) { line, place, count, step in
            let (source, target) = (dy + line * count, dx + place)
            for i in 0..<count { target[i * step] += source[i] }
          }
        }
      }
      return [dx]
    }
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]`.
  ///
  /// - Precondition: `order` names each axis once.
  public func permuted(_ order: [Int]) -> Variable {
    let old = value.shape
    precondition(order.sorted() == Array(old.indices), "\(order) is no order of \(old.count) axes")
    let back = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    return Variable(value.permuted(order), parents: [self]) { dy, _ in [dy.permuted(back)] }
  }
}

extension Tensor {
  /// The axes in another order: axis `i` of the result is axis `order[i]`.
  ///
  /// - Precondition: `order` names each axis once.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(shape.indices), "\(order) is no order of \(shape)")
    let steps = strides(of: shape)
    let shape = order.map { self.shape[$0] }
    return read { numbers in
      Tensor(shape: shape) { y in
        eachLine(shape, order.map { steps[$0] }) { line, place, count, step in
          let (target, source) = (y + line * count, numbers + place)
          for i in 0..<count { target[i] = source[i * step] }
        }
      }
    }
  }
}

/// How far apart neighbours along each axis lie.
private func strides(of shape: [Int]) -> [Int] {
  var (steps, step) = ([Int](repeating: 1, count: shape.count), 1)
  for axis in shape.indices.reversed() {
    steps[axis] = step
    step *= shape[axis]
  }
  return steps
}

/// Calls `body` for each line along the last axis of `shape`, in order.
///
/// - `steps`: how far apart neighbours along each axis lie in the other array.
private func eachLine(
  _ shape: [Int], _ steps: [Int],
  _ body: (_ line: Int, _ place: Int, _ count: Int, _ step: Int) -> Void
) {
  guard let count = shape.last, let step = steps.last else { return body(0, 0, 1, 1) }
  let outer = Array(shape.dropLast())
  var (counter, place) = ([Int](repeating: 0, count: outer.count), 0)
  for line in 0..<outer.reduce(1, *) {
    body(line, place, count, step)
    for axis in outer.indices.reversed() {
      counter[axis] += 1
      place += steps[axis]
      if counter[axis] < outer[axis] { break }
      place -= steps[axis] * counter[axis]
      counter[axis] = 0
    }
  }
}
