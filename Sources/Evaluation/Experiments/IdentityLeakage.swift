private import Metrics
private import Reconstruction
private import SeededRandom
private import Tensors

/// Figure 4: how well a perceptron reads the person from attribute vectors, over its training.
public struct IdentityLeakage: Codable, Sendable {
  /// What was read from one kind of vectors.
  public struct Curve: Codable, Sendable {
    /// The IP-GAN whose f_A it is, or the embedder.
    public var model: String
    /// Whether the vectors are an embedder's f_C, made to hold the person: the upper end of the scale.
    public var isEmbedding: Bool
    /// Numbers in a vector.
    public var length: Int
    /// Top-1 on pictures kept from the perceptron, after each epoch, and on those it learns from.
    public var heldBack, learnt: [Double]
    /// Top-1 on pictures kept back after the last epoch, and its 95 % interval over people.
    public var top1: Double, top1CI95: [Double]
  }

  /// Whose pictures they are.
  public var group: String
  /// How many people, pictures to learn from and pictures kept back.
  public var people, learntPictures, heldBackPictures: Int
  /// How the perceptron was trained.
  public var training: Perceptron.Training
  /// The curves, IP-GANs first.
  public var curves: [Curve] = []

  /// Parts each person's pictures in halves by the seed, learns one and reads the other.
  ///
  /// - Parameters:
  ///   - group: the faces; people with less than four are left out.
  ///   - networks: the IP-GANs whose f_A is read, the mean μ.
  ///   - embedder: whose f_C, of unit length, is read for comparison.
  ///   - pictureLimit: the most pictures.
  ///   - training: of the perceptron; its seed also parts the pictures.
  ///   - progress: told what is being done.
  /// - Throws: ``ExperimentError``, and what reading pictures throws.
  public init(
    _ group: LabelledFaces, networks: [NamedNetworks], embedder: NamedEmbedder, pictureLimit: Int,
    training: Perceptron.Training = Perceptron.Training(),
    progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    let faces = try group.sample(limit: pictureLimit, minimum: 4, seed: training.seed)
    (self.group, self.training) = (group.group, training)
    let halves = Self.halves(faces.people, seed: training.seed)
    let names = Set(faces.people).sorted()
    (people, learntPictures) = (names.count, halves.learnt.count)
    heldBackPictures = halves.heldBack.count
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let labels = faces.people.map { classes[$0] ?? 0 }

    var (attributes, embeddings): ([[Tensor]], [[Float]]) = (networks.map { _ in [] }, [])
    for part in batches(faces.count) {
      let pictures = try faces.faces(at: Array(part))
      for (index, model) in networks.enumerated() {
        attributes[index].append(model.networks.codes(of: pictures).attributes)
      }
      embeddings +=
        LabelledEmbeddings(
          pictures.map { (person: "", face: $0) }, embedder: embedder.embedder
        ).rows
      progress("\(group.group): attributes", part.upperBound, faces.count)
    }
    let vectors =
      zip(networks, attributes).map { ($0.name, false, Tensor(joining: $1)) } + [
        (
          embedder.name, true,
          Tensor(Array(embeddings.joined()), shape: [faces.count, embeddings[0].count])
        )
      ]
    for (name, isEmbedding, rows) in vectors {
      var curve = Curve(
        model: name, isEmbedding: isEmbedding, length: rows.shape[1], heldBack: [], learnt: [],
        top1: 0, top1CI95: [])
      let (learnt, heldBack) = (rows.rows(halves.learnt), rows.rows(halves.heldBack))
      let answers = halves.learnt.map { labels[$0] }
      let expected = halves.heldBack.map { labels[$0] }
      var network = Perceptron(rows: learnt, classes: names.count, training: training)
      var hits: [Double] = []
      for epoch in 0..<training.epochs {
        _ = network.train(on: learnt, labels: answers, epoch: epoch)
        hits = zip(network.classes(of: heldBack), expected).map { $0 == $1 ? 1 : 0 }
        curve.heldBack.append(mean(hits))
        curve.learnt.append(
          mean(zip(network.classes(of: learnt), answers).map { $0 == $1 ? 1 : 0 }))
        progress("perceptron on \(name)", epoch + 1, training.epochs)
      }
      let found = hits
      curve.top1 = mean(found)
      curve.top1CI95 = ClusterBootstrap(
        clusters: halves.heldBack.map { faces.people[$0] }, seed: training.seed
      ).interval95 { places in mean(places.map { found[$0] }) }
      curves.append(curve)
    }
  }

  /// Places to learn from and places kept back: each person's in a random order, half and half.
  private static func halves(
    _ people: [String], seed: UInt64
  ) -> (learnt: [Int], heldBack: [Int]) {
    let root = SplitMix64(seed: seed)
    var (learnt, heldBack): ([Int], [Int]) = ([], [])
    for (person, own) in Dictionary(grouping: people.indices, by: { people[$0] }) {
      var random = root.derived(from: person)
      let order = random.shuffled(own)
      learnt += order.prefix((order.count + 1) / 2)
      heldBack += order.dropFirst((order.count + 1) / 2)
    }
    return (learnt.sorted(), heldBack.sorted())
  }
}
