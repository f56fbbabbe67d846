import Testing

@testable import ONNXFiles

@Suite struct ONNXModelTests {
  private static func model(_ nodes: [ONNXNode] = []) -> ONNXModel {
    ONNXModel(
      operatorSet: 13,
      nodes: [
        ONNXNode(
          "Conv", name: "c", inputs: ["x", "w"], outputs: ["y"],
          attributes: [
            "pads": .integers([1, -1, 1 << 40]), "alpha": .float(0.5), "mode": .text("é"),
            "list": .floats([1, -2.5]), "group": .integer(-3),
            "value": .tensor(ONNXTensor(shape: [2], .integers([1, -2]))),
          ])
      ] + nodes,
      tensors: ["w": ONNXTensor(shape: [2, 1], .floats([0.25, -1]))],
      inputs: [ONNXValue("x", shape: [nil, 3, 8, 8])], outputs: [ONNXValue("y", shape: nil)])
  }

  @Test("a file gives the model back") func roundTrip() throws {
    let model = Self.model()
    #expect(try ONNXModel(bytes: model.bytes(producer: "test")) == model)
  }

  @Test("a file that is cut anywhere is refused or another model, never worse") func cuts() {
    let bytes = Self.model().bytes(producer: "test")
    for count in 0..<bytes.count {
      do throws(ONNXError) {
        let model = try ONNXModel(bytes: Array(bytes.prefix(count)))
        #expect(model.operatorSet == 13)
      } catch {
        #expect(!"\(error)".contains("\n"))
      }
    }
  }

  /// A file whose graph holds one constant that `build` fills.
  private static func file(_ build: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var file = ProtobufWriter()
    file.add(7) { $0.add(5, build) }
    file.add(8) { $0.add(2, 13) }
    return file.bytes
  }

  @Test("hostile constants are refused by name, before memory is taken") func constants() {
    #expect(throws: ONNXError.badShape(tensor: "w", shape: [-1])) {
      try ONNXModel(
        bytes: Self.file {
          $0.add(1, -1); $0.add(2, 1); $0.add(8, "w")
        })
    }
    #expect(throws: ONNXError.badShape(tensor: "w", shape: [1 << 40, 1 << 40])) {
      try ONNXModel(
        bytes: Self.file {
          $0.add(1, 1 << 40); $0.add(1, 1 << 40); $0.add(2, 1); $0.add(8, "w")
        })
    }
    #expect(throws: ONNXError.wrongCount(tensor: "w", shape: [1 << 20], found: 0)) {
      try ONNXModel(
        bytes: Self.file {
          $0.add(1, 1 << 20); $0.add(2, 1); $0.add(8, "w")
        })
    }
    #expect(throws: ONNXError.externalData(tensor: "w")) {
      try ONNXModel(
        bytes: Self.file {
          $0.add(1, 1); $0.add(2, 1); $0.add(8, "w"); $0.add(14, 1)
        })
    }
    #expect(throws: ONNXError.unsupportedType(tensor: "w", type: 8)) {
      try ONNXModel(
        bytes: Self.file {
          $0.add(1, 1); $0.add(2, 8); $0.add(8, "w")
        })
    }
  }

  @Test("other versions, no graph and two constants of one name are refused") func versions() {
    #expect(throws: ONNXError.noGraph) { try ONNXModel(bytes: []) }
    var model = Self.model()
    for version in [0, 6, 22] {
      model.operatorSet = version
      #expect(throws: ONNXError.unsupportedVersion(version)) {
        try ONNXModel(bytes: model.bytes(producer: ""))
      }
    }
    var file = ProtobufWriter()
    file.add(7) { graph in
      for _ in 0..<2 {
        graph.add(5) {
          $0.add(1, 0); $0.add(2, 1); $0.add(8, "w")
        }
      }
    }
    file.add(8) { $0.add(2, 13) }
    #expect(throws: ONNXError.duplicate("w")) { try ONNXModel(bytes: file.bytes) }
  }

  @Test("too many nodes are refused") func nodes() {
    let many = (0..<ONNXModel.maximumNodes).map {
      ONNXNode("Relu", inputs: ["x"], outputs: ["r\($0)"])
    }
    #expect(throws: ONNXError.tooMany(what: "nodes", limit: ONNXModel.maximumNodes)) {
      try ONNXModel(bytes: Self.model(many).bytes(producer: ""))
    }
  }
}
