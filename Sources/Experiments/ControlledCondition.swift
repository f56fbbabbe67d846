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

  /// What linear probes read from vectors: name and value of an appearance.
  static let probed: [(name: String, value: @Sendable (Appearance) -> Double)] = [
    ("yaw", { Double($0.yaw) }), ("pitch", { Double($0.pitch) }),
    ("smile", { Double($0.smile) }), ("mouth open", { Double($0.mouthOpen) }),
    ("light azimuth", { Double($0.lightAzimuth) }),
    ("light elevation", { Double($0.lightElevation) }), ("exposure", { Double($0.exposure) }),
    ("blur", { Double($0.blur) }), ("glasses", { $0.glasses ? 1 : 0 }),
    ("hat", { $0.hat ? 1 : 0 }),
  ]
}
