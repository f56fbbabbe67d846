import JSON
import NetworkGraphs
import NeuralNetworks
import ONNXFiles
import ONNXNetworks
import SeededRandom
import Tensors

/// A network of an ONNX file: what onnxruntime is compared with.
enum ImportedCases {
  /// Its embeddings of one picture and of sixteen, and the gradient of sixteen.
  static func all(path: String) throws -> [BenchmarkCase] {
    let network = try ONNXEmbedder(ONNXModel(path: path)).network
    func pictures(_ batch: Int) -> Tensor {
      var random = SplitMix64(seed: 1)
      return Tensor.normal([batch] + network.graph.input, deviation: 60, using: &random)
        .map { max(0, min(255, $0 + 127)) }
    }
    let forward = [1, 16].map { batch in
      BenchmarkCase(
        name: "network/imported/b\(batch)", description: ["kind": "imported"],
        work: .pictures(batch)
      ) {
        let x = pictures(batch)
        return PreparedCase(inputs: ParameterTable([("x", x)])) {
          ParameterTable([("y", network(Variable(x)).embedding.value)])
        }
      }
    }
    let backward = BenchmarkCase(
      name: "network/imported-gradient/b16", description: ["kind": "imported"], work: .pictures(16)
    ) {
      let x = Variable(tracked: pictures(16))
      return PreparedCase(inputs: ParameterTable([("x", x.value)])) {
        let sum = network(x).embedding.unitRows().sum()
        return ParameterTable([("y", gradients(of: sum, withRespectTo: [x])[0])])
      }
    }
    return forward + [backward]
  }
}
