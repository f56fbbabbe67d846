internal import Embedders
internal import NeuralNetworks

/// Embeddings by one network of faces, of the faces under small changes, and of their reconstructions.
///
/// The screen asks about pictures as they are. People are told apart by the deciding embedding, which
/// may be made of a picture and its mirror image; that image is among the changes, so it costs nothing more.
struct NetworkViews {
  /// What decides who somebody is, of unit length, (batch, embedding).
  let deciding: Variable
  /// The network's embedding of each face by itself, of unit length.
  private let straight: Variable
  /// The same of each of ``FaceTransform``, if they were asked for.
  private let changed: [Variable]
  /// d² of each face and of its reconstruction, (batch); nil where none was asked for.
  let gap: Variable?

  /// Embeds faces, (batch, side, side, 3) in −1…1.
  ///
  /// - Parameters:
  ///   - embedder: the network.
  ///   - faces: the pictures.
  ///   - known: what the network gives for them, if it has seen them already.
  ///   - changed: the faces under each of ``FaceTransform``, or nothing.
  ///   - rebuilt: x̂, or nothing.
  init(
    _ embedder: FaceEmbedder, of faces: Variable, known: Variable? = nil, changed: [Variable],
    rebuilt: Variable?
  ) {
    precondition(changed.isEmpty || changed.count == FaceTransform.allCases.count)
    let averages = embedder.averagesMirrorImages
    let mirror = changed.isEmpty ? 0 : FaceTransform.allCases.firstIndex(of: .mirrored) ?? 0
    let pictures = changed.isEmpty && averages ? [FaceTransform.mirrored(faces)] : changed
    // All together: few pictures at a time leave a network waiting for its weights.
    let found = embedder.embeddings(
      ofEach: pictures + (known == nil ? [faces] : []) + (rebuilt.map { [$0] } ?? []))
    let own = known ?? found[pictures.count]
    straight = own.unitRows()
    deciding =
      averages ? embedder.unitEmbeddings(straight: own, mirrored: found[mirror]) : straight
    self.changed = changed.indices.map { found[$0].unitRows() }
    gap =
      rebuilt == nil
      ? nil : straight.squaredRowDistances(to: found[found.count - 1].unitRows())
  }

  /// log(d² + 10⁻⁴) of each face and of the face under each change, (batch, changes).
  var moves: Variable {
    changed.map { FeatureExtractor.logarithm(straight.squaredRowDistances(to: $0)) }
      .joinedColumns()
  }
}
