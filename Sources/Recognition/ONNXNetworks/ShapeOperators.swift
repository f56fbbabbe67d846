internal import ONNXFiles

/// What Reshape, Flatten, Squeeze and Unsqueeze make of a shape.
enum ShapeOperators {
  /// The shape after a node, its `argument` being the constant that it takes beside the value.
  ///
  /// - Throws: ``ONNXImportError`` for axes that there are not.
  static func shape(
    after node: ONNXNode, of shape: [Int], _ argument: ONNXTensor?
  ) throws(ONNXImportError) -> [Int] {
    func refusal(_ reason: String) -> ONNXImportError {
      .unsupportedNode(node: node.title, reason: reason)
    }
    /// Axes counted from the front, each once.
    func axes(_ list: [Int], of rank: Int) throws(ONNXImportError) -> [Int] {
      guard list.allSatisfy({ $0 >= -rank && $0 < rank }) else {
        throw refusal("the axes \(list) are not among \(rank)")
      }
      let axes = list.map { $0 < 0 ? $0 + rank : $0 }
      guard Set(axes).count == axes.count else { throw refusal("an axis is named twice") }
      return axes.sorted()
    }
    let list = argument?.integers ?? node.integers("axes")
    switch node.operation {
    case "Unsqueeze":
      guard let list, shape.count + list.count <= ONNXModel.maximumRank else {
        throw refusal("it names no axes, or too many")
      }
      var result = shape
      for axis in try axes(list, of: shape.count + list.count) { result.insert(1, at: axis) }
      return result
    case "Squeeze":
      let gone =
        try list.map { list throws(ONNXImportError) in try axes(list, of: shape.count) }
        ?? shape.indices.filter { $0 > 0 && shape[$0] == 1 }
      guard gone.allSatisfy({ shape[$0] == 1 }) else {
        throw refusal("it removes an axis of more than one place from \(shape)")
      }
      return shape.indices.filter { !gone.contains($0) }.map { shape[$0] }
    case "Flatten":
      let axis = node.integer("axis") ?? 1
      guard axis >= -shape.count, axis <= shape.count else {
        throw refusal("the axis \(axis) is not among \(shape.count)")
      }
      let place = axis < 0 ? axis + shape.count : axis
      return [shape[..<place].reduce(1, *), shape[place...].reduce(1, *)]
    default:
      guard var target = argument?.integers ?? node.integers("shape"),
        target.count <= ONNXModel.maximumRank
      else { throw refusal("its shape is no constant") }
      for (axis, length) in target.enumerated() where length == 0 {
        guard axis < shape.count, node.integer("allowzero") ?? 0 == 0 else {
          throw refusal("the shape \(target) has an axis without places")
        }
        target[axis] = shape[axis]
      }
      let open = target.indices.filter { target[$0] == -1 }
      guard open.count <= 1, target.allSatisfy({ $0 >= -1 }),
        let known = ConstantFolding.count(of: target.filter { $0 != -1 })
      else { throw refusal("the shape \(target) makes no sense") }
      let count = shape.reduce(1, *)
      if let place = open.first {
        guard known > 0, count % known == 0 else {
          throw refusal("\(shape) cannot become \(target)")
        }
        target[place] = count / known
      }
      guard ConstantFolding.count(of: target) == count else {
        throw refusal("\(shape) cannot become \(target)")
      }
      return target
    }
  }
}

extension ONNXNode {
  func integer(_ name: String) -> Int? {
    if case .integer(let number)? = attributes[name] { number } else { nil }
  }

  func float(_ name: String) -> Float? {
    if case .float(let number)? = attributes[name] { number } else { nil }
  }

  func integers(_ name: String) -> [Int]? {
    if case .integers(let numbers)? = attributes[name] { numbers } else { nil }
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = attributes[name] { text } else { nil }
  }
}
