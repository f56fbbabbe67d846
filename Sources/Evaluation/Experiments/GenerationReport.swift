private import Embedders
private import Images
private import Reconstruction

/// Tables 2 and 3: how often the person of a generated face is the nearest in a gallery.
public struct GenerationReport: Codable, Sendable {
  /// What one kind of faces came to under one judge.
  public struct Row: Codable, Sendable {
    /// The people: in training, held out, of LFW.
    public var group: String
    /// The IP-GAN that made the faces; nil for real pictures.
    public var model: String?
    /// The embedder that looks for the nearest.
    public var judge: String
    /// The search in the gallery.
    public var identification: IdentificationReport
    /// Top-1 divided by that of the real queries; nil where theirs is 0, and for themselves.
    public var ratio: Double?
    /// Its 95 % interval over people.
    public var ratioCI95: [Double]?
    /// How often the nearest is the one who lent the attributes; nil for real pictures.
    public var attributesFound: Double?
  }

  /// The rows, group by group, judge by judge, real pictures first.
  public var rows: [Row] = []
  /// Where all chance comes from.
  public var seed: UInt64

  /// Generates faces and looks for their people.
  ///
  /// - Parameters:
  ///   - groups: the people, each group with a gallery of its own.
  ///   - networks: the IP-GANs to compare.
  ///   - judges: the embedders that look for the nearest; unit length, squared distance.
  ///   - peopleLimit: the most people of a group.
  ///   - seed: which people and pictures.
  ///   - progress: told what is being done.
  /// - Throws: ``ExperimentError``, `IdentificationError`, and what reading pictures throws.
  public init(
    _ groups: [LabelledFaces], networks: [NamedNetworks], judges: [NamedEmbedder],
    peopleLimit: Int, seed: UInt64,
    progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    self.seed = seed
    for group in groups {
      let draw = try GenerationDraw(group, peopleLimit: peopleLimit, seed: seed)
      func embed(
        _ work: String, _ places: [Int], _ make: (Range<Int>) throws -> [RGBImage]
      ) throws -> [LabelledEmbeddings] {
        var rows = judges.map { _ in [[Float]]() }
        for part in batches(places.count) {
          let faces = try make(part).map { (person: "", face: $0) }
          for (index, judge) in judges.enumerated() {
            rows[index] += LabelledEmbeddings(faces, embedder: judge.embedder).rows
          }
          progress("\(group.group): \(work)", part.upperBound, places.count)
        }
        return rows.map {
          LabelledEmbeddings(people: places.map { group.people[$0] }, rows: $0)
        }
      }
      func real(_ work: String, _ places: [Int]) throws -> [LabelledEmbeddings] {
        try embed(work, places) { try group.faces(at: Array(places[$0])) }
      }
      let gallery = try real("gallery", draw.gallery)
      let queries = try real("queries", draw.queries)
      let generated = try networks.map { model in
        try embed(model.name, draw.queries) { part in
          let identity = model.networks.codes(of: try group.faces(at: Array(draw.queries[part])))
          let others = model.networks.codes(
            of: try group.faces(at: Array(draw.attributes[part])))
          return model.networks.faces(of: identity.with(attributesOf: others))
        }
      }
      for (index, judge) in judges.enumerated() {
        let ceiling = try IdentificationReport(gallery: gallery[index], probes: queries[index])
        rows.append(
          Row(group: group.group, model: nil, judge: judge.name, identification: ceiling))
        for (model, embeddings) in zip(networks, generated) {
          let lenders = LabelledEmbeddings(
            people: draw.attributes.map { group.people[$0] }, rows: embeddings[index].rows)
          var row = Row(
            group: group.group, model: model.name, judge: judge.name,
            identification: try IdentificationReport(
              gallery: gallery[index], probes: embeddings[index]))
          row.attributesFound =
            try IdentificationReport(gallery: gallery[index], probes: lenders).top1
          row.compare(to: ceiling, people: queries[index].people, seed: seed)
          rows.append(row)
        }
      }
    }
  }
}

extension GenerationReport.Row {
  /// Adds the ratio of top-1 to that of real pictures of the same queries.
  fileprivate mutating func compare(
    to real: IdentificationReport, people: [String], seed: UInt64
  ) {
    func ratio(_ places: some Sequence<Int>) -> Double {
      var (made, genuine) = (0, 0)
      for place in places {
        made += identification.ranks[place] == 1 ? 1 : 0
        genuine += real.ranks[place] == 1 ? 1 : 0
      }
      return genuine == 0 ? .nan : Double(made) / Double(genuine)
    }
    let all = ratio(people.indices)
    guard !all.isNaN else { return }
    self.ratio = all
    ratioCI95 = ClusterBootstrap(clusters: people, seed: seed).interval95(ratio)
  }
}
