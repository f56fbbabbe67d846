package import Files

/// Why a checkpoint, a model file or a manifest could not be read or written.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused to read this file.
  case unreadable(path: String, reason: String)
  /// The operating system refused to write this file.
  case unwritable(path: String, reason: String)
  /// A file or header is longer than the limit, in bytes.
  case tooLarge(what: String, bytes: UInt64, limit: UInt64)
  /// The bytes end before what the format announces.
  case truncated(expected: UInt64, found: UInt64)
  /// The safetensors header is not what the format prescribes at this byte of the header.
  case malformedHeader(position: Int, expected: String)
  /// Two tensors, or two metadata entries, bear the same name.
  case duplicateName(String)
  /// The element type is not one of F32, F16, U64 and I64.
  case unsupportedType(tensor: String, type: String)
  /// The tensor's byte range does not hold as many elements as its shape.
  case wrongLength(tensor: String, shape: [Int], expected: Int, found: Int)
  /// The tensor's byte range leaves a hole, overlaps another, or leaves the file.
  case wrongOffsets(tensor: String, begin: Int, expected: Int)
  /// Bytes after the last tensor belong to none.
  case unclaimedBytes(count: Int)
  /// An element is NaN or infinite where finite numbers were asked for.
  case notFinite(tensor: String, index: Int)
  /// A finite element is too large for the half-precision format.
  case notRepresentable(tensor: String, index: Int, value: Float)
  /// The file has no tensor of this name.
  case missingTensor(String)
  /// The tensor has another shape than the reader asked for.
  case wrongShape(tensor: String, expected: [Int], found: [Int])
  /// A count in the file is beyond what makes sense.
  case countOutOfRange(tensor: String, value: UInt64, limit: UInt64)
  /// The file describes networks of more numbers than it holds.
  case tooFewNumbers(expected: Int, found: Int)
  /// The manifest was written for another version of its schema.
  case unsupportedSchema(path: String, expected: Int, found: Int)
  /// The manifest is not what the schema prescribes.
  case malformedManifest(path: String, reason: String)
  /// The manifest has no model of this name.
  case unknownModel(name: String, known: [String])
  /// The manifest names a file outside its own folder.
  case unsafeFileName(String)
  /// The file is not as long as the manifest says, in bytes.
  case wrongSize(file: String, expected: Int, found: Int)
  /// The file's SHA-256 is not the manifest's.
  case wrongChecksum(file: String, expected: String, found: String)
  /// The model was made with another version of a model than the manifest now has.
  case madeWithAnother(model: String, partner: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read '\(path)': \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path)': \(reason)"
    case .tooLarge(let what, let bytes, let limit):
      "\(what) has \(bytes) bytes; the limit is \(limit)"
    case .truncated(let expected, let found): "file has \(found) bytes; expected \(expected)"
    case .malformedHeader(let position, let expected):
      "safetensors header is malformed at byte \(position); expected \(expected)"
    case .duplicateName(let name): "name '\(name)' occurs twice"
    case .unsupportedType(let tensor, let type):
      "tensor '\(tensor)' has type '\(type)'; expected F32, F16, U64 or I64"
    case .wrongLength(let tensor, let shape, let expected, let found):
      "tensor '\(tensor)' of shape \(shape) has \(found) bytes; expected \(expected)"
    case .wrongOffsets(let tensor, let begin, let expected):
      "tensor '\(tensor)' begins at byte \(begin) of the data; expected \(expected)"
    case .unclaimedBytes(let count): "\(count) bytes of data belong to no tensor; expected none"
    case .notFinite(let tensor, let index):
      "element \(index) of tensor '\(tensor)' is not finite"
    case .notRepresentable(let tensor, let index, let value):
      "element \(index) of tensor '\(tensor)' is \(value); half precision ends at 65504"
    case .missingTensor(let name): "no tensor '\(name)' in the file"
    case .wrongShape(let tensor, let expected, let found):
      "tensor '\(tensor)' has shape \(found); expected \(expected)"
    case .countOutOfRange(let tensor, let value, let limit):
      "tensor '\(tensor)' counts \(value); expected at most \(limit)"
    case .tooFewNumbers(let expected, let found):
      "the file holds \(found) numbers; its networks need at least \(expected)"
    case .unsupportedSchema(let path, let expected, let found):
      "manifest '\(path)' has schema \(found); expected \(expected)"
    case .malformedManifest(let path, let reason): "manifest '\(path)' is malformed: \(reason)"
    case .unknownModel(let name, let known):
      "no model '\(name)' in the manifest; it has \(known.joined(separator: ", "))"
    case .unsafeFileName(let file):
      "file name '\(file)' leaves the model folder; expected a relative path without '..'"
    case .wrongSize(let file, let expected, let found):
      "file '\(file)' has \(found) bytes; expected \(expected)"
    case .wrongChecksum(let file, let expected, let found):
      "file '\(file)' has SHA-256 \(found); expected \(expected)"
    case .madeWithAnother(let model, let partner):
      "'\(model)' was made with another '\(partner)' than the manifest has; train it anew"
    }
  }
}

extension CheckpointError {
  /// What a file's error means to whoever reads or writes a model.
  package init(_ error: FileError) {
    self =
      switch error {
      case .missing, .notRegular, .unreadable: .unreadable(path: error.path, reason: error.reason)
      case .unwritable: .unwritable(path: error.path, reason: error.reason)
      case .tooLarge(let path, let bytes, let limit):
        .tooLarge(what: "file '\(path)'", bytes: UInt64(bytes), limit: UInt64(limit))
      case .truncated(_, let expected, let found):
        .truncated(expected: UInt64(expected), found: UInt64(found))
      }
  }
}
