public import Checkpoints
private import Embedders
private import FaceDatasets
private import NeuralNetworks
public import PictureBatches
public import Reconstruction
private import SeededRandom
public import Tensors

extension IPGANTrainer {
  /// The averaged networks with statistics gathered anew over `count` of the pictures.
  ///
  /// Running averages gathered while weights moved, over both kinds of steps, do not describe what
  /// the networks see in use: reconstructions with z = μ.
  ///
  /// - Throws: what reading pictures throws.
  public func settled(
    on pictures: PicturePool, count: Int = 4096
  ) throws -> (encoder: ParameterTable, generator: ParameterTable) {
    var (encoder, generator) = (averagedEncoder, averagedGenerator)
    let (A, G) = (AttributeEncoder(training.architecture), FaceGenerator(training.architecture))
    var order = EpochOrder(count: pictures.count, batch: training.batch, seed: training.seed)
    let batches = max(1, min(count / training.batch, order.stepsPerEpoch))
    for step in 0..<batches {
      let x = Variable(
        try pictures.tensor(
          order.indices(ofStep: step), augmentation: .flipOnly,
          using: order.generator(ofStep: step)))
      let passA = ForwardPass(encoder, mode: .training, tracksParameters: false)
      let passG = ForwardPass(generator, mode: .training, tracksParameters: false)
      _ = G(training.architecture.known(of: embedder.features(of: x)), A(x, passA).mean, passG)
      // A plain mean over the batches: the k-th has the weight 1/k.
      let momentum = 1 / Float(step + 1)
      encoder.update(runningStatistics: passA.statistics, momentum: momentum)
      generator.update(runningStatistics: passG.statistics, momentum: momentum)
    }
    return (encoder, generator)
  }

  /// The averaged networks, ready for use, with statistics gathered anew over `count` pictures.
  ///
  /// - Throws: what reading pictures throws.
  public func reconstructor(
    settledOn pictures: PicturePool, count: Int = 4096
  ) throws -> FaceReconstructor {
    let networks = try settled(on: pictures, count: count)
    return FaceReconstructor(
      training.architecture, encoder: networks.encoder, generator: networks.generator,
      embedder: embedder)
  }

  /// The contents of a model file.
  public static func modelFile(encoder: ParameterTable, generator: ParameterTable)
    -> SafeTensorsFile
  {
    SafeTensorsFile(tables: [("encoder/", encoder), ("generator/", generator)])
  }
}
