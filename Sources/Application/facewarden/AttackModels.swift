import AttackSets
import Attacks
import CommandLineArguments
import Embedders
import Foundation
import ModelStore
import Screening

/// The networks that decide about attacks, and those that attacks see.
struct AttackModels {
  static let options = [SharedOptions.models, SharedOptions.victim, SharedOptions.surrogate]

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

  var victim: FaceEmbedder { networks.victim }

  /// Checks the options alone.
  static func check(_ arguments: Arguments) throws {
    _ = try arguments.optional("--model", .modelName)
    _ = try arguments.optional("--made-against", .modelName)
  }

  /// Loads what attacks need.
  init(_ arguments: Arguments, for attacks: [NamedAttack]) throws {
    folder = try ModelsFolder(arguments).path
    let manifest = try ModelManifest(folder: folder)
    victimName = try arguments.optional("--model", .modelName) ?? FaceEmbedder.modelName
    let other = try arguments.optional("--made-against", .modelName)
    surrogateName = other == victimName ? nil : other
    let folder = folder
    func load(_ name: String) throws -> FaceEmbedder {
      try FaceEmbedder(name, of: manifest, folder: folder)
    }
    var networks = AttackNetworks(victim: try load(victimName))
    networks.surrogate = try surrogateName.map(load)
    victimSum = try manifest.distanceIdentity(of: victimName)
    surrogateSum = try surrogateName.map { try manifest.distanceIdentity(of: $0) }
    let needsWitness = attacks.contains { $0.sees(.witness) }
    if needsWitness { networks.witness = try load(FaceEmbedder.witnessName) }
    witnessSum =
      needsWitness ? try manifest.distanceIdentity(of: FaceEmbedder.witnessName) : nil
    if attacks.contains(where: { $0.sees(.screen) }) {
      guard victimName == FaceEmbedder.modelName && surrogateName == nil else {
        throw UsageError.conflict(
          "an attack that sees the screen attacks f_c, which it is made for")
      }
      let rate = try arguments.optional("--bpcer", .number(in: 1e-6...0.5))
      let warden = try FaceWarden(
        folder: folder, bpcer: rate.map { OperatingPointName.make("bpcer", $0) })
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
    let nearest = Float(point.threshold)
    return Double(nearest) > point.threshold ? nearest.nextDown : nearest
  }
}

/// The θ of attacks: numbers, and the door's own threshold.
struct AttackThetas {
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
  }

  init(_ numbers: [Float], hasDoor: Bool = false) {
    (self.numbers, self.hasDoor) = (numbers, hasDoor)
  }

  /// How many there are, if the door's threshold is none of the numbers.
  var count: Int { Set(numbers).count + (hasDoor ? 1 : 0) }

  /// All of them, ascending.
  func values(_ models: AttackModels) throws -> [Float] {
    Set(numbers + (hasDoor ? [try models.doorThreshold()] : [])).sorted()
  }
}

/// The attacks that a command line names.
enum AttackNames {
  static let option = CommandOption.value(
    "--attack", "NAME,…",
    "What to make, from the list above; minimum-norm if not given. May be repeated.",
    isRepeatable: true)

  /// A line for each attack, for the help.
  static var list: String {
    AttackCatalogue.all().map { attack in
      let gap = String(repeating: " ", count: max(1, 18 - attack.name.count))
      return "  \(attack.name)\(gap)\(attack.summary)"
    }.joined(separator: "\n")
  }

  /// Reads the names given, each once, in their order.
  static func read(_ arguments: Arguments) throws -> [NamedAttack] {
    let iterations = try arguments.optional("--iterations", .integer(in: 1...1_000_000))
    let names = try arguments.all("--attack", .text).flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let options = try AttackOptions(arguments)
    var attacks: [NamedAttack] = []
    for name in names.isEmpty ? ["minimum-norm"] : names
    where !attacks.contains(where: { $0.name == name }) {
      guard let attack = AttackCatalogue.find(name, iterations: iterations) else {
        throw UsageError.invalidValue(
          name: "option '--attack'", value: name,
          expected: AttackCatalogue.all().map(\.name).joined(separator: ", "))
      }
      attacks.append(try options.applied(to: attack))
    }
    if arguments.has("--made-against"),
      let other = attacks.first(where: { $0.kind != .gradients })
    {
      throw UsageError.conflict(
        "'--made-against' goes with attacks that take gradients, not with '\(other.name)'")
    }
    return attacks
  }
}
