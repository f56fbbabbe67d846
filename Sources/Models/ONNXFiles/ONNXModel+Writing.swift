extension ONNXModel {
  /// The bytes of a file that holds the model; the same model gives the same bytes.
  ///
  /// - `producer`: what the file says made it.
  public func bytes(producer: String) -> [UInt8] {
    var file = ProtobufWriter()
    // The version of the format that came with operator set 13.
    file.add(1, 7)
    file.add(2, producer)
    file.add(7) { graph in
      for node in nodes { graph.add(1) { node.write(to: &$0) } }
      graph.add(2, "network")
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        graph.add(5) { tensor.write(name, to: &$0) }
      }
      for value in inputs { graph.add(11) { value.write(to: &$0) } }
      for value in outputs { graph.add(12) { value.write(to: &$0) } }
    }
    file.add(8) { $0.add(2, operatorSet) }
    return file.bytes
  }
}

extension ONNXValue {
  fileprivate func write(to message: inout ProtobufWriter) {
    message.add(1, name)
    message.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, isFloat ? 1 : 7)
        guard let shape else { return }
        tensor.add(2) { list in
          for length in shape {
            list.add(1) { axis in
              if let length { axis.add(1, length) } else { axis.add(2, "batch") }
            }
          }
        }
      }
    }
  }
}

extension ONNXNode {
  fileprivate func write(to message: inout ProtobufWriter) {
    for input in inputs { message.add(1, input) }
    for output in outputs { message.add(2, output) }
    message.add(3, name)
    message.add(4, operation)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
      message.add(5) { part in
        part.add(1, name)
        switch attribute {
        case .float(let number):
          part.add(2, number)
          part.add(20, 1)
        case .integer(let number):
          part.add(3, number)
          part.add(20, 2)
        case .text(let text):
          part.add(4, text)
          part.add(20, 3)
        case .tensor(let tensor):
          part.add(5) { tensor.write("", to: &$0) }
          part.add(20, 4)
        case .floats(let numbers):
          for number in numbers { part.add(7, number) }
          part.add(20, 6)
        case .integers(let numbers):
          for number in numbers { part.add(8, number) }
          part.add(20, 7)
        case .other: break
        }
      }
    }
  }
}

extension ONNXTensor {
  fileprivate func write(_ name: String, to message: inout ProtobufWriter) {
    for length in shape { message.add(1, length) }
    switch elements {
    case .floats(let numbers):
      message.add(2, 1)
      message.add(9, numbers.flatMap { littleEndian($0.bitPattern) })
    case .integers(let numbers):
      message.add(2, 7)
      message.add(9, numbers.flatMap { littleEndian(UInt64(bitPattern: Int64($0))) })
    }
    message.add(8, name)
  }
}

private func littleEndian(_ word: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: word.littleEndian) { Array($0) }
}
