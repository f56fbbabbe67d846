private import Images
private import KernelSupport
internal import NeuralNetworks
private import PictureTensors
private import Tensors
internal import Textures

extension Variable {
  /// Pictures as files hold them: rounded to 8 bits; gradients as if they were not.
  func roundedToFiles() -> Variable {
    Variable(Tensor(value.pictures()), parents: [self]) { dy, _ in [dy] }
  }

  /// The features of the pictures' brightness, (batch, count); gradients of
  /// ``TextureDescriptor/gradient(_:pixels:width:height:temperature:)``.
  func texture(_ descriptor: TextureDescriptor) -> Variable {
    let (n, h, w) = (value.shape[0], value.shape[1], value.shape[2])
    let grey = value.pictures().map(\.luminance)
    let features = WorkerPool.shared.map(n) {
      descriptor.features(pixels: grey[$0], width: w, height: h)
    }
    let count = features.first?.count ?? 0
    return Variable(Tensor(features.flatMap(\.self), shape: [n, count]), parents: [self]) {
      dy, _ in
      let slopes = dy.numbers
      return [
        Self.pixelGradient(
          grey.indices.map { index in
            descriptor.gradient(
              Array(slopes[index * count..<(index + 1) * count]), pixels: grey[index], width: w,
              height: h)
          }, shape: [n, h, w, 3])
      ]
    }
  }

  /// χ² between the textures of pictures and of `others`, (batch, operators · cells).
  func textureDistances(to others: Variable, _ descriptor: TextureDescriptor) -> Variable {
    let (n, h, w) = (value.shape[0], value.shape[1], value.shape[2])
    let (a, b) = (
      value.pictures().map(\.luminance), others.value.pictures().map(\.luminance)
    )
    let distances = WorkerPool.shared.map(n) { index in
      zip(
        descriptor.histograms(pixels: a[index], width: w, height: h),
        descriptor.histograms(pixels: b[index], width: w, height: h)
      ).flatMap { $0.chiSquared(to: $1) }
    }
    let count = distances.first?.count ?? 0
    return Variable(
      Tensor(distances.flatMap(\.self), shape: [n, count]), parents: [self, others]
    ) { dy, _ in
      let slopes = dy.numbers
      let parts = a.indices.map { index in
        descriptor.chiSquaredGradient(
          Array(slopes[index * count..<(index + 1) * count]), a[index], b[index], width: w,
          height: h)
      }
      return [
        Self.pixelGradient(parts.map(\.a), shape: [n, h, w, 3]),
        Self.pixelGradient(parts.map(\.b), shape: [n, h, w, 3]),
      ]
    }
  }

  /// From brightness in grey levels to colours in −1…1.
  private static func pixelGradient(_ grey: [[Float]], shape: [Int]) -> Tensor {
    let weights: [Float] = [0.299, 0.587, 0.114]
    return Tensor(
      grey.flatMap { $0.flatMap { slope in weights.map { slope * $0 * 127.5 } } }, shape: shape)
  }
}
