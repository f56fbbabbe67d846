internal import NeuralNetworks
internal import Training

extension UpdateRule {
  /// The optimiser that `training` asks for, at its start.
  init(_ training: EmbedderTraining) {
    switch training.optimizer {
    case .adam: self = .adam(Adam(weightDecay: training.weightDecay))
    case .momentum: self = .momentum(MomentumDescent(weightDecay: training.weightDecay))
    }
  }
}
