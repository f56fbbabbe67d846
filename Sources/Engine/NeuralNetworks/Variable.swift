public import Tensors

/// A value in a computation, with what is needed to carry gradients back through it.
///
/// Operations are methods that return new variables. Nothing is recorded unless an input is
/// tracked, so an inference that starts from constants keeps no memory.
///
///     let x = Variable(tracked: pixels)
///     let loss = network(x).squaredDistance(to: target).sum()
///     let [dx] = gradients(of: loss, withRespectTo: [x])
public final class Variable {
  /// The value.
  public let value: Tensor

  /// Whether gradients can be carried through this variable.
  public let isTracked: Bool

  let parents: [Variable]

  /// Maps ∂L/∂value to ∂L/∂parent for each parent that is wanted.
  let pullback: ((_ gradient: inout Tensor, _ wanted: [Bool]) -> [Tensor?])?

  /// Creates a constant.
  public init(_ value: Tensor) {
    (self.value, isTracked, parents, pullback) = (value, false, [], nil)
  }

  /// Creates a leaf with respect to which gradients can be asked for.
  public init(tracked value: Tensor) {
    (self.value, isTracked, parents, pullback) = (value, true, [], nil)
  }

  /// Creates the result of an operation.
  ///
  /// - `pullback`: returns one gradient per parent, `nil` for those not wanted; may change the one that it
  ///   gets, whose memory is mostly its own.
  public init(
    _ value: Tensor, parents: [Variable],
    pullback: @escaping (_ gradient: inout Tensor, _ wanted: [Bool]) -> [Tensor?]
  ) {
    self.value = value
    isTracked = parents.contains { $0.isTracked }
    (self.parents, self.pullback) = isTracked ? (parents, pullback) : ([], nil)
  }

  /// The same value as a constant: gradients stop here.
  public var detached: Variable { Variable(value) }
}

/// The gradients of a scalar with respect to variables it was computed from.
///
/// Only the paths that lead to `targets` are walked: a network whose parameters are no targets
/// costs no weight gradients. A target that `loss` does not depend on gets zeros.
///
/// - `loss`: one number, unless `seed` is given.
/// - `seed`: ∂L/∂loss; 1 if omitted.
/// - Returns: one tensor per target, of the target's shape.
public func gradients(
  of loss: Variable, withRespectTo targets: [Variable], seed: Tensor? = nil
) -> [Tensor] {
  precondition(
    seed != nil || loss.value.count == 1, "the loss has shape \(loss.value.shape), not one number")
  let wanted = Set(targets.map(ObjectIdentifier.init))
  let order = topologicalOrder(from: loss)
  var leads = Set<ObjectIdentifier>()
  for node in order {
    if wanted.contains(ObjectIdentifier(node))
      || node.parents.contains(where: { leads.contains(ObjectIdentifier($0)) })
    {
      leads.insert(ObjectIdentifier(node))
    }
  }
  var collected: [ObjectIdentifier: Tensor] = [
    ObjectIdentifier(loss): seed ?? Tensor(repeating: 1, shape: loss.value.shape)
  ]
  for node in order.reversed() where leads.contains(ObjectIdentifier(node)) {
    let key = ObjectIdentifier(node)
    guard let pullback = node.pullback, var gradient = collected[key] else { continue }
    let needs = node.parents.map { leads.contains(ObjectIdentifier($0)) }
    guard needs.contains(true) else { continue }
    // Gradients of inner nodes are not asked for again: free them as soon as they are used.
    if !wanted.contains(key) { collected[key] = nil }
    for (parent, part) in zip(node.parents, pullback(&gradient, needs)) {
      guard let part, leads.contains(ObjectIdentifier(parent)) else { continue }
      precondition(
        part.shape == parent.value.shape,
        "gradient of shape \(part.shape) for a value of shape \(parent.value.shape)")
      let place = ObjectIdentifier(parent)
      // Taken out for the sum, so that it may be made in place.
      guard var sum = collected.removeValue(forKey: place) else {
        collected[place] = part
        continue
      }
      sum += part
      collected[place] = sum
    }
  }
  return targets.map { collected[ObjectIdentifier($0)] ?? Tensor(zeros: $0.value.shape) }
}

/// Every variable that `root` was computed from, each after its parents.
private func topologicalOrder(from root: Variable) -> [Variable] {
  var order: [Variable] = []
  var seen = Set<ObjectIdentifier>()
  var stack: [(node: Variable, next: Int)] = [(root, 0)]
  seen.insert(ObjectIdentifier(root))
  while let (node, next) = stack.last {
    if next < node.parents.count {
      stack[stack.count - 1].next += 1
      let parent = node.parents[next]
      if parent.isTracked && seen.insert(ObjectIdentifier(parent)).inserted {
        stack.append((parent, 0))
      }
    } else {
      order.append(node)
      stack.removeLast()
    }
  }
  return order
}
