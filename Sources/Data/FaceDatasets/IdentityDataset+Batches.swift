public import Images
public import SeededRandom

extension IdentityDataset {
  /// Writes varied faces as one batch of numbers −1…1 (picture, row, column, channel).
  ///
  /// Faces are decoded and varied in parallel. Each place draws from a stream of its own, derived
  /// from `generator` and its place, so the result depends on nothing else.
  ///
  /// - Parameters:
  ///   - indices: the pictures; one may occur several times.
  ///   - augmentation: how strongly they vary.
  ///   - generator: the source of chance of this batch; it does not advance.
  ///   - output: where the numbers go; 128·128·3 for each picture.
  /// - Throws: `ImageError` of the first picture that cannot be decoded.
  public func batch(
    _ indices: [Int], augmentation: FaceAugmentation, generator: SplitMix64,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) {
    try Self.batch(
      indices.map { (part: 0, index: $0) }, of: [self], augmentation: augmentation,
      generator: generator, into: output)
  }

  /// Writes varied faces of several sets as one batch, as ``batch(_:augmentation:generator:into:)``
  /// does of one.
  ///
  /// - Parameters:
  ///   - pictures: for each place the set, and the picture in it.
  ///   - parts: the sets.
  ///   - augmentation: how strongly they vary.
  ///   - generator: the source of chance of this batch; it does not advance.
  ///   - output: where the numbers go; 128·128·3 for each picture.
  /// - Throws: `ImageError` of the first picture that cannot be decoded.
  public static func batch(
    _ pictures: [(part: Int, index: Int)], of parts: [IdentityDataset],
    augmentation: FaceAugmentation, generator: SplitMix64,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) {
    let size = FaceStore.faceSize
    precondition(
      output.count == pictures.count * size,
      "\(output.count) floats for \(pictures.count) faces of \(size) values")
    var errors = [ImageError?](repeating: nil, count: pictures.count)
    errors.withUnsafeMutableBufferPointer { errors in
      // Unchecked: each iteration writes its own face and its own error only.
      nonisolated(unsafe) let (errors, output) = (errors, output)
      inChunks(of: 4, count: pictures.count) { position in
        let place = position * size..<(position + 1) * size
        let target = UnsafeMutableBufferPointer(rebasing: output[place])
        do throws(ImageError) {
          let (part, index) = pictures[position]
          try parts[part].face(
            at: index, place: position, augmentation: augmentation, generator: generator,
            into: target)
        } catch {
          errors[position] = error
        }
      }
    }
    if let error = errors.lazy.compactMap({ $0 }).first { throw error }
  }

  /// Writes the varied face of one place of a batch, the same as ``batch(_:augmentation:generator:into:)``
  /// writes there.
  ///
  /// - Parameters:
  ///   - index: the picture.
  ///   - place: its place in the batch.
  ///   - augmentation: how strongly it varies.
  ///   - generator: the source of chance of the batch.
  ///   - output: where the 128·128·3 numbers go.
  /// - Throws: `ImageError` if the picture cannot be decoded.
  public func face(
    at index: Int, place: Int, augmentation: FaceAugmentation, generator: SplitMix64,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(ImageError) {
    var stream = generator.derived(from: "place", place)
    try withPixels(at: index) { face in
      augmentation.apply(to: face, width: 128, height: 128, into: output, using: &stream)
    }
  }
}
