public import Embedders
public import FaceDatasets
private import Faces
private import Images
public import ModelStore
private import NeuralNetworks
private import PictureTensors
private import Screening
private import Tensors

/// Why a network cannot be measured on LFW as asked.
public enum LFWVerificationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The network was trained here, and has no frame of its own.
  case noOwnFrame

  public var description: String {
    "the network was trained here and sees the aligned frame alone; '--from-photographs' is for "
      + "imported ones"
  }
}

/// Verification on Labeled Faces in the Wild.
public enum LFWVerification {
  /// The pairs of a view: View 1's training and test pairs as two folds, View 2's ten.
  ///
  /// - Throws: `LFWProtocolError`.
  public static func pairs(view: Int, directory: String) throws -> [LFWPair] {
    if view == 2 { return try LFWProtocol(path: directory + "/pairs.txt").pairs }
    return try ["pairsDevTrain.txt", "pairsDevTest.txt"].enumerated().flatMap { fold, file in
      try LFWProtocol(path: directory + "/" + file).pairs.map {
        LFWPair(first: $0.first, second: $0.second, same: $0.same, fold: fold)
      }
    }
  }

  /// Embeds faces by name.
  ///
  /// - `fromPhotographs`: a network from elsewhere gets its faces from the photographs at once.
  /// - Returns: f_C of unit length by picture.
  /// - Throws: what reading the pictures throws.
  public static func embeddings(
    of names: [String], faces: LFWFaces, embedder: FaceEmbedder, fromPhotographs: Bool = false,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for first in stride(from: 0, to: names.count, by: 32) {
      let part = Array(names[first..<min(names.count, first + 32)])
      let rows =
        try fromPhotographs
        ? ownEmbeddings(of: part, faces: faces, embedder: embedder)
        : embedder.unitEmbeddings(of: Variable(Tensor(try faces.faces(named: part)))).value
      for (index, name) in part.enumerated() {
        result[name] = rows.entries(index..<index + 1).numbers
      }
      progress(first + part.count, names.count)
    }
    return result
  }

  private static func ownEmbeddings(
    of names: [String], faces: LFWFaces, embedder: FaceEmbedder
  ) throws -> Tensor {
    let frames = try names.map { name in
      guard let input = embedder.ownInput else { throw LFWVerificationError.noOwnFrame }
      return try OwnFrame(
        input, of: faces.image(named: name), landmarks: faces.landmarks.landmarks(of: name)
      ).picture
    }
    guard let rows = embedder.unitEmbeddings(ofOwn: Variable(Tensor(frames))) else {
      throw LFWVerificationError.noOwnFrame
    }
    return rows.value
  }

  /// The protocol of View 2, or of any other list of pairs in at least two folds.
  ///
  /// Thresholds are chosen on the other folds; the embedder was trained on people outside LFW with
  /// labels ("unrestricted, labeled outside data"). Of a second embedder the distance² counts by its
  /// weight w: (1 − w)·d² + w·d² of the other.
  ///
  /// - `points`: the model's own operating points, to be measured as well.
  /// - Throws: what reading the pictures and measuring throws.
  public static func evaluate(
    _ list: [LFWPair], name: String, faces: LFWFaces, embedder: FaceEmbedder,
    fromPhotographs: Bool = false, points: [OperatingPoint] = [],
    second: (embedder: FaceEmbedder, weight: Double)? = nil,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    let images = Set(list.flatMap { [$0.first, $0.second] }).sorted()
    func measure(_ embedder: FaceEmbedder) throws -> [Double] {
      let known = try embeddings(
        of: images, faces: faces, embedder: embedder,
        // One that was trained here sees the aligned frame, also beside one that does not.
        fromPhotographs: fromPhotographs && embedder.ownInput != nil, progress: progress)
      return list.map { pair in
        Double(squaredDistance(known[pair.first] ?? [], known[pair.second] ?? []))
      }
    }
    guard !fromPhotographs || embedder.ownInput != nil || second?.embedder.ownInput != nil else {
      throw LFWVerificationError.noOwnFrame
    }
    var distances = try measure(embedder)
    if let second {
      distances = zip(distances, try measure(second.embedder)).map {
        (1 - second.weight) * $0 + second.weight * $1
      }
    }
    return try VerificationReport(
      name, distances: distances, same: list.map(\.same), folds: list.map(\.fold),
      people: Set(images.map { $0.prefix { $0 != "/" } }).count, points: points)
  }
}
