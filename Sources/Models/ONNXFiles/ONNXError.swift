internal import Files

/// Why a file is no ONNX model that is accepted.
public enum ONNXError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// The bytes are no protocol buffer; `offset` is in bytes from the start of the file.
  case malformed(offset: Int, expected: String)
  /// There is more of something than is accepted.
  case tooMany(what: String, limit: Int)
  /// The file has no graph.
  case noGraph
  /// A name is not UTF-8, or too long.
  case badName(offset: Int)
  /// The version of the operator set is out of range; 0 if the file names none.
  case unsupportedVersion(Int)
  /// The numbers of a tensor lie in another file.
  case externalData(tensor: String)
  /// A tensor's elements are of a type that is not read.
  case unsupportedType(tensor: String, type: Int)
  /// A tensor's axes are negative, too many, or too long.
  case badShape(tensor: String, shape: [Int])
  /// A tensor holds another count of elements than its shape.
  case wrongCount(tensor: String, shape: [Int], found: Int)
  /// A number of a tensor is NaN or infinite.
  case notFinite(tensor: String, index: Int)
  /// Two tensors, or two results, bear one name.
  case duplicate(String)
  /// A node holds another graph: a branch or a loop.
  case subgraph(node: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .malformed(let offset, let expected):
      "no ONNX file: at byte \(offset) expected \(expected)"
    case .tooMany(let what, let limit): "the ONNX file has too many \(what); at most \(limit)"
    case .noGraph: "the ONNX file has no graph"
    case .badName(let offset):
      "the name at byte \(offset) of the ONNX file is no UTF-8 of at most "
        + "\(ONNXModel.maximumNameBytes) bytes"
    case .unsupportedVersion(let version):
      "the ONNX file is of operator set \(version); expected "
        + "\(ONNXModel.operatorSets.lowerBound) to \(ONNXModel.operatorSets.upperBound)"
    case .externalData(let tensor):
      "the numbers of '\(tensor)' lie in another file; expected all in the ONNX file"
    case .unsupportedType(let tensor, let type):
      "'\(tensor)' has elements of ONNX type \(type); expected floating-point or whole numbers"
    case .badShape(let tensor, let shape):
      "'\(tensor)' has the shape \(shape); expected at most \(ONNXModel.maximumRank) axes of 0 or "
        + "more and at most \(ONNXModel.maximumElements) numbers"
    case .wrongCount(let tensor, let shape, let found):
      "'\(tensor)' of shape \(shape) holds \(found) numbers"
    case .notFinite(let tensor, let index): "number \(index) of '\(tensor)' is not finite"
    case .duplicate(let name): "the name '\(name)' is given twice in the ONNX file"
    case .subgraph(let node): "node \(node) holds a graph of its own, which is not supported"
    }
  }
}

extension ONNXError {
  init(_ error: FileError) { self = .unreadable(path: error.path, reason: error.reason) }
}
