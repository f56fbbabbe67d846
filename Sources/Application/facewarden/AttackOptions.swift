import Attacks
import CommandLineArguments
import Foundation
import Images

/// Options that change how attacks are put together: what they see, what their change outlasts, where it
/// may be and what it goes through.
struct AttackOptions {
  static let options: [CommandOption] = [
    .value(
      "--see", "NAME[:D2],…",
      "What the attack makes small instead of its own aim: f_c, f_v, screen; below D2, or below θ."),
    .value(
      "--eot", "SETTINGS",
      "Outlasts random transforms: 'usual', or what differs, such as turn=4,blur=0.5-2,draws=2."),
    .value(
      "--overshoot", "D2", "Searches for this distance² and scales its change back to θ."),
    .value("--through", "STORE", "What the picture goes through and is: jpeg-75, halved."),
    .value(
      "--spread", "WHERE",
      "Where changes are made: everywhere, glasses, sticker, a PNG of the frame (white is changed), or "
        + "smooth-16 (a smooth field of 16×16 cells)."),
    .value("--again", "N", "Further searches with other random numbers; 0 if not given."),
  ]

  private let goals: [AttackAim.Goal]?
  private let transforms: RandomTransforms?
  private let overshoot: Float?
  private let store: AttackStore?
  private let spread: AttackSpread?
  private let again: Int

  init(_ arguments: Arguments) throws {
    goals = try arguments.optional("--see", .attackGoals)
    transforms = try arguments.optional("--eot", .randomTransforms)
    overshoot = try arguments.optional("--overshoot", .number(in: 0.0001...4)).map { Float($0) }
    store = try arguments.optional("--through", .attackStore)
    again = try arguments.optional("--again", .integer(in: 0...1000)) ?? 0
    spread = try arguments.optional("--spread", .text).map { word in
      if let named = AttackSpread(name: word) { return named }
      guard word.lowercased().hasSuffix(".png") else {
        throw UsageError.invalidValue(
          name: "option '--spread'", value: word,
          expected: "everywhere, glasses, sticker, smooth-N with N from 1 to 128, or a PNG file")
      }
      let picture = try RGBImage.read(path: word).image
      let name = ((word as NSString).lastPathComponent as NSString).deletingPathExtension
      let sum = picture.pixels.reduce(UInt64(14_695_981_039_346_656_037)) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      // The name is what settings tell: other pixels are another mask.
      return .patch(FaceMask(name: "\(name)-\(String(sum, radix: 16))", picture: picture))
    }
  }

  /// Whether anything differs from the attacks as they are listed.
  var areGiven: Bool {
    goals != nil || transforms != nil || overshoot != nil || store != nil || spread != nil
      || again > 0
  }

  /// An attack put together as the options say.
  func applied(to named: NamedAttack) throws -> NamedAttack {
    guard areGiven else { return named }
    guard named.kind == .gradients || goals == nil && transforms == nil else {
      throw UsageError.conflict(
        "'--see' and '--eot' go with attacks that take gradients, not with '\(named.name)'")
    }
    guard named.kind == .gradients || named.kind == .queries else {
      throw UsageError.conflict("'\(named.name)' is made one way only")
    }
    var attack = named.attack as? ComposedAttack ?? ComposedAttack(named.attack)
    if let goals {
      attack.setup.aim.goals = goals
      // What the network that decides is not asked about counts by the aim alone.
      if !goals.contains(where: { $0.network == .decider }) { attack.setup.countsByAim = true }
    }
    if let transforms { attack.setup.aim.transforms = transforms }
    if let store { attack.setup.store = store }
    if let spread { attack.setup.spread = spread }
    if let overshoot { attack.overshoot = overshoot }
    if again > 0 {
      if var search = attack.search as? NormDecoupledAttack {
        search.restarts = again
        attack.search = search
      } else {
        attack.restarts = again
      }
    }
    return NamedAttack(named.name, named.summary, attack, needs: named.kind)
  }
}

extension ValueReader<[AttackAim.Goal]> {
  /// Networks and their limits: `f_c,f_v:1.62`.
  static var attackGoals: Self {
    Self(expected: "f_c, f_v or screen, each once, with a distance² in 0…4 after ':' if not θ") {
      text in
      var goals: [AttackAim.Goal] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(words.count),
          let network = AttackAim.Network(rawValue: String(words[0])),
          !goals.contains(where: { $0.network == network })
        else { return nil }
        var limit = AttackLimit.theta(share: 1)
        if words.count == 2 {
          guard network != .screen, let number = Float(words[1]), (0...4).contains(number) else {
            return nil
          }
          limit = .fixed(number)
        }
        goals.append(AttackAim.Goal(network, below: limit))
      }
      return goals.isEmpty ? nil : goals
    }
  }
}

extension ValueReader<AttackStore> {
  /// `none`, `halved` or `jpeg-QUALITY`.
  static var attackStore: Self {
    Self(expected: "none, halved, or jpeg-N with N from 1 to 100") { AttackStore(name: $0) }
  }
}

extension ValueReader<RandomTransforms> {
  /// `usual`, or what differs from it.
  static var randomTransforms: Self {
    Self(
      expected:
        "'usual', or turn (degrees), zoom, shift (pixels of 128), blur (pixels of 128, A-B), "
        + "blur-share, contrast, brightness, jpeg (A-B), jpeg-share, mirror-share, noise (grey levels), "
        + "draws, each as name=number, separated by commas"
    ) { text in
      var transforms = RandomTransforms()
      if text == "usual" { return transforms }
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2, transforms.set(words[0], to: words[1]) else { return nil }
      }
      return transforms
    }
  }
}

extension RandomTransforms {
  /// Sets one number by its name on the command line; false if there is none such, or it is out of range.
  fileprivate mutating func set(_ name: String, to text: String) -> Bool {
    func number(_ range: ClosedRange<Float>) -> Float? {
      Float(text).flatMap { range.contains($0) ? $0 : nil }
    }
    func span(_ range: ClosedRange<Float>) -> ClosedRange<Float>? {
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Float($0) }
      guard (1...2).contains(ends.count), let low = ends[0], let high = ends.last ?? nil,
        low <= high, range.contains(low), range.contains(high)
      else { return nil }
      return low...high
    }
    func put(_ number: Float?, _ path: WritableKeyPath<Self, Float>) -> Bool {
      guard let number else { return false }
      self[keyPath: path] = number
      return true
    }
    switch name {
    case "turn": return put(number(0...180), \.turn)
    case "zoom": return put(number(0...0.5), \.zoom)
    case "shift": return put(number(0...64).map { $0 / 128 }, \.shift)
    case "blur-share": return put(number(0...1), \.blurProbability)
    case "contrast": return put(number(0...1), \.contrast)
    case "brightness": return put(number(0...1), \.brightness)
    case "jpeg-share": return put(number(0...1), \.jpegProbability)
    case "mirror-share": return put(number(0...1), \.mirrorProbability)
    case "noise": return put(number(0...128), \.noise)
    case "blur":
      guard let span = span(0...16) else { return false }
      blur = span.lowerBound / 128...span.upperBound / 128
    case "jpeg":
      guard let span = span(1...100) else { return false }
      jpeg = Int(span.lowerBound)...Int(span.upperBound)
    case "draws":
      guard let count = Int(text), (1...64).contains(count) else { return false }
      draws = count
    default: return false
    }
    return true
  }
}
