internal import ONNXFiles

/// What a name of an ONNX graph stands for.
enum LoweredValue {
  /// Numbers that do not depend on the picture.
  case constant(ONNXTensor)
  /// A value of the graph that is made.
  case live(LiveValue)
}

/// A value that depends on the picture.
///
/// ONNX orders axes as batch, channel, row, column; the graph has channels last. Transpositions change
/// which axis is which and move no number.
struct LiveValue {
  /// The value in the graph.
  var value: Int
  /// The lengths of the axes as ONNX sees them, the batch first.
  var shape: [Int]
  /// For each axis that ONNX sees, which axis of the graph's value it is; the batch is 0.
  var axes: [Int]

  /// The lengths as they lie in memory, without the batch.
  var stored: [Int] {
    var stored = [Int](repeating: 0, count: shape.count)
    for (axis, place) in axes.enumerated() { stored[place] = shape[axis] }
    return Array(stored.dropFirst())
  }

  /// Whether numbers lie in memory in the order that ONNX sees, but for axes of one place.
  var isInOrder: Bool {
    let places = axes.indices.filter { shape[$0] > 1 || $0 == 0 }.map { axes[$0] }
    return places == places.sorted()
  }
}
