private import Embedders
private import Faces
private import NeuralNetworks
private import Reconstruction
private import Screening
private import Tensors

extension Door {
  /// The faces that gradients are taken of together.
  private static let distanceBatch = 16
  /// The most faces of one request.
  package static let distanceCounts = 1...65_536
  /// The numbers of one face: rows, columns, channels.
  package static let faceNumbers = AlignedFrame.side * AlignedFrame.side * 3

  /// The numbers of an embedding.
  package var embeddingWidth: Int { warden.screen.extractor.reconstructor.embedder.shape.embedding }

  /// The squared distances by f_C of aligned faces to embeddings, 0…4, and their gradients.
  ///
  /// A face's numbers do not depend on the others, not even in the last bit.
  ///
  /// - Parameters:
  ///   - faces: (n, 128, 128, 3) grey levels, 0…255, not rounded; others are taken, if they are finite.
  ///   - embeddings: of unit length, (1, width) for all faces, or (n, width).
  ///   - wantsGradients: whether the second part of the answer is wanted; it is empty otherwise.
  /// - Returns: n distances², and their derivatives by the grey levels, of the shape of `faces`.
  /// - Throws: ``Problem`` with the code `malformed` or `no_number`.
  package func distances(
    of faces: UnsafeBufferPointer<Float>, to embeddings: UnsafeBufferPointer<Float>,
    wantsGradients: Bool
  ) throws(Problem) -> (distances: [Float], gradients: [Float]) {
    let (size, width) = (Self.faceNumbers, embeddingWidth)
    let count = faces.count / size
    guard Self.distanceCounts.contains(count), faces.count == count * size else {
      throw .malformed(
        "\(faces.count) numbers are not 1 to \(Self.distanceCounts.upperBound) faces of \(size)")
    }
    guard embeddings.count == width || embeddings.count == count * width else {
      throw .malformed(
        "\(embeddings.count) numbers of embeddings; expected \(width) for all faces, or \(width) for "
          + "each of \(count)")
    }
    guard faces.allSatisfy(\.isFinite) else {
      throw .malformed("a grey level is not finite; expected numbers from 0 to 255")
    }
    for start in stride(from: 0, to: embeddings.count, by: width) {
      let square = embeddings[start..<start + width].reduce(0) { $0 + Double($1) * Double($1) }
      guard abs(square - 1) < 1e-3 else {
        throw .malformed("embedding \(start / width + 1) is not of unit length")
      }
    }
    var found: (distances: [Float], gradients: [Float]) = ([], [])
    found.distances.reserveCapacity(count)
    if wantsGradients { found.gradients.reserveCapacity(faces.count) }
    for first in stride(from: 0, to: count, by: Self.distanceBatch) {
      let rows = first..<min(count, first + Self.distanceBatch)
      let pictures = Tensor(shape: [rows.count, AlignedFrame.side, AlignedFrame.side, 3]) {
        for index in 0..<rows.count * size {
          $0[index] = faces[rows.lowerBound * size + index] / 127.5 - 1
        }
      }
      let goals = Tensor(shape: [rows.count, width]) {
        for index in 0..<rows.count * width {
          $0[index] =
            embeddings[embeddings.count == width ? index % width : rows.lowerBound * width + index]
        }
      }
      let x = wantsGradients ? Variable(tracked: pictures) : Variable(pictures)
      let embedder = warden.screen.extractor.reconstructor.embedder
      let distances = embedder.unitEmbeddings(of: x).squaredRowDistances(to: Variable(goals))
      found.distances += distances.value.numbers
      if wantsGradients {
        // Of the sum, because a face's distance does not depend on other faces.
        let slopes = gradients(of: distances.sum(), withRespectTo: [x])[0]
        found.gradients += slopes.numbers.map { $0 / 127.5 }
      }
    }
    guard found.distances.allSatisfy(\.isFinite), found.gradients.allSatisfy(\.isFinite) else {
      throw .noNumber
    }
    return found
  }
}
