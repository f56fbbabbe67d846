public import Embedders
internal import NeuralNetworks
public import ONNXFiles
internal import Tensors

extension ONNXModel {
  /// The network of an embedder.
  ///
  /// One that was trained here takes `picture`, aligned faces (batch, 3, 128, 128) in −1…1, red first; one
  /// from elsewhere takes what its file took. Both give `embedding`, f_C before it is brought to unit
  /// length, and `identity`, f_I as G takes it. Mirror images are up to whoever runs it.
  public init(_ embedder: FaceEmbedder) {
    if let imported = embedder.imported {
      self.init(imported)
    } else if let architecture = embedder.architecture {
      self.init(architecture, embedder.parameters)
    } else {
      preconditionFailure("an embedder is trained here or comes from elsewhere")
    }
  }

  /// - `parameters`: with normalisation folded.
  private init(_ architecture: EmbedderArchitecture, _ parameters: ParameterTable) {
    var graph = ONNXGraph()
    let shape = architecture.shape
    var x = graph.view(architecture.view, "picture")
    for (index, count) in architecture.convolutions.enumerated() {
      let isPooled = index < architecture.widths.count - 1 || architecture.head == .map
      x = graph.block(index, count, of: x, architecture, parameters, isPooled: isPooled)
    }
    if architecture.head == .average { x = graph.add("GlobalAveragePool", [x]) }
    let identity = graph.row(x, count: shape.identity, named: "identity")
    let product = graph.dense(identity, parameters.tensor("embedding.weight"), bias: nil)
    let bias = parameters.tensor("embedding.bias")
    _ = graph.add(
      "Add", [product, graph.constant([bias.count], bias.numbers)], named: "embedding")
    self = graph.model(
      inputs: [("picture", [3, FaceView.faceSide, FaceView.faceSide])],
      outputs: [("embedding", [shape.embedding]), ("identity", [shape.identity])])
  }
}

extension ONNXGraph {
  /// What a network sees of an aligned face.
  ///
  /// Rows and columns are products with matrices: cutting and resampling are exactly ours, whatever
  /// whoever runs the file takes for interpolation.
  fileprivate mutating func view(_ view: FaceView, _ picture: String) -> String {
    var x = picture
    if view.isGrey {
      // Of pure colours the view itself tells what each counts for.
      let pure = Tensor((0..<9).map { $0 % 4 == 0 ? 1 : 0 }, shape: [3, 3])
      let colours = Variable(pure).grey().value.numbers
      x = convolution(x, Tensor(colours, shape: [1, 1, 3, 1]), bias: nil, pads: [0, 0, 0, 0])
    }
    let whole = FaceView(side: view.side, isGrey: view.isGrey, resolution: view.resolution)
    guard view != whole || view.side != FaceView.faceSide || view.pixels != view.side else {
      return x
    }
    let rows = Self.places(view.top, view.side, view.pixels)
    let columns = Self.places(view.left, view.side, view.pixels).permuted([1, 0])
    x = add("MatMul", [x, constant(columns.shape, columns.numbers)])
    return add("MatMul", [constant(rows.shape, rows.numbers), x])
  }

  /// What each of `pixels` places is made of, (pixels, 128): `side` places from `first` on, resampled.
  private static func places(_ first: Int, _ side: Int, _ pixels: Int) -> Tensor {
    let whole = FaceView.faceSide
    let cut = Tensor(
      (0..<side * whole).map { $0 % whole == first + $0 / whole ? Float(1) : 0 },
      shape: [1, side, whole, 1])
    return Variable(cut).resampled(rows: pixels, columns: whole).value.reshaped([pixels, whole])
  }

  /// The convolutions of a block, joined as the architecture says.
  fileprivate mutating func block(
    _ index: Int, _ count: Int, of input: String, _ architecture: EmbedderArchitecture,
    _ parameters: ParameterTable, isPooled: Bool
  ) -> String {
    func layer(_ number: Int, _ x: String, isPooled: Bool, in graph: inout ONNXGraph) -> String {
      let name = "block\(index + 1).conv\(number + 1)"
      let sums = graph.convolution(
        x, parameters.tensor(name + ".weight"), bias: parameters.tensor(name + ".bias"))
      let y = graph.rectified(sums, slope: architecture.slope)
      return isPooled ? graph.halved(y) : y
    }
    switch architecture.kind {
    case .vgg:
      return (0..<count).reduce(input) { x, number in
        layer(number, x, isPooled: isPooled && number == count - 1, in: &self)
      }
    case .residual:
      var x = layer(0, input, isPooled: isPooled, in: &self)
      for first in stride(from: 1, to: count - 1, by: 2) {
        let y = layer(first, x, isPooled: false, in: &self)
        x = add("Add", [x, layer(first + 1, y, isPooled: false, in: &self)])
      }
      return x
    }
  }
}
