public import Embedders
public import FaceDatasets
private import Images
public import ModelStore
private import NeuralNetworks
private import PictureTensors
private import Tensors

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
  /// - Returns: f_C of unit length by picture.
  /// - Throws: what reading the pictures throws.
  public static func embeddings(
    of names: [String], faces: LFWFaces, embedder: FaceEmbedder,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for first in stride(from: 0, to: names.count, by: 32) {
      let part = Array(names[first..<min(names.count, first + 32)])
      let rows = embedder.unitEmbeddings(
        of: Variable(Tensor(try faces.faces(named: part)))
      ).value
      for (index, name) in part.enumerated() {
        result[name] = rows.entries(index..<index + 1).numbers
      }
      progress(first + part.count, names.count)
    }
    return result
  }

  /// The protocol of View 2, or of any other list of pairs in at least two folds.
  ///
  /// Thresholds are chosen on the other folds; the embedder was trained on people outside LFW with
  /// labels ("unrestricted, labeled outside data").
  ///
  /// - `points`: the model's own operating points, to be measured as well.
  /// - Throws: what reading the pictures and measuring throws.
  public static func evaluate(
    _ list: [LFWPair], name: String, faces: LFWFaces, embedder: FaceEmbedder,
    points: [OperatingPoint] = [],
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    let images = Set(list.flatMap { [$0.first, $0.second] }).sorted()
    let known = try embeddings(
      of: images, faces: faces, embedder: embedder, progress: progress)
    let distances = list.map { pair in
      Double(squaredDistance(known[pair.first] ?? [], known[pair.second] ?? []))
    }
    return try VerificationReport(
      name, distances: distances, same: list.map(\.same), folds: list.map(\.fold),
      people: Set(images.map { $0.prefix { $0 != "/" } }).count, points: points)
  }
}
