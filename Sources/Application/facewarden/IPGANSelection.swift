import CommandLineArguments
import Embedders
import Experiments
import Faces
import ModelStore
import Reconstruction

/// Why the IP-GANs asked for cannot be worked with together.
enum IPGANSelectionError: Error, Equatable, CustomStringConvertible {
  /// They were made with different embedders, whose f_C cannot be compared.
  case differentEmbedders([String: String])
  /// Its pictures are not of the aligned frame's size.
  case otherSize(model: String, side: Int)

  var description: String {
    switch self {
    case .differentEmbedders(let names):
      "the IP-GANs were made with different embedders: "
        + names.sorted { $0.key < $1.key }.map { "'\($0.key)' with '\($0.value)'" }
        .joined(separator: ", ") + "; expected one for all"
    case .otherSize(let model, let side):
      "'\(model)' is made for pictures of \(side)×\(side) pixels; "
        + "expected \(AlignedFrame.side)×\(AlignedFrame.side)"
    }
  }
}

/// Which IP-GANs a command works with: A and G by name, I and C as the manifest says.
struct IPGANSelection {
  /// One IP-GAN.
  struct One: CommandSettings {
    private(set) var models = ModelsFolder()
    private var name = FaceReconstructor.modelName

    static let settings: [Setting<Self>] =
      part(\.models) + [
        .value("--ipgan", "NAME", "The IP-GAN of the manifest.", \.name, .modelName)
      ]

    /// Loads the networks, and f_V only where it is to judge.
    func load(withWitness: Bool = true) throws -> IPGANSelection {
      try IPGANSelection([name], models, withWitness: withWitness)
    }
  }

  /// One IP-GAN or several.
  struct Several: CommandSettings {
    private var models = ModelsFolder()
    private var names: [String] = []

    static let settings: [Setting<Self>] =
      part(\.models) + [
        .repeated(
          "--ipgan", "NAME", "An IP-GAN of the manifest; may be repeated; ip_gan if not given.",
          \.names, .modelName)
      ]

    mutating func check(_ arguments: Arguments) throws {
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw UsageError.conflict("'--ipgan \(twice)' is given twice")
      }
    }

    /// Loads the networks, and f_V only where it is to judge.
    func load(withWitness: Bool = true) throws -> IPGANSelection {
      try IPGANSelection(
        names.isEmpty ? [FaceReconstructor.modelName] : names, models, withWitness: withWitness)
    }
  }

  /// A and G with their names, in the order asked for.
  let networks: [NamedNetworks]
  /// f_C, and f_V if it is wanted and the manifest has it.
  let judges: [NamedEmbedder]
  /// Names and checksums, in words.
  let words: [(name: String, text: String)]

  /// Loads the networks, and f_V only where it is to judge.
  private init(_ names: [String], _ models: ModelsFolder, withWitness: Bool) throws {
    let folder = models.path
    let manifest = try ModelManifest(folder: folder)
    var embedders: [String: String] = [:]
    for name in names { embedders[name] = Self.embedderName(of: try manifest.entry(name)) }
    guard let embedderName = embedders.first?.value, Set(embedders.values).count == 1 else {
      throw IPGANSelectionError.differentEmbedders(embedders)
    }
    let embedder = try FaceEmbedder(embedderName, of: manifest, folder: folder)
    networks = try names.map { name in
      let loaded = try FaceReconstructor(name, of: manifest, folder: folder, embedder: embedder)
      guard loaded.architecture.side == AlignedFrame.side else {
        throw IPGANSelectionError.otherSize(model: name, side: loaded.architecture.side)
      }
      return NamedNetworks(name, loaded)
    }
    var judges = [NamedEmbedder(embedderName, embedder)]
    let witness = FaceEmbedder.witnessName
    if withWitness, manifest.models.contains(where: { $0.name == witness }) {
      judges.append(
        NamedEmbedder(witness, try FaceEmbedder(witness, of: manifest, folder: folder)))
    }
    self.judges = judges
    words = try (names + judges.map(\.name)).map {
      ($0, "sha256 \(try manifest.entry($0).sha256)")
    }
  }

  /// The embedder that an IP-GAN was made with: what its entry names, f_c if it names none.
  private static func embedderName(of entry: ModelEntry) -> String {
    let partners = entry.madeWith.map { Array($0.keys) } ?? []
    return partners.count == 1 ? partners[0] : FaceEmbedder.modelName
  }
}
