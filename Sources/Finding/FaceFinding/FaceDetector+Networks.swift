internal import Faces
internal import Geometry
private import Glibc
internal import Images
private import KernelSupport
private import NeuralNetworks
private import PictureTensors
private import Tensors

extension FaceDetector {
  /// The score from which the second network looks at what the first one found.
  private static let seekerThreshold: Float = 0.25

  /// Grey pixels around a picture, so that faces at its edge look like those in training.
  private static let border = 8

  /// What the first network takes for faces, on all scales, the surest 48.
  func candidates(in picture: RGBImage, minimumFace: Double) -> [DetectedFace] {
    let pass = ForwardPass(seekerParameters, mode: .inference, tracksParameters: false)
    var level = picture.reduced(by: min(1, FaceSeeker.sizes.lowerBound / minimumFace))
    var found: [DetectedFace] = []
    while true {
      found += candidates(level, pass)
      guard max(level.picture.width, level.picture.height) > Int(FaceSeeker.sizes.upperBound),
        min(level.picture.width, level.picture.height) >= 16
      else { break }
      level = (level.picture.boxReduced(by: 2), level.scale / 2)
    }
    return Self.distinct(found, limit: 48)
  }

  private func candidates(
    _ level: (picture: RGBImage, scale: Double), _ pass: ForwardPass
  ) -> [DetectedFace] {
    let output = seeker(Variable(padded(level.picture)), pass).value
    let (rows, columns) = (output.shape[1], output.shape[2])
    let numbers = output.numbers
    var found: [DetectedFace] = []
    for cell in 0..<rows * columns {
      let start = cell * FaceSeeker.outputs
      let score = 1 / (1 + expf(-numbers[start]))
      guard score > Self.seekerThreshold else { continue }
      let landmarks = FaceSeeker.landmarks(
        of: numbers[start + 1..<start + FaceSeeker.outputs],
        x: FaceSeeker.centre(cell % columns), y: FaceSeeker.centre(cell / columns))
      let inPicture = Landmarks(
        points: landmarks.points.map {
          Point(
            x: ($0.x - Double(Self.border) + 0.5) / level.scale - 0.5,
            y: ($0.y - Double(Self.border) + 0.5) / level.scale - 0.5)
        })
      guard let box = try? FaceBox(around: inPicture) else { continue }
      found.append(DetectedFace(box: box, landmarks: inPicture, score: Double(score)))
    }
    return Self.distinct(found, limit: 48)
  }

  /// The picture in −1…1 with its border, filled up to multiples of the cells' side.
  private func padded(_ picture: RGBImage) -> Tensor {
    let (border, stride) = (Self.border, FaceSeeker.stride)
    func length(_ side: Int) -> Int { (side + 2 * border + stride - 1) / stride * stride }
    let (width, height) = (length(picture.width), length(picture.height))
    return Tensor(shape: [1, height, width, 3]) { target in
      memset(target, 0, width * height * 3 * 4)
      picture.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<picture.height {
          let row = target + ((y + border) * width + border) * 3
          for i in 0..<picture.width * 3 {
            row[i] = Float(pixels[y * picture.width * 3 + i]) / 127.5 - 1
          }
        }
      }
    }
  }

  /// What the second network sees, side by side: to make a face of thousands of pixels small takes longer
  /// than to look at it.
  private func windows(of picture: RGBImage, _ placed: [SimilarityTransform]) -> [RGBImage] {
    let side = FaceRefiner.side
    return WorkerPool.shared.map(placed.count) { index in
      // From 1.5 on points lie as well as in windows without blocks; below, the worst lie a tenth further off.
      picture.moved(by: placed[index], width: side, height: side, rest: 1.5)
    }
  }

  /// The second network's opinion of each find: new points, box and score.
  ///
  /// - `isCareful`: whether the mirror images are asked as well, and the answers averaged.
  func refined(
    _ found: [DetectedFace], in picture: RGBImage, isCareful: Bool = false
  ) -> [DetectedFace] {
    let placed = found.compactMap { face in
      (try? face.landmarks.windowTransform()).flatMap { $0.isInvertible ? $0 : nil }
    }
    guard !placed.isEmpty else { return [] }
    let windows = windows(of: picture, placed)
    let pass = ForwardPass(refinerParameters, mode: .inference, tracksParameters: false)
    func answers(_ windows: [RGBImage]) -> [(logit: Double, landmarks: Landmarks)] {
      let numbers = refiner(Variable(Tensor(windows)), pass).value.numbers
      return windows.indices.map { index in
        let start = index * FaceRefiner.outputs
        return (
          Double(numbers[start]),
          FaceRefiner.landmarks(of: numbers[start + 1..<start + FaceRefiner.outputs])
        )
      }
    }
    // Mirror images are asked together with what they are of: a few windows leave the network waiting for
    // its weights.
    var found = answers(windows + (isCareful ? windows.map { $0.flippedHorizontally() } : []))
    if isCareful {
      found = zip(found[..<windows.count], found[windows.count...]).map { straight, turned in
        (
          (straight.logit + turned.logit) / 2,
          straight.landmarks.averaged(with: turned.landmarks.mirrored(width: FaceRefiner.side))
        )
      }
    }
    return zip(found, placed).compactMap { answer, transform in
      let landmarks = answer.landmarks.moved(by: transform.inverse)
      guard let box = try? FaceBox(around: landmarks) else { return nil }
      return DetectedFace(
        box: box, landmarks: landmarks, score: 1 / (1 + exp(-answer.logit)))
    }
  }
}
