import AttackSets
import Attacks
import CommandLineArguments
import Experiments
import Foundation

/// `facewarden attack-set`: adversarial pictures of many pairs.
struct MakeAttackSet: Subcommand, CommandSettings {
  static let command = Command(
    "attack-set", "attacks many pairs at several thresholds and keeps a manifest of all of it",
    discussion: """
      Pairs are LFW's (each mismatched pair both ways), lines of a CSV, or drawn from a folder of \
      person/picture, every picture once. What each attack found is an 8-bit PNG whose distance² \
      was measured again after decoding. With --whole the pictures are photographs: the change is put \
      into the photograph, and the face is found and aligned in it anew. The same command continues a set that was broken off; \
      several shards may write one folder at once.

      The attacks:

      \(AttackNames.list)
      """,
    options: options)

  private var networks = AttackModels.Options()
  private var source = AttackPairSource()
  private var names: [[String]] = []
  private var thetas = AttackThetas([0.4, 0.6, 0.8, 1])
  private var iterations: Int?
  private var seed: UInt64 = 1
  private var shard: Shard?
  private var output = ""
  private var options = AttackOptions()
  private var attacks: [NamedAttack] = []

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.source) + [
      .repeated(
        "--attack", "NAME,…",
        "What to make, from the list above; \(AttackNames.usual) if not given. May be repeated.",
        \.names, .names),
      .value(
        "--thetas", "D2,D2,…",
        "The distances² to undercut, 'door' for the door's own and what decides there.", \.thetas,
        AttackThetas.reader),
      .optional(
        "--iterations", "N", "Gradients or rounds instead of each attack's own number.",
        \.iterations, .integer(in: 1...1_000_000)),
      .value("--seed", "N", "The seed of all that is random.", \.seed, .unsignedInteger),
      .optional(
        "--shard", "I/N", "Only the I-th of N parts, counted from 1.", \.shard, .shard),
      .required("-o", "DIR", "The folder of the set.", \.output, .text),
    ] + part(\.options)

  mutating func check(_ arguments: Arguments) throws {
    attacks = try AttackNames.attacks(
      names.flatMap(\.self), iterations: iterations, options: options,
      hasSurrogate: networks.hasSurrogate)
    guard !networks.hasPoint || attacks.contains(where: { $0.sees(.screen) }) else {
      throw UsageError.conflict(
        "'--bpcer' goes with attacks that see the screen, such as 'adaptive'")
    }
  }

  func run() throws -> Int32 {
    Interruption.observe()
    let attacks = try options.masked(attacks)
    let models = try AttackModels(networks, for: attacks, atDoor: thetas.isAtDoor)
    let (all, pictures) = try source.open(seed: seed, networks.models)
    let shard = shard ?? Shard(number: 1, count: 1)
    let thetas = try thetas.values(models)
    let pairs = all.indices.filter(shard.contains).map { all[$0] }
    try OutputFolder.make(output)
    let writer = try AttackSetWriter(
      folder: output,
      settings: AttackSetSettings(
        attacks: attacks, thetas: thetas, seed: seed, embedder: models.victimSum,
        embedderName: models.victimName, surrogate: models.surrogateSum,
        surrogateName: models.surrogateName, witness: models.witnessSum, screen: models.screenSum,
        isWhole: source.isWhole ? true : nil),
      attacks: attacks, networks: models.networks, shard: (shard.number, shard.count))
    let start = Date()
    var first: Int?
    try writer.write(
      pairs, from: pictures,
      progress: { done, total in
        let began = first ?? done
        if first == nil { first = done }
        let rate = Double(done - began) / max(1e-9, Date().timeIntervalSince(start))
        Console.progress(
          "\(done) of \(total) attacked pairs  "
            + "\(Console.duration(Double(total - done) / rate)) left")
      }, shouldStop: { Interruption.isRequested })
    Console.endProgress()
    if Interruption.isRequested {
      Console.say("stopped; the same command continues")
      return 2
    }
    let report = AttackSetReport(try AttackSet(folder: output))
    try report.write(to: output)
    try Output.line(report.text)
    return 0
  }
}
