import Foundation
import SeededRandom

/// One draw of geometry: where in the face each pixel of the result comes from.
///
/// With the middle m: source = (1/s)·R(−φ)·(p − m − shift) + m, mirrored where drawn.
struct FaceGeometry {
  private let width: Int
  private let height: Int
  // Steps in the source for one step to the right or down, and the source of the first pixel.
  private let right: (x: Float, y: Float)
  private let down: (x: Float, y: Float)
  private let origin: (x: Float, y: Float)

  init(
    _ strengths: FaceAugmentation, width: Int, height: Int, using generator: inout SplitMix64
  ) {
    let isMirrored = generator.happens(withProbability: strengths.flipProbability)
    let shiftX = strengths.shift * generator.uniform(in: -1...1)
    let shiftY = strengths.shift * generator.uniform(in: -1...1)
    let scale = max(0.01, 1 + strengths.scaling * generator.uniform(in: -1...1))
    let angle = strengths.rotation * generator.uniform(in: -1...1) * .pi / 180
    let (c, s) = (cos(angle) / scale, sin(angle) / scale)
    let middle = (x: Float(width - 1) / 2, y: Float(height - 1) / 2)
    let start = (x: -middle.x - shiftX, y: -middle.y - shiftY)
    let first = (x: c * start.x + s * start.y, y: -s * start.x + c * start.y)
    let side: Float = isMirrored ? -1 : 1
    right = (side * c, -s)
    down = (side * s, c)
    origin = (side * first.x + middle.x, first.y + middle.y)
    (self.width, self.height) = (width, height)
  }

  /// Writes the moved face with changed colour, values 0…255.
  func warp(
    _ face: UnsafeBufferPointer<UInt8>, colour: FaceColour,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    // As vectors, each pixel is one load instead of three conversions in each of four corners.
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: width * height) { pixels in
      for index in 0..<width * height {
        pixels.initializeElement(
          at: index,
          to: SIMD4(
            Float(face[index * 3]), Float(face[index * 3 + 1]), Float(face[index * 3 + 2]), 0))
      }
      warp(UnsafeBufferPointer(pixels), colour, into: output)
    }
  }

  private func warp(
    _ pixels: UnsafeBufferPointer<SIMD4<Float>>, _ colour: FaceColour,
    into output: UnsafeMutableBufferPointer<Float>
  ) {
    let (lastX, lastY) = (Float(width - 1), Float(height - 1))
    for y in 0..<height {
      let rowX = origin.x + Float(y) * down.x
      let rowY = origin.y + Float(y) * down.y
      for x in 0..<width {
        let sourceX = min(max(rowX + Float(x) * right.x, 0), lastX)
        let sourceY = min(max(rowY + Float(x) * right.y, 0), lastY)
        let (left, top) = (Int(sourceX), Int(sourceY))
        let (fx, fy) = (sourceX - Float(left), sourceY - Float(top))
        // At the last column and row the weight is 0, so the pixel itself serves.
        let upper = top * width + left
        let step = left + 1 < width ? 1 : 0
        let lower = top + 1 < height ? upper + width : upper
        let above = pixels[upper] * (1 - fx) + pixels[upper + step] * fx
        let below = pixels[lower] * (1 - fx) + pixels[lower + step] * fx
        let value = colour.applied(to: above * (1 - fy) + below * fy)
        let place = (y * width + x) * 3
        output[place] = min(max(value[0], 0), 255)
        output[place + 1] = min(max(value[1], 0), 255)
        output[place + 2] = min(max(value[2], 0), 255)
      }
    }
  }
}
