internal import ONNXFiles

/// Operators on constants, as they are needed to find out shapes: ONNX's definitions, on few numbers.
enum ConstantFolding {
  /// The most numbers of a result.
  static let maximumCount = 1 << 24

  /// The result of a node all of whose inputs are constants, or nil if the operator is not known here.
  ///
  /// - Throws: ``ONNXImportError``.
  static func result(
    of node: ONNXNode, _ inputs: [ONNXTensor], operatorSet: Int
  ) throws(ONNXImportError) -> ONNXTensor? {
    func refusal(_ reason: String) -> ONNXImportError {
      .unsupportedNode(node: node.title, reason: reason)
    }
    switch node.operation {
    case "Identity", "Dropout", "Cast":
      guard let x = inputs.first else { throw refusal("it has no input") }
      guard node.operation == "Cast" else { return x }
      return switch node.integer("to") ?? 1 {
      case 1, 10, 11, 16: ONNXTensor(shape: x.shape, .floats(x.floats))
      case 2...7, 12, 13:
        ONNXTensor(
          shape: x.shape, .integers(x.integers ?? x.floats.map { Int($0.clampedToWhole) }))
      default: throw refusal("it casts to a type that is not supported")
      }
    case "Unsqueeze", "Squeeze", "Reshape", "Flatten":
      guard let x = inputs.first else { throw refusal("it has no input") }
      let shape = try ShapeOperators.shape(after: node, of: x.shape, inputs.dropFirst().first)
      guard shape.reduce(1, *) == x.count else {
        throw refusal("\(x.shape) cannot become \(shape)")
      }
      return ONNXTensor(shape: shape, x.elements)
    case "Shape":
      return inputs.first.map { ONNXTensor(shape: [$0.shape.count], .integers($0.shape)) }
    case "Gather": return try gathered(node, inputs)
    case "Concat": return try joined(node, inputs)
    case "Slice": return try sliced(node, inputs, operatorSet: operatorSet)
    case "Transpose":
      guard let x = inputs.first else { throw refusal("it has no input") }
      let order = node.integers("perm") ?? Array(x.shape.indices.reversed())
      guard order.sorted() == Array(x.shape.indices) else { throw refusal("a wrong order of axes") }
      return transposed(x, order)
    case "ConstantOfShape":
      guard let shape = inputs.first?.integers, shape.count <= ONNXModel.maximumRank,
        let count = count(of: shape)
      else { throw refusal("it makes a constant of more numbers than are accepted") }
      guard case .tensor(let value)? = node.attributes["value"], value.count == 1 else {
        return ONNXTensor(shape: shape, .floats([Float](repeating: 0, count: count)))
      }
      return switch value.elements {
      case .floats(let numbers):
        ONNXTensor(shape: shape, .floats([Float](repeating: numbers[0], count: count)))
      case .integers(let numbers):
        ONNXTensor(shape: shape, .integers([Int](repeating: numbers[0], count: count)))
      }
    case "Add", "Sub", "Mul", "Div":
      guard inputs.count == 2 else { throw refusal("it has no two inputs") }
      return try combined(node, inputs[0], inputs[1])
    default: return nil
    }
  }

  /// The product of the axes, if it is within reason.
  static func count(of shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflows, product <= maximumCount else { return nil }
      count = product
    }
    return count
  }

  private static func gathered(
    _ node: ONNXNode, _ inputs: [ONNXTensor]
  ) throws(ONNXImportError) -> ONNXTensor {
    guard inputs.count == 2, let places = inputs[1].integers, node.integer("axis") ?? 0 == 0,
      let length = inputs[0].shape.first, places.allSatisfy({ $0 >= -length && $0 < length }),
      count(of: inputs[1].shape + inputs[0].shape.dropFirst()) != nil
    else {
      throw .unsupportedNode(
        node: node.title, reason: "it gathers from a constant along another axis, or beyond its end"
      )
    }
    let size = length == 0 ? 0 : inputs[0].count / length
    let order = places.flatMap { place -> Range<Int> in
      let first = (place < 0 ? place + length : place) * size
      return first..<first + size
    }
    return picked(
      inputs[0], order, shape: inputs[1].shape + inputs[0].shape.dropFirst())
  }

  private static func joined(
    _ node: ONNXNode, _ inputs: [ONNXTensor]
  ) throws(ONNXImportError) -> ONNXTensor {
    guard let first = inputs.first, first.shape.count == 1,
      inputs.allSatisfy({ $0.shape.count == 1 })
    else {
      throw .unsupportedNode(
        node: node.title, reason: "it joins constants of more than one axis")
    }
    let count = inputs.reduce(0) { $0 + $1.count }
    // Such constants are shapes; a chain of joins could double them without end.
    guard count <= 4096 else {
      throw .unsupportedNode(
        node: node.title, reason: "it joins \(count) constants; the limit is 4096")
    }
    let whole = inputs.compactMap(\.integers)
    return whole.count == inputs.count
      ? ONNXTensor(shape: [count], .integers(whole.flatMap { $0 }))
      : ONNXTensor(shape: [count], .floats(inputs.flatMap(\.floats)))
  }

  private static func sliced(
    _ node: ONNXNode, _ inputs: [ONNXTensor], operatorSet: Int
  ) throws(ONNXImportError) -> ONNXTensor {
    func list(_ place: Int, _ name: String) -> [Int]? {
      operatorSet < 10
        ? node.integers(name) : inputs.count > place ? inputs[place].integers : nil
    }
    guard let x = inputs.first, x.shape.count == 1, let start = list(1, "starts")?.first,
      let end = list(2, "ends")?.first, list(3, "axes") ?? [0] == [0],
      (operatorSet < 10 ? nil : list(4, "steps")) ?? [1] == [1]
    else {
      throw .unsupportedNode(
        node: node.title, reason: "it takes a part of a constant of more than one axis")
    }
    func place(_ index: Int) -> Int {
      min(x.count, max(0, index < 0 ? max(index, -x.count) + x.count : index))
    }
    let range = place(start)..<max(place(start), place(end))
    return picked(x, Array(range), shape: [range.count])
  }

  private static func combined(
    _ node: ONNXNode, _ a: ONNXTensor, _ b: ONNXTensor
  ) throws(ONNXImportError) -> ONNXTensor {
    guard a.shape == b.shape || (a.count == 1 && b.count > 0) || (b.count == 1 && a.count > 0)
    else {
      throw .unsupportedNode(
        node: node.title, reason: "it combines constants of shapes \(a.shape) and \(b.shape)")
    }
    let larger = a.count >= b.count && a.shape.count >= b.shape.count ? a : b
    let count = larger.count
    func at<Number>(_ list: [Number], _ index: Int) -> Number {
      list.count == 1 ? list[0] : list[index]
    }
    if let x = a.integers, let y = b.integers {
      var numbers: [Int] = []
      for index in 0..<count {
        let (l, r) = (at(x, index), at(y, index))
        let (number, overflows) =
          switch node.operation {
          case "Add": l.addingReportingOverflow(r)
          case "Sub": l.subtractingReportingOverflow(r)
          case "Mul": l.multipliedReportingOverflow(by: r)
          default: l.dividedReportingOverflow(by: r)
          }
        guard !overflows else {
          throw .unsupportedNode(node: node.title, reason: "its result is no 64-bit number")
        }
        numbers.append(number)
      }
      return ONNXTensor(shape: larger.shape, .integers(numbers))
    }
    let (x, y) = (a.floats, b.floats)
    return ONNXTensor(
      shape: larger.shape,
      .floats(
        (0..<count).map { index in
          let (l, r) = (at(x, index), at(y, index))
          return switch node.operation {
          case "Add": l + r
          case "Sub": l - r
          case "Mul": l * r
          default: l / r
          }
        }))
  }

  /// A constant with its axes in another order.
  static func transposed(_ x: ONNXTensor, _ order: [Int]) -> ONNXTensor {
    var steps = [Int](repeating: 1, count: x.shape.count)
    for axis in x.shape.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * x.shape[axis + 1]
    }
    let shape = order.map { x.shape[$0] }
    var places: [Int] = x.count == 0 ? [] : [0]
    for axis in order where !places.isEmpty {
      places = places.flatMap { place in (0..<x.shape[axis]).map { place + $0 * steps[axis] } }
    }
    return picked(x, places, shape: shape)
  }

  private static func picked(_ x: ONNXTensor, _ places: [Int], shape: [Int]) -> ONNXTensor {
    switch x.elements {
    case .floats(let numbers): ONNXTensor(shape: shape, .floats(places.map { numbers[$0] }))
    case .integers(let numbers): ONNXTensor(shape: shape, .integers(places.map { numbers[$0] }))
    }
  }
}

extension Float {
  /// The number towards zero, within what a whole number can be.
  fileprivate var clampedToWhole: Float {
    isNaN ? 0 : Swift.min(9e18, Swift.max(-9e18, rounded(.towardZero)))
  }
}
