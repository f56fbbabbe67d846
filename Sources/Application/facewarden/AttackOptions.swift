import Attacks
import CommandLineArguments
import Foundation
import Images

/// Options that change how attacks are put together: what they see, what their change outlasts, where it
/// may be and what it goes through.
struct AttackOptions: CommandSettings {
  private var goals: Worded<[AttackAim.Goal]>?
  private var transforms: Worded<RandomTransforms>?
  private var overshoot: Float?
  private var store: AttackStore?
  private var spread: Spread?
  private var again = 0

  /// Where changes are made.
  private enum Spread {
    case named(AttackSpread)
    /// Where the picture in a file is white.
    case mask(path: String)
  }

  static let settings: [Setting<Self>] = [
    .optional(
      "--see", "NAME[:D2],…",
      "What the attack makes small instead of its own aim: f_c (or what decides in its place), f_v, screen; "
        + "below D2, or below θ.",
      \.goals, ValueReader.attackGoals.worded),
    .optional(
      "--eot", "SETTINGS",
      "Outlasts random transforms: 'usual', or what differs, such as turn=4,blur=0.5-2,draws=2.",
      \.transforms, ValueReader.randomTransforms.worded),
    .optional(
      "--overshoot", "D2", "Searches for this distance² and scales its change back to θ.",
      \.overshoot, .float(in: 0.0001...4)),
    .optional(
      "--through", "STORE", "What the picture goes through and is: jpeg-75, halved.", \.store,
      .attackStore),
    .optional(
      "--spread", "WHERE",
      "Where changes are made: everywhere, glasses, sticker, a PNG of the frame (white is changed), or "
        + "smooth-16 (a smooth field of 16×16 cells).", \.spread, spread),
    .value(
      "--again", "N", "Further searches with other random numbers.", \.again,
      .integer(in: 0...1000)),
  ]

  /// `glasses`, or the name of a file.
  private static let spread = ValueReader<Spread>(
    expected: "everywhere, glasses, sticker, smooth-N with N from 1 to 128, or a PNG file"
  ) { word in
    if let named = AttackSpread(name: word) { return .named(named) }
    return word.lowercased().hasSuffix(".png") ? .mask(path: word) : nil
  } word: {
    switch $0 {
    case .named(let spread): spread.name
    case .mask(let path): path
    }
  }

  /// Whether anything differs from the attacks as they are listed.
  var areGiven: Bool {
    goals != nil || transforms != nil || overshoot != nil || store != nil || spread != nil
      || again > 0
  }

  /// An attack put together as the options say, but for a mask in a file: see ``masked(_:)``.
  ///
  /// - Throws: `UsageError`.
  func applied(to named: NamedAttack) throws(UsageError) -> NamedAttack {
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
      attack.setup.aim.goals = goals.value
      // What the network that decides is not asked about counts by the aim alone.
      if !goals.value.contains(where: { $0.network == .decider }) {
        attack.setup.countsByAim = true
      }
    }
    if let transforms { attack.setup.aim.transforms = transforms.value }
    if let store { attack.setup.store = store }
    if case .named(let spread) = spread { attack.setup.spread = spread }
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

  /// Attacks that the options were applied to, with the mask of the file that is named, if one is.
  ///
  /// - Throws: `ImageError`, which names the file.
  func masked(_ attacks: [NamedAttack]) throws -> [NamedAttack] {
    guard case .mask(let path) = spread else { return attacks }
    let picture = try RGBImage.read(path: path).image
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let sum = picture.pixels.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    // The name is what settings tell: other pixels are another mask.
    let mask = FaceMask(name: "\(name)-\(String(sum, radix: 16))", picture: picture)
    return attacks.map { named in
      var attack = named.attack as? ComposedAttack ?? ComposedAttack(named.attack)
      attack.setup.spread = .patch(mask)
      return NamedAttack(named.name, named.summary, attack, needs: named.kind)
    }
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
    Self(expected: "none, halved, or jpeg-N with N from 1 to 100") {
      AttackStore(name: $0)
    } word: {
      $0.name
    }
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
