import Attacks
import CommandLineArguments
import Embedders
import ModelStore

/// The embedder that decides about an attack, and the one that the attack sees if it is another.
struct AttackModels {
  static let options = [SharedOptions.models, SharedOptions.victim, SharedOptions.surrogate]

  let victimName: String
  let surrogateName: String?
  let victim: FaceEmbedder
  let surrogate: FaceEmbedder?
  /// What their distances depend on.
  let victimSum: String
  let surrogateSum: String?

  /// Checks the options alone.
  static func check(_ arguments: Arguments) throws {
    _ = try arguments.optional("--model", .modelName)
    _ = try arguments.optional("--made-against", .modelName)
  }

  init(_ arguments: Arguments) throws {
    let folder = arguments.modelsFolder
    let manifest = try ModelManifest(folder: folder)
    victimName = try arguments.optional("--model", .modelName) ?? FaceEmbedder.modelName
    let other = try arguments.optional("--made-against", .modelName)
    surrogateName = other == victimName ? nil : other
    victim = try FaceEmbedder(victimName, of: manifest, folder: folder)
    victimSum = try manifest.distanceIdentity(of: victimName)
    surrogate = try surrogateName.map { try FaceEmbedder($0, of: manifest, folder: folder) }
    surrogateSum = try surrogateName.map { try manifest.distanceIdentity(of: $0) }
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
    var attacks: [NamedAttack] = []
    for name in names.isEmpty ? ["minimum-norm"] : names
    where !attacks.contains(where: { $0.name == name }) {
      guard let attack = AttackCatalogue.find(name, iterations: iterations) else {
        throw UsageError.invalidValue(
          name: "option '--attack'", value: name,
          expected: AttackCatalogue.all().map(\.name).joined(separator: ", "))
      }
      attacks.append(attack)
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
