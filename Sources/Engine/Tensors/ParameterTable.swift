public import KernelSupport

/// The numbers of a network by name, in a fixed order: weights that are trained, and statistics
/// that are gathered beside them.
///
/// A value: a copy is a snapshot. Names are those of the weight file, `block1.conv1.weight`.
public struct ParameterTable: Sendable, Equatable {
  /// The names, in the order in which they were added.
  public private(set) var names: [String] = []

  private var tensors: [String: Tensor] = [:]

  /// Creates an empty table.
  public init() {}

  /// The tensor of this name, if there is one; setting adds or replaces it.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      if tensors.updateValue(newValue ?? Tensor(zeros: [0]), forKey: name) == nil {
        names.append(name)
      }
    }
  }

  /// Names ending like this hold running statistics: saved, but not trained.
  static let statisticSuffixes = [".running_mean", ".running_variance"]

  /// The names of what is trained.
  public var trainableNames: [String] {
    names.filter { name in !Self.statisticSuffixes.contains { name.hasSuffix($0) } }
  }

  /// The count of trained numbers.
  public var trainableCount: Int {
    trainableNames.reduce(0) { $0 + (tensors[$1]?.count ?? 0) }
  }

  /// Changes the tensor of this name in place.
  ///
  /// - Precondition: there is one.
  public mutating func update(_ name: String, _ body: (inout Tensor) -> Void) {
    // Taken out for the change, so that the table holds no second reference and nothing is copied.
    guard var tensor = tensors.removeValue(forKey: name) else {
      preconditionFailure("no parameter '\(name)'")
    }
    body(&tensor)
    tensors[name] = tensor
  }

  /// Lends the numbers of a tensor to `body`, to be changed in place.
  ///
  /// - Precondition: there is one of this name.
  public mutating func updateNumbers(_ name: String, _ body: (Destination) -> Void) {
    update(name) { $0.update(body) }
  }

  /// Lends the numbers of two tensors to `body`, to be changed in place.
  ///
  /// - Precondition: there is one of each name, and the names differ.
  public mutating func updateNumbers(
    _ first: String, _ second: String, _ body: (Destination, Destination) -> Void
  ) {
    guard var a = tensors.removeValue(forKey: first), var b = tensors.removeValue(forKey: second)
    else { preconditionFailure("no two parameters '\(first)' and '\(second)'") }
    a.update { a in b.update { b in body(a, b) } }
    (tensors[first], tensors[second]) = (a, b)
  }

  /// Moves running statistics towards those of a batch: r ← (1 − momentum) · r + momentum · batch.
  public mutating func update(runningStatistics batch: [String: Tensor], momentum: Float = 0.1) {
    for (name, value) in batch {
      update(name) { running in
        running = Tensor.combine(running, value) { (1 - momentum) * $0 + momentum * $1 }
      }
    }
  }

  /// Moves all numbers towards those of `other`: an exponential moving average.
  public mutating func move(towards other: ParameterTable, decay: Float) {
    for name in names {
      guard let target = other[name] else { preconditionFailure("no parameter '\(name)'") }
      update(name) { average in
        let count = average.count
        precondition(count == target.count, "'\(name)' has another shape in the other table")
        target.read { source in
          average.update { for i in 0..<count { $0[i] += (1 - decay) * (source[i] - $0[i]) } }
        }
      }
    }
  }

  /// The table with `prefix` before each name.
  public func prefixed(_ prefix: String) -> ParameterTable {
    var result = ParameterTable()
    for name in names { result[prefix + name] = tensors[name] }
    return result
  }

  /// The entries whose names start with `prefix`, without it.
  public func entries(under prefix: String) -> ParameterTable {
    var result = ParameterTable()
    for name in names where name.hasPrefix(prefix) {
      result[String(name.dropFirst(prefix.count))] = tensors[name]
    }
    return result
  }

  /// Whether all numbers are finite.
  public var isFinite: Bool { tensors.values.allSatisfy { $0.isFinite } }
}
