public import FaceFinding
private import Faces
internal import Geometry
public import Images
internal import NeuralNetworks
internal import PictureTensors
private import Tensors

/// Where a change is put: into the aligned face, or into the photograph that it is found in.
public enum AttackPlace: Sendable {
  /// The picture is the face.
  case aligned
  /// The picture is the part of a photograph around its face.
  case photograph(AttackedPhotograph)
}

/// A photograph whose face is attacked: what changes is the part of it that the aligned face is made of.
///
/// Networks see the face through the alignment that is found in the whole photograph with the change in it: what
/// counts is what they see. Gradients go through that alignment, not through finding it.
public struct AttackedPhotograph: Sendable {
  /// The untouched photograph.
  public let photograph: RGBImage
  /// The part around the face, which the attack changes.
  public let part: RGBImage
  /// The aligned face of the untouched photograph.
  public let face: RGBImage
  private let left, top: Int
  /// From the part to the aligned frame.
  let alignment: SimilarityTransform
  private let finder: FaceFinder

  /// Finds the face of a photograph.
  ///
  /// - `name`: what errors call the picture.
  /// - Throws: `FaceChoiceError` or `AlignmentError`.
  public init(_ photograph: RGBImage, name: String, finder: FaceFinder) throws {
    let found = try finder.face(in: photograph, name: name)
    (self.photograph, self.finder, face) = (photograph, finder, found.aligned)
    let whole = try AlignedFrame.similarity(for: found.face.landmarks)
    let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map { x, y in
      let side = Double(AlignedFrame.side)
      return whole.inverse.applied(x: Double(x) * side - 0.5, y: Double(y) * side - 0.5)
    }
    // A pixel more all round is what bilinear values may reach.
    func span(_ places: [Double], _ length: Int) -> Range<Int> {
      let first = max(0, Int((places.min() ?? 0).rounded(.down)) - 1)
      let last = min(length, Int((places.max() ?? 0).rounded(.up)) + 2)
      return min(first, length - 1)..<max(last, min(first, length - 1) + 1)
    }
    let columns = span(corners.map(\.x), photograph.width)
    let rows = span(corners.map(\.y), photograph.height)
    (left, top) = (columns.lowerBound, rows.lowerBound)
    part = photograph.part(rows: rows, columns: columns)
    alignment = Self.shifted(whole, byLeft: -left, top: -top)
  }

  /// An alignment from coordinates that begin elsewhere.
  private static func shifted(
    _ alignment: SimilarityTransform, byLeft left: Int, top: Int
  ) -> SimilarityTransform {
    let back = alignment.inverse
    return SimilarityTransform(
      a: back.a, b: back.b, shiftX: back.shiftX + Double(left), shiftY: back.shiftY + Double(top)
    ).inverse
  }

  /// The photograph with a changed part in it.
  public func with(_ part: RGBImage) -> RGBImage {
    photograph.replacing(part, left: left, top: top)
  }

  /// The part of a photograph that was changed.
  public func part(of photograph: RGBImage) -> RGBImage {
    photograph.part(rows: top..<top + part.height, columns: left..<left + part.width)
  }

  /// The face of a changed photograph, found and aligned anew; nil if none can be used.
  public func found(in photograph: RGBImage) -> RGBImage? {
    try? finder.face(in: photograph, name: "photograph").aligned
  }

  /// The part with another aligned face in the place of its own.
  func part(showing face: RGBImage) -> RGBImage {
    let laid = face.warped(by: alignment.inverse, width: part.width, height: part.height)
    var pixels = part.pixels
    for row in 0..<part.height {
      for column in 0..<part.width {
        let point = alignment.applied(x: Double(column), y: Double(row))
        guard (0...Double(face.width - 1)).contains(point.x),
          (0...Double(face.height - 1)).contains(point.y)
        else { continue }
        let place = (row * part.width + column) * 3
        pixels.replaceSubrange(place..<place + 3, with: laid.pixels[place..<place + 3])
      }
    }
    return RGBImage(width: part.width, height: part.height, pixels: pixels)
  }

  /// The alignment of the face that is found in a changed photograph, from its part and from the whole of it, and that
  /// face; those of the untouched photograph where none can be used.
  func alignmentAnew(in photograph: RGBImage) -> (fromPart: SimilarityTransform, face: RGBImage) {
    if let found = try? finder.face(in: photograph, name: "photograph"),
      let whole = try? AlignedFrame.similarity(for: found.face.landmarks)
    {
      return (Self.shifted(whole, byLeft: -left, top: -top), found.aligned)
    }
    let side = AlignedFrame.side
    let whole = Self.shifted(alignment, byLeft: left, top: top)
    return (alignment, photograph.warped(by: whole, width: side, height: side))
  }
}

/// Which changes an attack may make.
public enum AttackSpread: Equatable, Sendable {
  /// Any.
  case everywhere
  /// Those inside a mask of the aligned frame.
  case patch(FaceMask)
  /// Smooth ones: means over so many cells along each axis, and triangles between.
  case smooth(cells: Int)

  /// The name, as the command line has it.
  public var name: String {
    switch self {
    case .everywhere: "everywhere"
    case .patch(let mask): mask.name
    case .smooth(let cells): "smooth-\(cells)"
    }
  }

  /// The spread of a name: `everywhere`, a named mask, `smooth-16`.
  public init?(name: String) {
    if name == "everywhere" {
      self = .everywhere
    } else if let mask = FaceMask.named.first(where: { $0.name == name }) {
      self = .patch(mask)
    } else if name.hasPrefix("smooth-"), let cells = Int(name.dropFirst(7)),
      (1...128).contains(cells)
    {
      self = .smooth(cells: cells)
    } else {
      return nil
    }
  }
}

/// One pair's way from the picture that a search changes to the file that is written and the face that is
/// seen.
struct AttackPath {
  let source: RGBImage
  let place: AttackPlace
  let spread: AttackSpread
  let store: AttackStore
  /// 1 where a patch may change, else 0; nil if everything may.
  private let mask: Tensor?

  init(source: RGBImage, place: AttackPlace, spread: AttackSpread, store: AttackStore) {
    (self.source, self.place, self.spread, self.store) = (source, place, spread, store)
    guard case .patch(let mask) = spread else {
      self.mask = nil
      return
    }
    self.mask = Tensor(shape: [1, source.height, source.width, 3]) { target in
      for row in 0..<source.height {
        for column in 0..<source.width {
          let (x, y) =
            switch place {
            case .aligned:
              (
                (Double(column) + 0.5) / Double(source.width),
                (Double(row) + 0.5) / Double(source.height)
              )
            case .photograph(let photograph):
              {
                let side = Double(AlignedFrame.side)
                let point = photograph.alignment.applied(x: Double(column), y: Double(row))
                return ((point.x + 0.5) / side, (point.y + 0.5) / side)
              }()
            }
          let number: Float = mask.covers(x: x, y: y) ? 1 : 0
          for channel in 0..<3 { target[(row * source.width + column) * 3 + channel] = number }
        }
      }
    }
  }

  /// Whether the picture that is searched is the file and the face.
  var isPlain: Bool {
    if case .aligned = place { return spread == .everywhere && store == .none }
    return false
  }

  /// The picture with the change that the spread leaves of it.
  private func spread(_ picture: Variable) -> Variable {
    switch spread {
    case .everywhere: return picture
    case .patch:
      guard let mask else { return picture }
      let rest = mask.map { 1 - $0 }
      return picture * Variable(mask) + Variable(Tensor([source]) * rest)
    case .smooth(let cells):
      let origin = Variable(Tensor([source]))
      let (rows, columns) = (source.height, source.width)
      return origin
        + (picture - origin).resampled(rows: min(cells, rows), columns: min(cells, columns))
        .resampled(rows: rows, columns: columns)
    }
  }

  /// The file that a picture becomes.
  func file(of picture: RGBImage) -> RGBImage {
    let spread =
      spread == .everywhere
      ? picture : spread(Variable(Tensor([picture]))).value.pictures()[0]
    let whole =
      switch place {
      case .aligned: spread
      case .photograph(let photograph): photograph.with(spread)
      }
    return store.stored(whole)
  }

  /// The untouched file.
  var original: RGBImage {
    switch place {
    case .aligned: source
    case .photograph(let photograph): photograph.photograph
    }
  }

  /// The part of a file in which changes are measured.
  func measured(_ file: RGBImage) -> RGBImage {
    switch place {
    case .aligned: file
    case .photograph(let photograph): photograph.part(of: file)
    }
  }

  /// What changes are measured from.
  var untouched: RGBImage { measured(original) }

  /// ‖r‖₂ of the file that a picture becomes, where changes are measured.
  func change(_ picture: RGBImage) -> Double {
    Perturbation(from: untouched, to: isPlain ? picture : measured(file(of: picture))).l2
  }

  /// The face that is seen in a file; nil if none is found.
  func face(in file: RGBImage) -> RGBImage? {
    switch place {
    case .aligned: file
    case .photograph(let photograph): photograph.found(in: file)
    }
  }

  /// The face of a picture (1, row, column, 3) in −1…1, with gradients; its value is that of the face that is found in
  /// the file.
  ///
  /// - `file`: that of the picture.
  func face(of picture: Variable, file: RGBImage) -> Variable {
    let changed = spread(picture)
    switch place {
    case .aligned: return store.soft(changed).replaced(by: Tensor([file]))
    case .photograph(let photograph):
      let (side, found) = (AlignedFrame.side, photograph.alignmentAnew(in: file))
      return store.soft(changed).warped(by: [found.fromPart], rows: side, columns: side)
        .replaced(by: Tensor([found.face]))
    }
  }
}

extension RGBImage {
  /// A rectangle of the picture.
  func part(rows: Range<Int>, columns: Range<Int>) -> RGBImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows.count * columns.count * 3)
    for row in rows {
      let first = (row * width + columns.lowerBound) * 3
      pixels += self.pixels[first..<first + columns.count * 3]
    }
    return RGBImage(width: columns.count, height: rows.count, pixels: pixels)
  }

  /// The picture with another one laid on it.
  func replacing(_ part: RGBImage, left: Int, top: Int) -> RGBImage {
    var pixels = self.pixels
    for row in 0..<part.height {
      let first = ((top + row) * width + left) * 3
      pixels.replaceSubrange(
        first..<first + part.width * 3,
        with: part.pixels[row * part.width * 3..<(row + 1) * part.width * 3])
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
