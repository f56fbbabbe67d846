public import KernelSupport
private import Kernels
public import Tensors

/// One evaluation of a network: its parameters as variables, and what training wants back.
public final class ForwardPass {
  /// How batch normalisation behaves.
  public enum Mode: Sendable {
    /// With the statistics of the batch, which are gathered for the running ones.
    case training
    /// With the running statistics: a picture's result does not depend on its batch.
    case inference
  }

  /// How batch normalisation behaves.
  public let mode: Mode

  /// The output tile of 3×3 convolutions.
  public let tile: WinogradTile

  /// Whether tiles may be chosen by the pictures' sizes: rounding is then another than that of a verdict.
  public let fitsTiles: Bool

  /// The statistics of the batch, by the names of the running ones.
  public private(set) var statistics: [String: Tensor] = [:]

  private let variables: [String: Variable]
  private let trainableNames: [String]

  /// Creates a pass.
  ///
  /// - `tracksParameters`: whether gradients with respect to the parameters will be wanted.
  /// - `tile`: the output tile of 3×3 convolutions; the process's if not given.
  /// - `fitsTiles`: whether tiles may be chosen by the pictures' sizes; as trainings do if not given.
  public init(
    _ parameters: ParameterTable, mode: Mode, tracksParameters: Bool, tile: WinogradTile? = nil,
    fitsTiles: Bool? = nil
  ) {
    (self.mode, self.tile) = (mode, tile ?? Compute.tile)
    self.fitsTiles = fitsTiles ?? (mode == .training)
    trainableNames = parameters.trainableNames
    let trained = Set(trainableNames)
    var variables: [String: Variable] = [:]
    for name in parameters.names {
      guard let tensor = parameters[name] else { continue }
      variables[name] =
        tracksParameters && trained.contains(name) ? Variable(tracked: tensor) : Variable(tensor)
    }
    self.variables = variables
  }

  /// The trained parameters, in the table's order.
  public var parameters: [Variable] { trainableNames.compactMap { variables[$0] } }

  /// The parameter of this name, if the table has it.
  public func find(_ name: String) -> Variable? { variables[name] }

  /// The parameter of this name.
  ///
  /// - Precondition: the table has it; `Network.load` checks names and shapes of files.
  public subscript(name: String) -> Variable {
    guard let variable = variables[name] else { preconditionFailure("no parameter '\(name)'") }
    return variable
  }

  func record(_ batch: ChannelStatistics, for name: String) {
    statistics[name + ".running_mean"] = batch.mean
    statistics[name + ".running_variance"] = batch.variance
  }
}
