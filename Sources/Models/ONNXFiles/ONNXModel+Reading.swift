private import Files

extension ONNXModel {
  /// Reads a file.
  ///
  /// - Throws: ``ONNXError``.
  public init(path: String) throws(ONNXError) {
    let bytes: [UInt8]
    do { bytes = try ReadableFile.bytes(of: path, limit: Self.maximumFileBytes) } catch {
      throw ONNXError(error)
    }
    try self.init(bytes: bytes)
  }

  /// Reads a model from a file's bytes.
  ///
  /// Nothing in `bytes` is trusted: counts, lengths and shapes are checked before memory is taken, and no
  /// more is taken than a small multiple of `bytes.count`.
  ///
  /// - Throws: ``ONNXError``, never anything else.
  public init(bytes: [UInt8]) throws(ONNXError) {
    var reader = ProtobufReader(bytes[...])
    var (graph, version) = (nil as ArraySlice<UInt8>?, 0)
    while let (field, value) = try reader.next() {
      switch field {
      case 7:
        guard graph == nil else { throw .duplicate("graph") }
        graph = try value.message(at: reader.offset, "a graph")
      case 8:
        let (domain, found) = try Self.operatorSet(
          value.message(at: reader.offset, "an operator set"))
        if domain.isEmpty || domain == "ai.onnx" { version = found }
      default: continue
      }
    }
    guard let graph else { throw .noGraph }
    guard Self.operatorSets.contains(version) else { throw .unsupportedVersion(version) }
    try self.init(graph: graph, operatorSet: version)
  }

  private static func operatorSet(
    _ bytes: ArraySlice<UInt8>
  ) throws(ONNXError) -> (domain: String, version: Int) {
    var reader = ProtobufReader(bytes)
    var (domain, version) = ("", 0)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: domain = try value.name(at: reader.offset)
      case 2: version = try value.integer(at: reader.offset, "a version")
      default: continue
      }
    }
    return (domain, version)
  }

  private init(graph: ArraySlice<UInt8>, operatorSet: Int) throws(ONNXError) {
    self.init(operatorSet: operatorSet, nodes: [], tensors: [:], inputs: [], outputs: [])
    var reader = ProtobufReader(graph)
    while let (field, value) = try reader.next() {
      let offset = reader.offset
      switch field {
      case 1:
        guard nodes.count < Self.maximumNodes else {
          throw .tooMany(what: "nodes", limit: Self.maximumNodes)
        }
        nodes.append(try ONNXNode(value.message(at: offset, "a node")))
      case 5:
        guard tensors.count < Self.maximumTensors else {
          throw .tooMany(what: "constants", limit: Self.maximumTensors)
        }
        let (name, tensor) = try ONNXTensor.read(value.message(at: offset, "a constant"))
        guard tensors.updateValue(tensor, forKey: name) == nil else { throw .duplicate(name) }
      case 11:
        try Self.add(value, at: offset, to: &inputs)
      case 12:
        try Self.add(value, at: offset, to: &outputs)
      case 15: throw .unsupportedType(tensor: "a sparse constant", type: 0)
      default: continue
      }
    }
    // Old files list constants among the inputs.
    inputs.removeAll { tensors[$0.name] != nil }
  }

  private static func add(
    _ value: ProtobufReader.Value, at offset: Int, to list: inout [ONNXValue]
  ) throws(ONNXError) {
    guard list.count < maximumListCount else {
      throw .tooMany(what: "inputs or outputs", limit: maximumListCount)
    }
    list.append(try ONNXValue(value.message(at: offset, "an input or output")))
  }
}

extension ONNXValue {
  fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ONNXError) {
    self.init("", shape: nil, isFloat: false)
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: name = try value.name(at: reader.offset)
      case 2:
        var type = ProtobufReader(try value.message(at: reader.offset, "a type"))
        while let (field, value) = try type.next() {
          guard field == 1 else { continue }
          try read(tensorType: value.message(at: type.offset, "a tensor's type"))
        }
      default: continue
      }
    }
  }

  private mutating func read(tensorType bytes: ArraySlice<UInt8>) throws(ONNXError) {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch field {
      case 1: isFloat = try value.integer(at: reader.offset, "a type") == 1
      case 2:
        var axes: [Int?] = []
        var list = ProtobufReader(try value.message(at: reader.offset, "a shape"))
        while let (field, value) = try list.next() {
          guard field == 1 else { continue }
          guard axes.count < ONNXModel.maximumRank else {
            throw .tooMany(what: "axes of '\(name)'", limit: ONNXModel.maximumRank)
          }
          axes.append(try Self.axis(value.message(at: list.offset, "an axis")))
        }
        shape = axes
      default: continue
      }
    }
  }

  /// The length of an axis; nil if it has a name instead.
  private static func axis(_ bytes: ArraySlice<UInt8>) throws(ONNXError) -> Int? {
    var reader = ProtobufReader(bytes)
    var length: Int?
    while let (field, value) = try reader.next() {
      guard field == 1 else { continue }
      length = try value.integer(at: reader.offset, "an axis")
    }
    return length
  }
}

extension ONNXNode {
  fileprivate init(_ bytes: ArraySlice<UInt8>) throws(ONNXError) {
    self.init("", inputs: [], outputs: [])
    var attributes: [ArraySlice<UInt8>] = []
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      let offset = reader.offset
      switch field {
      case 1: inputs.append(try value.name(at: offset))
      case 2: outputs.append(try value.name(at: offset))
      case 3: name = try value.name(at: offset)
      case 4: operation = try value.name(at: offset)
      case 5: attributes.append(try value.message(at: offset, "an attribute"))
      case 7: domain = try value.name(at: offset)
      default: continue
      }
      guard inputs.count + outputs.count + attributes.count <= Self.maximumParts else {
        throw .tooMany(what: "parts of one node", limit: Self.maximumParts)
      }
    }
    // Names are known by now, for what is refused.
    for bytes in attributes {
      let (name, attribute) = try attribute(bytes)
      guard self.attributes.updateValue(attribute, forKey: name) == nil else {
        throw .duplicate(name)
      }
    }
  }

  /// The most inputs, outputs and attributes of a node.
  private static let maximumParts = 4096
  /// The most numbers in an attribute that is a list.
  private static let maximumNumbers = 1 << 20

  private func attribute(
    _ bytes: ArraySlice<UInt8>
  ) throws(ONNXError) -> (String, ONNXAttribute) {
    var reader = ProtobufReader(bytes)
    var (name, type) = ("", 0)
    var (float, integer, text): (Float?, Int?, String?)
    var (floats, integers, tensor): ([Float], [Int], ONNXTensor?) = ([], [], nil)
    while let (field, value) = try reader.next() {
      let offset = reader.offset
      switch field {
      case 1: name = try value.name(at: offset)
      case 2:
        guard case .fixed32(let word) = value else {
          throw .malformed(offset: offset, expected: "a number of four bytes")
        }
        float = Float(bitPattern: word)
      case 3: integer = try value.integer(at: offset, "an attribute")
      case 4: text = try value.name(at: offset)
      case 5: tensor = try ONNXTensor.read(value.message(at: offset, "a constant")).tensor
      case 6, 11: throw .subgraph(node: title)
      case 7:
        try value.addFloats(
          to: &floats, at: offset, limit: Self.maximumNumbers, "numbers of an attribute")
      case 8:
        try value.addIntegers(
          to: &integers, at: offset, limit: Self.maximumNumbers, "numbers of an attribute")
      case 20: type = try value.integer(at: offset, "a type")
      default: continue
      }
    }
    // Zeros and empty lists may be left out by whoever writes; the type says what is meant.
    let found: ONNXAttribute =
      switch type {
      case 1: .float(float ?? 0)
      case 2: .integer(integer ?? 0)
      case 3: .text(text ?? "")
      case 4: tensor.map { .tensor($0) } ?? .other
      case 6: .floats(floats)
      case 7: .integers(integers)
      case 0:
        float.map { .float($0) } ?? integer.map { .integer($0) } ?? text.map { .text($0) }
          ?? tensor
          .map { .tensor($0) } ?? (integers.isEmpty ? .floats(floats) : .integers(integers))
      default: .other
      }
    return (name, found)
  }
}
