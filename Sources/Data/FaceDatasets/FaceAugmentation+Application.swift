public import Images
public import SeededRandom

extension FaceAugmentation {
  /// Writes a varied face as numbers −1…1 (row, column, channel).
  ///
  /// - Precondition: `output` has one place for each value of `face`.
  public func apply(
    to face: RGBImage, into output: UnsafeMutableBufferPointer<Float>,
    using generator: inout SplitMix64
  ) {
    face.pixels.withUnsafeBufferPointer {
      apply(to: $0, width: face.width, height: face.height, into: output, using: &generator)
    }
  }

  /// Writes a varied face as numbers −1…1 (row, column, channel).
  ///
  /// Equal faces, strengths and generators give equal numbers.
  ///
  /// - Parameters:
  ///   - face: `width * height * 3` values 0…255, row by row, channels interleaved.
  ///   - width: the number of columns.
  ///   - height: the number of rows.
  ///   - output: where the numbers go; as many as `face` has.
  ///   - generator: the source of chance; it advances.
  public func apply(
    to face: UnsafeBufferPointer<UInt8>, width: Int, height: Int,
    into output: UnsafeMutableBufferPointer<Float>, using generator: inout SplitMix64
  ) {
    precondition(
      width > 0 && height > 0 && face.count == width * height * 3 && output.count == face.count,
      "\(face.count) values and \(output.count) floats for \(width)×\(height) RGB pixels")
    let geometry = FaceGeometry(self, width: width, height: height, using: &generator)
    let colour = FaceColour(self, using: &generator)
    geometry.warp(face, colour: colour, into: output)

    let canvas = FaceCanvas(values: output, width: width, height: height)
    // A step that is left out draws nothing, so that the others vary as they did before there was it.
    func happens(_ probability: Float) -> Bool {
      probability > 0 && generator.happens(withProbability: probability)
    }
    if happens(borderProbability) { canvas.end(within: borderWidth, using: &generator) }
    if happens(fadingProbability) {
      canvas.fade(
        contrast: generator.uniform(in: fadedContrast), level: generator.uniform(in: 90...235))
    }
    if generator.happens(withProbability: blurProbability) {
      canvas.blur(deviation: generator.uniform(in: blurDeviation))
    }
    if happens(coarseProbability) { canvas.coarsen(side: generator.uniform(in: coarseSide)) }
    if happens(noiseProbability) {
      canvas.addNoise(deviation: generator.uniform(in: noiseDeviation), using: &generator)
    }
    if generator.happens(withProbability: compressionProbability) {
      let (lowest, highest) = (compressionQuality.lowerBound, compressionQuality.upperBound)
      canvas.compress(quality: generator.uniform(in: lowest..<highest + 1))
    }
    if generator.happens(withProbability: erasingProbability) {
      canvas.erase(area: generator.uniform(in: erasedArea), using: &generator)
    }
    for index in output.indices { output[index] = output[index] / 127.5 - 1 }
  }
}
