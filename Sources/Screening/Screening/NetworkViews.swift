internal import Embedders
internal import NeuralNetworks

/// Embeddings by one network of faces, of the faces under small changes, and of their reconstructions.
///
/// The screen asks about pictures as they are. People are told apart by the deciding embedding, which
/// may be made of a picture and its mirror image; where that is among the changes, it costs nothing more.
struct NetworkViews {
  /// What decides who somebody is, of unit length, (batch, embedding).
  let deciding: Variable
  /// The network's embedding of each face by itself, of unit length.
  private let straight: Variable
  /// The same of the faces under each change.
  private let changed: [Variable]
  /// d² of each face and of its reconstruction, (batch); nil where none was asked for.
  let gap: Variable?

  /// Embeds faces, (batch, side, side, 3) in −1…1.
  ///
  /// - Parameters:
  ///   - embedder: the network.
  ///   - faces: the pictures.
  ///   - known: what the network gives for them, if it has seen them already.
  ///   - changed: the faces under small changes.
  ///   - rebuilt: x̂, or nothing.
  init(
    _ embedder: FaceEmbedder, of faces: Variable, known: Variable? = nil,
    changed: [(change: FaceTransform, pictures: Variable)], rebuilt: Variable?
  ) {
    let averages = embedder.averagesMirrorImages
    var pictures = changed.map(\.pictures)
    var mirror = changed.firstIndex { $0.change == .mirrored }
    if averages, mirror == nil {
      mirror = pictures.count
      pictures.append(FaceTransform.mirrored(faces))
    }
    // All together: few pictures at a time leave a network waiting for its weights.
    let found = embedder.embeddings(
      ofEach: pictures + (known == nil ? [faces] : []) + (rebuilt.map { [$0] } ?? []))
    let own = known ?? found[pictures.count]
    straight = own.unitRows()
    deciding =
      if averages, let mirror {
        embedder.unitEmbeddings(straight: own, mirrored: found[mirror])
      } else {
        straight
      }
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
