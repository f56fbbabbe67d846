public import Checkpoints
private import FaceDatasets
private import Files
private import Glibc
public import Tensors

/// Why a file of a teacher's embeddings cannot be used.
public enum TeacherError: Error, Equatable, CustomStringConvertible {
  /// The file does not hold names and embeddings as expected; in words.
  case malformed(path: String, reason: String)
  /// The student's embedding has another width than the teacher's.
  case otherWidth(path: String, expected: Int, found: Int)
  /// The pictures that the teacher knows do not fill a batch.
  case tooFewPictures(path: String, found: Int, batch: Int)

  public var description: String {
    switch self {
    case .malformed(let path, let reason): "'\(path)' holds no teacher's embeddings: \(reason)"
    case .otherWidth(let path, let expected, let found):
      "the embeddings of '\(path)' have \(found) numbers; expected \(expected), as '--embedding' says"
    case .tooFewPictures(let path, let found, let batch):
      "'\(path)' names \(found) of the pictures; expected at least a batch of \(batch)"
    }
  }
}

/// The embeddings that another network, the teacher, gives named pictures.
///
/// | part of the safetensors file | holds                                              |
/// |------------------------------|----------------------------------------------------|
/// | `embeddings`, F32 or F16     | (pictures, width): a row a picture, of any length  |
/// | metadata `names`             | the rows' names in order, one a line, in UTF-8     |
///
/// A picture's row is the one called as the picture is, in one of the forms of `PictureName`.
public struct TeacherEmbeddings: Sendable {
  /// The file's path.
  public let path: String
  /// The file's checksum.
  public let sha256: String
  /// Numbers in an embedding.
  public let width: Int
  /// The number of embeddings.
  public var count: Int { rows.count }

  private let rows: [String: Int]
  /// (rows, width), each row of unit length.
  private let numbers: Tensor

  /// Reads a file.
  ///
  /// - Throws: `CheckpointError` or ``TeacherError``.
  public init(path: String) throws {
    try self.init(
      SafeTensorsFile(path: path, requiringFinite: true), path: path,
      sha256: SHA256.hex(ofFile: path))
  }

  /// Takes what a file holds.
  ///
  /// - Throws: ``TeacherError``.
  public init(_ file: SafeTensorsFile, path: String, sha256: String) throws(TeacherError) {
    func malformed(_ reason: String) -> TeacherError { .malformed(path: path, reason: reason) }
    guard let array = file.arrays.first(where: { $0.name == "embeddings" }),
      array.shape.count == 2, array.shape[1] >= 2
    else { throw malformed("expected 'embeddings', a matrix with a row a picture") }
    guard let list = file.metadata["names"] else {
      throw malformed("expected the rows' names in the metadata, one a line")
    }
    let names = list.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    guard names.count == array.shape[0] else {
      throw malformed("\(names.count) names for \(array.shape[0]) rows")
    }
    let rows = Dictionary(zip(names, names.indices)) { first, _ in first }
    guard rows.count == names.count else { throw malformed("a name is given twice") }
    let width = array.shape[1]
    var numbers = array.elements
    for row in 0..<names.count {
      let own = row * width..<(row + 1) * width
      let length = numbers[own].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length > 0 else { throw malformed("the row of '\(names[row])' is zero") }
      for i in own { numbers[i] = Float(Double(numbers[i]) / length) }
    }
    (self.path, self.sha256, self.width, self.rows) = (path, sha256, width, rows)
    self.numbers = Tensor(numbers, shape: [names.count, width])
  }

  /// The row of a picture, `identity/picture.jpg`, if the teacher knows it.
  public func row(of picture: String) -> Int? {
    for form in PictureName.forms(of: picture) {
      if let row = rows[form] { return row }
    }
    return nil
  }

  /// The embeddings of `rows`, (rows, width), of unit length.
  public func embeddings(_ rows: [Int]) -> Tensor {
    numbers.read { numbers in
      Tensor(shape: [rows.count, width]) { target in
        for (place, row) in rows.enumerated() {
          precondition((0..<count).contains(row), "row \(row) of \(count)")
          memcpy(target + place * width, numbers + row * width, width * 4)
        }
      }
    }
  }

  /// The mean of the embeddings of `rows`, brought to unit length; zeros if there are none.
  public func mean(of rows: [Int]) -> [Float] {
    var sum = [Double](repeating: 0, count: width)
    for row in rows {
      for i in 0..<width { sum[i] += Double(numbers[row * width + i]) }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { length > 0 ? Float($0 / length) : 0 }
  }
}
