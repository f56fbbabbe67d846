public import Tensors

extension FaceCodes {
  /// The identities of these codes with the attributes of others, row by row.
  ///
  /// - Precondition: as many of both.
  public func with(attributesOf other: FaceCodes) -> FaceCodes {
    FaceCodes(identity: identity, attributes: other.attributes)
  }

  /// The codes at these places, in this order.
  ///
  /// - Precondition: there is a place.
  public func entries(_ places: [Int]) -> FaceCodes {
    FaceCodes(identity: identity.rows(places), attributes: attributes.rows(places))
  }

  /// One vector: the mean of all rows' attributes, (1, latent).
  public var meanAttributes: Tensor { attributes.meanRow }

  /// What a morph moves from one face to another.
  public enum MorphedPart: String, CaseIterable, Sendable {
    /// The attributes; the identity stays the first face's. The paper's morph.
    case attributes
    /// The identity; the attributes stay the first face's.
    case identity
    /// Identity and attributes.
    case both
  }

  /// Codes in equal steps from the first of these to the last (section 4.4).
  ///
  /// z = (1 − t)·z₁ + t·z₂ for t = 0, 1/(steps − 1), …, 1, and likewise for f_I.
  ///
  /// - Precondition: at least two steps, and at least two codes.
  public func morph(_ part: MorphedPart, steps: Int) -> FaceCodes {
    precondition(steps >= 2 && count >= 2, "\(steps) steps between \(count) faces")
    func path(_ codes: Tensor, moves: Bool) -> Tensor {
      let (first, last) = (codes.rows([0]), codes.rows([count - 1]))
      return Tensor(
        joining: (0..<steps).map { step in
          let t = moves ? Float(step) / Float(steps - 1) : 0
          return first * (1 - t) + last * t
        })
    }
    return FaceCodes(
      identity: path(identity, moves: part != .attributes),
      attributes: path(attributes, moves: part != .identity))
  }
}

extension Tensor {
  /// The rows at these places, in this order.
  ///
  /// - Precondition: there is a place.
  func rows(_ places: [Int]) -> Tensor {
    Tensor(joining: places.map { entries($0..<$0 + 1) })
  }

  /// The mean of all rows, (1, …).
  var meanRow: Tensor {
    let sum = (1..<shape[0]).reduce(rows([0])) { $0 + rows([$1]) }
    return sum * (1 / Float(shape[0]))
  }
}
