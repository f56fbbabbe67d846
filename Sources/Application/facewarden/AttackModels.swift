import AttackSets
import Attacks
import CommandLineArguments
import Embedders
import Foundation
import ModelStore
import Screening

/// The networks that decide about attacks, and those that attacks see.
struct AttackModels {
  /// The options that say which.
  struct Options: CommandSettings {
    /// The folder of the models.
    private(set) var models = ModelsFolder()
    fileprivate var victim: String?
    fileprivate var surrogate: String?
    private var rate: Double?

    static let settings: [Setting<Self>] =
      part(\.models) + [
        .optional(
          "--model", "NAME",
          "What decides about success: an embedder, or 'fusion', f_C and f_V together; if not given what "
            + "decides at the door where θ is 'door', else f_c.", \.victim, .modelName),
        .optional(
          "--made-against", "NAME",
          "The embedder that the attack sees, or 'fusion', if another (transfer); that of --model if not given.",
          \.surrogate, .modelName),
        .optional(
          "--bpcer", "RATE",
          "The detector's operating point for attacks that see the screen; 'verify's default if not "
            + "given.", \.rate, .number(in: 1e-6...0.5)),
      ]

    /// Whether another embedder than the one that decides is named for the attack to see.
    var hasSurrogate: Bool { surrogate != nil }

    /// Whether an operating point of the screen is asked for.
    var hasPoint: Bool { rate != nil }

    /// The screen with all that it needs, at the operating point asked for.
    func warden() throws -> FaceWarden {
      try FaceWarden(
        folder: models.path, bpcer: rate.map { OperatingPointName.make("bpcer", $0) })
    }
  }

  let victimName: String
  let surrogateName: String?
  let networks: AttackNetworks
  /// What their distances depend on.
  let victimSum: String
  let surrogateSum: String?
  let witnessSum: String?
  /// The models and the operating point of the screen, if an attack sees it.
  let screenSum: String?
  private let folder: String

  var victim: DecidingEmbedders { networks.victim }

  /// Loads what attacks need.
  ///
  /// - `atDoor`: whether they are to end at the door's own threshold.
  init(_ options: Options, for attacks: [NamedAttack], atDoor: Bool) throws {
    folder = options.models.path
    let manifest = try ModelManifest(folder: folder)
    let hasFusion = manifest.models.contains { $0.name == EmbeddingFusion.modelName }
    victimName =
      options.victim
      ?? (atDoor && hasFusion ? EmbeddingFusion.modelName : FaceEmbedder.modelName)
    surrogateName = options.surrogate == victimName ? nil : options.surrogate
    let folder = folder
    func load(_ name: String) throws -> FaceEmbedder {
      try FaceEmbedder(name, of: manifest, folder: folder)
    }
    func deciding(_ name: String) throws -> DecidingEmbedders {
      try DecidingEmbedders(name, of: manifest, folder: folder)
    }
    var networks = AttackNetworks(victim: try deciding(victimName))
    networks.surrogate = try surrogateName.map(deciding)
    victimSum = try manifest.distanceIdentity(of: victimName)
    surrogateSum = try surrogateName.map { try manifest.distanceIdentity(of: $0) }
    let needsWitness = attacks.contains { $0.sees(.witness) }
    if needsWitness { networks.witness = try load(FaceEmbedder.witnessName) }
    witnessSum =
      needsWitness ? try manifest.distanceIdentity(of: FaceEmbedder.witnessName) : nil
    if attacks.contains(where: { $0.sees(.screen) }) {
      guard
        [FaceEmbedder.modelName, EmbeddingFusion.modelName].contains(victimName)
          && surrogateName == nil
      else {
        throw UsageError.conflict(
          "an attack that sees the screen attacks f_c or the fusion, which it is made for")
      }
      let warden = try options.warden()
      networks.screen = ScreenKnowledge(warden.screen, threshold: warden.pairPoint.threshold)
      screenSum =
        ([warden.pairPoint.name] + warden.models.map { "\($0.name) \($0.sha256)" })
        .joined(separator: ", ")
    } else {
      screenSum = nil
    }
    self.networks = networks
  }

  /// The distance² below which the door takes two faces for one: the largest number that is not above the
  /// threshold of the usual operating point.
  func doorThreshold() throws -> Float {
    let name = FaceWarden.defaultPoints.verification
    let entry = try ModelManifest(folder: folder).entry(victimName)
    guard let point = entry.operatingPoint(name) else {
      throw DetectorError.noOperatingPoint(
        name, model: victimName, offered: entry.operatingPoints.map(\.name))
    }
    return point.theta
  }
}

/// The θ of attacks: numbers, and the door's own threshold.
struct AttackThetas: Sendable {
  private let numbers: [Float]
  private let hasDoor: Bool

  /// `0.4,door`.
  static let reader = ValueReader<AttackThetas>(
    expected: "numbers from 0.0001 to 4 separated by commas, or 'door' for the door's own threshold"
  ) { text in
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.filter { $0 != "door" }.map { Double($0) }
    guard
      numbers.allSatisfy({ number in
        number.map { $0.isFinite && (0.0001...4).contains($0) } ?? false
      })
    else { return nil }
    return AttackThetas(
      numbers.compactMap { $0.map { Float($0) } }, hasDoor: words.contains("door"))
  } word: { thetas in
    (thetas.numbers.map(ValueReader.float(in: 0...4).word) + (thetas.hasDoor ? ["door"] : []))
      .joined(separator: ",")
  }

  init(_ numbers: [Float], hasDoor: Bool = false) {
    (self.numbers, self.hasDoor) = (numbers, hasDoor)
  }

  /// Whether the door's threshold is among them.
  var isAtDoor: Bool { hasDoor }

  /// How many there are, if the door's threshold is none of the numbers.
  var count: Int { Set(numbers).count + (hasDoor ? 1 : 0) }

  /// All of them, ascending.
  func values(_ models: AttackModels) throws -> [Float] {
    Set(numbers + (hasDoor ? [try models.doorThreshold()] : [])).sorted()
  }
}

/// The attacks that a command line names.
enum AttackNames {
  /// What is made where no name is given.
  static let usual = "minimum-norm"

  /// A line for each attack, for the help.
  static var list: String {
    AttackCatalogue.all().map { attack in
      let gap = String(repeating: " ", count: max(1, 18 - attack.name.count))
      return "  \(attack.name)\(gap)\(attack.summary)"
    }.joined(separator: "\n")
  }

  /// The attacks of names, each once, in their order; what a mask's file says is not in them yet.
  ///
  /// - `iterations`: replaces each attack's own number.
  /// - `hasSurrogate`: whether another network than the one that decides is seen.
  /// - Throws: `UsageError`.
  static func attacks(
    _ names: [String], iterations: Int?, options: AttackOptions, hasSurrogate: Bool
  ) throws(UsageError) -> [NamedAttack] {
    var attacks: [NamedAttack] = []
    for name in names.isEmpty ? [usual] : names
    where !attacks.contains(where: { $0.name == name }) {
      guard let attack = AttackCatalogue.find(name, iterations: iterations) else {
        throw UsageError.invalidValue(
          name: "option '--attack'", value: name,
          expected: AttackCatalogue.all().map(\.name).joined(separator: ", "))
      }
      attacks.append(try options.applied(to: attack))
    }
    if hasSurrogate,
      let other = attacks.first(where: { $0.kind != .gradients })
    {
      throw UsageError.conflict(
        "'--made-against' goes with attacks that take gradients, not with '\(other.name)'")
    }
    return attacks
  }
}
