private import Glibc

/// A pair of glasses, drawn as dots along its wires.
struct Glasses {
  private let shape: HeadShape
  private let colour: SIMD3<Float>
  private let roundness: Float

  init(_ shape: HeadShape) {
    self.shape = shape
    let noise = PlaneNoise(seed: UInt32(truncatingIfNeeded: shape.appearance.seed))
    let tone = noise.cell(1, 1)
    colour =
      tone < 0.6 ? [0.012, 0.011, 0.012] : mix([0.1, 0.04, 0.02], [0.3, 0.3, 0.32], tone * 2 - 1)
    roundness = 2 + 2.5 * noise.cell(2, 2)
  }

  func draw(into buffer: inout SurfaceBuffer, _ pose: Pose, _ camera: Camera) {
    let values = SIMD8<Float>(0, 0, 0, 0, colour.x, colour.y, colour.z, 0)
    let radius = 1.15 * (camera.a * camera.a + camera.b * camera.b).squareRoot()
    func dot(_ p: SIMD3<Float>) {
      let q = pose.applied(p)
      let (x, y) = camera.pixel(q)
      buffer.dot(x: x, y: y, z: q.z + 1, radius: radius, values: values)
    }
    let front = shape.frontal(x: 0, y: 2).z
    for side: Float in [-1, 1] {
      for step in 0..<110 {
        let angle = Float(step) / 110 * 2 * .pi
        let (c, s) = (cosf(angle), sinf(angle))
        let rim = powf(powf(abs(c), roundness) + powf(abs(s), roundness), -1 / roundness)
        let x = shape.eyeX + 1 + 22 * c * rim
        dot([side * x, -3 + 17.5 * s * rim, front + 1 - x * x * 0.0045])
      }
      for step in 0..<40 {
        let t = Float(step) / 39
        let z = mix(SIMD2(repeating: front - 13), SIMD2(repeating: -5), t).x
        dot([side * (shape.eyeX + 23 + 22 * smooth(0, 0.5, t)), 3, z])
      }
    }
    for step in 0..<16 {
      let x = (Float(step) / 15 - 0.5) * 2 * (shape.eyeX - 21)
      dot([x, 2 + 2 * (1 - x * x / 100), front + 3])
    }
  }
}
