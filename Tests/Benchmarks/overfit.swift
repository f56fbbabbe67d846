import FaceVerification
import NeuralNetworks
import SeededRandom
import Tensors

func overfit() {
  let a = EmbedderArchitecture(widths: [16, 32, 64, 128, 256])
  var g = SplitMix64(seed: 1)
  let table = a.initialParameters(using: &g)
  let x = Tensor.normal([32, 128, 128, 3], using: &g).map { $0 * 0.5 }
  let r = Tensor.normal([32, 256], using: &g)
  func value(_ t: ParameterTable) -> Double {
    a(Variable(x), ForwardPass(t, mode: .training, tracksParameters: false)).embedding.value.dot(r)
  }
  let pass = ForwardPass(table, mode: .training, tracksParameters: true)
  let out = a(Variable(x), pass).embedding
  let grads = gradients(of: out, withRespectTo: pass.parameters, seed: r)
  for (name, gr) in zip(table.trainableNames, grads) {
    var d = gr
    let norm = Float(d.dot(d).squareRoot())
    d = d * (1 / norm)
    let w = table[name]!
    let scale = Float(w.dot(w).squareRoot()) + 1
    var line = "\(name) |g| \(norm)"
    for eps in [Float(1e-3), 1e-4] {
      let e = eps * scale
      var p = table, q = table
      p.update(name) { t in t = Tensor.combine(t, d) { $0 + e * $1 } }
      q.update(name) { t in t = Tensor.combine(t, d) { $0 - e * $1 } }
      line += "  ratio \((value(p) - value(q)) / Double(2 * e) / Double(norm))"
    }
    print(line)
  }
}
