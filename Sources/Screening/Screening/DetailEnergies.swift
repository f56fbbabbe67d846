internal import NeuralNetworks
private import Tensors

/// How strong fine detail is in pictures, and where they differ from their reconstructions.
enum DetailEnergies {
  /// The Gaussians whose differences are the octaves; in pixels.
  private static let deviations: [Float] = [0.7, 1.4, 2.8]

  /// What is added before the logarithm.
  private static let floor: Float = 1e-6

  /// Numbers in the description.
  static var count: Int { numbers.count }

  /// The numbers in their order, in words.
  static var numbers: [String] {
    let bands = zip([0] + deviations, deviations).map { "from \($0) to \($1)" }
    let columns =
      bands.map { "x " + $0 } + ["x less its median 3×3"] + bands.map { "x − x̂ " + $0 }
      + ["x − x̂ from \(deviations[deviations.count - 1]) on"]
    return columns.map { "log(mean square + \(floor)) of \($0)" }
  }

  /// log(mean square + 10⁻⁶), values in −1…1: of the octaves of x, of what a median takes away, and
  /// of the octaves of x − x̂ and what is coarser; (batch, count).
  static func of(_ x: Variable, _ rebuilt: Variable) -> Variable {
    let (own, _) = octaves(x)
    let (between, rest) = octaves(x - rebuilt)
    let columns = own + [x - x.medianFiltered()] + between + [rest]
    return columns.map(energy).joinedColumns()
  }

  /// Differences of Gaussians, finest first, and what remains.
  private static func octaves(_ x: Variable) -> (bands: [Variable], rest: Variable) {
    var (bands, finer) = ([Variable](), x)
    for deviation in deviations {
      let coarser = x.blurred(deviation: deviation)
      bands.append(finer - coarser)
      finer = coarser
    }
    return (bands, finer)
  }

  private static func energy(_ x: Variable) -> Variable {
    let n = x.value.shape[0]
    let count = x.value.count / max(1, n)
    let rows = x.reshaped([n, count])
    let zeros = Variable(Tensor(zeros: [n, count]))
    return (rows.squaredRowDistances(to: zeros) * (1 / Float(count))).logarithm(above: floor)
  }
}

extension [Variable] {
  /// Numbers, one a row each, as the columns of one matrix.
  func joinedColumns() -> Variable {
    let columns = map { $0.reshaped([$0.value.count, 1]) }
    return columns.dropFirst().reduce(columns[0]) { $0.joined(columnsOf: $1) }
  }
}
