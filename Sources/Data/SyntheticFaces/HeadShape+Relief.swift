extension HeadShape {
  /// How far the face stands out (millimetres to the viewer) at a place seen from the front.
  func relief(_ x: Float, _ y: Float) -> Float {
    let p = person
    let side = abs(x)
    if side > 66 || y > 60 { return 0 }
    var z = nose(side, y)
    // Sockets, and the ball of the eye under its lids.
    let dx = side - eyeX
    z -= (8 + 1.6 * p.eyeDepth) * bell(dx + 1, 13, y - 3, 9.5)
    let q = 1 - (dx * dx + y * y * 1.6) / 200
    if q > 0 { z += 5.6 * q * (2 - q) }
    z -= 2.5 * bell(side - 15, 4.5, y - 1, 8)
    // Brows, temples, cheekbones, cheeks.
    z += (2.6 + 1.6 * p.build + 0.6 * p.eyeDepth) * bell(side - 24, 15, y - 19, 6)
    z -= 2.5 * bell(side - 62, 10, y - 22, 16)
    z += (3 + 1.6 * p.cheekbone) * bell(side - 43, 14, y + 25, 10)
    let smile = appearance.smile
    z += (1.5 + 2.5 * p.cheek) * bell(side - 36, 15, y + 50, 17)
    z += 4.5 * smile * bell(side - 36, 11, y + 37, 10)
    // The fold from nose to mouth, deeper with smiles and years.
    let along = (noseY - 4 - y) / (noseY - mouthY + 4)
    if along > -0.2, along < 1.3 {
      let fold = 16 + 13 * along + 3 * smile
      z -=
        (0.5 + 2.2 * smile + 1.2 * p.age) * bell((side - fold) * (side - fold) / 9)
        * smooth(-0.2, 0.2, along) * smooth(1.3, 0.8, along)
    }
    return z + mouth(side, y) + 2 * p.chin * bell(x, 13, y - mouthY + 34, 9)
  }

  private func nose(_ side: Float, _ y: Float) -> Float {
    if side > 30 || y > 18 || y < noseY - 18 { return 0 }
    let p = person
    let t = (10 - y) / (10 - noseY)
    let height = 22 + 2 * p.noseRidge
    let ridge = t < 1 ? max(0, t) * (0.75 + 0.25 * t) : 1
    let under = smooth(noseY - 10.5, noseY - 3, y - 0.045 * side * side)
    let bridge = (4 + 1.5 * p.noseRidge) * bell(side, 6, y - 4, 11)
    let spread = 5.2 + 3.6 * smooth(0.2, 1, t) * (1 + 0.16 * p.noseWidth)
    var z = height * ridge * under * bell((side / spread) * (side / spread)) + bridge
    z += (2.5 + p.noseTip) * bell(side, 7.5, y - noseY - 1, 6)
    let wing = 12.5 + 1.5 * p.noseWidth + 1.2 * appearance.smile
    z += 9 * bell(side - wing, 4.8, y - noseY + 5, 5.5)
    return z
  }

  private func mouth(_ side: Float, _ y: Float) -> Float {
    let p = person
    let d = y - mouthY
    if d > 22 || d < -22 || side > 45 { return 0 }
    let reach = mouthHalf * 0.85
    var z = (3.2 + p.upperLip) * bell(side, reach * 0.62, d - 4, 3.6)
    z += (3.8 + p.lowerLip) * bell(side, reach * 0.55, d + 5.5, 4)
    let rise = cornerRise * (side / mouthHalf) * (side / mouthHalf)
    z -= 2.4 * bell(side, mouthHalf * 0.7, d - rise, 1.7)
    z -= 2.2 * bell(side - mouthHalf - 1, 4, d - cornerRise, 4)
    z -= 1.2 * bell(side, 3, d - 13, 5)
    z -= 2.2 * bell(side, 14, d + 16, 4.5)
    return z
  }

  /// How far an ear stands out to the side at an azimuth (degrees) and height.
  func ear(degrees: Float, y: Float) -> Float {
    let size = 1 + 0.12 * person.ears
    let (d, h) = ((degrees - 97) / (8 * size), (y + 12) / (27 * size))
    let q = d * d + h * h
    if q > 1.6 { return 0 }
    let rim = smooth(1.6, 0.8, q)
    return 15 * size * rim * (0.35 + 0.65 * smooth(-1.1, 0.7, d)) - 5 * bell(d * d * 9 + h * h * 5)
  }
}
