import SyntheticFaces

/// One attribute of drawn pictures, set to one value while all others stay plain.
struct ControlledCondition {
  let attribute: String
  let value: Double
  let change: @Sendable (inout Appearance) -> Void

  private init(
    _ attribute: String, _ value: Float, _ change: @escaping @Sendable (inout Appearance) -> Void
  ) {
    (self.attribute, self.value, self.change) = (attribute, Double(value), change)
  }

  /// The conditions, plain pictures first.
  static var all: [ControlledCondition] {
    var list = [ControlledCondition("plain", 0) { _ in }]
    for v: Float in [-40, -20, 20, 40] {
      list.append(ControlledCondition("yaw, degrees", v) { $0.yaw = v })
    }
    for v: Float in [-15, 15] {
      list.append(ControlledCondition("pitch, degrees", v) { $0.pitch = v })
    }
    for v: Float in [-70, 0, 70] {
      list.append(ControlledCondition("light from, degrees", v) { $0.lightAzimuth = v })
    }
    for v: Float in [0.5, 1] {
      list.append(ControlledCondition("smile, share", v) { $0.smile = v })
      list.append(ControlledCondition("mouth open, share", v) { $0.mouthOpen = v })
    }
    list.append(ControlledCondition("glasses", 1) { $0.glasses = true })
    list.append(ControlledCondition("hat", 1) { $0.hat = true })
    return list
  }
}

/// A number that a drawn picture was made with, and that can be read from it again.
struct ControlledAttribute {
  let name: String
  let value: @Sendable (Appearance) -> Double

  private init(_ name: String, _ value: @escaping @Sendable (Appearance) -> Double) {
    (self.name, self.value) = (name, value)
  }

  /// What the linear probes read.
  static let probed = [
    ControlledAttribute("yaw") { Double($0.yaw) },
    ControlledAttribute("pitch") { Double($0.pitch) },
    ControlledAttribute("smile") { Double($0.smile) },
    ControlledAttribute("mouth open") { Double($0.mouthOpen) },
    ControlledAttribute("light azimuth") { Double($0.lightAzimuth) },
    ControlledAttribute("light elevation") { Double($0.lightElevation) },
    ControlledAttribute("exposure") { Double($0.exposure) },
    ControlledAttribute("blur") { Double($0.blur) },
    ControlledAttribute("glasses") { $0.glasses ? 1 : 0 },
    ControlledAttribute("hat") { $0.hat ? 1 : 0 },
  ]
}

/// An attribute whose ends a morph joins.
struct ControlledMorph {
  let name: String
  let from, to: Float
  let change: @Sendable (inout Appearance, Float) -> Void

  private init(
    _ name: String, _ from: Float, _ to: Float,
    _ change: @escaping @Sendable (inout Appearance, Float) -> Void
  ) {
    (self.name, self.from, self.to, self.change) = (name, from, to, change)
  }

  /// The morphs; their names are those of probed attributes.
  static let all = [
    ControlledMorph("yaw", -30, 30) { $0.yaw = $1 },
    ControlledMorph("pitch", -12, 12) { $0.pitch = $1 },
    ControlledMorph("light azimuth", -60, 60) { $0.lightAzimuth = $1 },
    ControlledMorph("smile", 0, 1) { $0.smile = $1 },
    ControlledMorph("mouth open", 0, 1) { $0.mouthOpen = $1 },
  ]
}
