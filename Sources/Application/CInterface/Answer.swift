import Images
import JSON
import Presentation
import UseCases

/// An answer in memory that C may read until it frees it.
///
/// Unchecked: what the pointers lead to is written before anybody else has the answer, and never after.
final class Answer: @unchecked Sendable {
  /// 0 yes, 1 no, 2 no answer.
  let status: Int32
  /// One JSON object, a NUL at its end.
  let json: UnsafeMutableBufferPointer<CChar>
  /// Numbers beside it, if there are any.
  let floats: UnsafeMutableBufferPointer<Float>?
  /// A picture beside it, if there is one.
  let pixels: UnsafeMutableBufferPointer<UInt8>?
  /// The picture's columns and rows.
  let width, height: Int

  private init(status: Int32, bytes: [UInt8], floats: [Float]?, picture: RGBImage?) {
    self.status = status
    json = .allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() {
      json.initializeElement(at: index, to: CChar(bitPattern: byte))
    }
    json.initializeElement(at: bytes.count, to: 0)
    self.floats = floats.map(Self.copy)
    pixels = (picture?.pixels).map(Self.copy)
    (width, height) = (picture?.width ?? 0, picture?.height ?? 0)
  }

  deinit {
    json.deallocate()
    floats?.deallocate()
    pixels?.deallocate()
  }

  /// Creates an answer.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  convenience init(
    _ value: some Encodable, status: Int32, floats: [Float]? = nil, picture: RGBImage? = nil
  ) throws {
    self.init(
      status: status, bytes: try JSONText.bytes(of: value), floats: floats, picture: picture)
  }

  /// Creates the answer of a use case.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  convenience init(
    _ answer: some Presentable, floats: [Float]? = nil, picture: RGBImage? = nil
  ) throws {
    self.init(
      status: answer.exitCode, bytes: try answer.json(), floats: floats, picture: picture)
  }

  /// Creates an answer of JSON that is written already.
  convenience init(bytes: some Sequence<UInt8>, status: Int32) {
    self.init(status: status, bytes: Array(bytes), floats: nil, picture: nil)
  }

  /// What is left to say if an answer cannot be written.
  convenience init() {
    self.init(
      status: 2, bytes: Array(#"{"code":"internal","reason":"the answer cannot be written"}"#.utf8),
      floats: nil, picture: nil)
  }

  private static func copy<Element>(_ values: [Element]) -> UnsafeMutableBufferPointer<Element> {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
    _ = memory.initialize(from: values)
    return memory
  }
}

/// An answer that has no result.
struct Failure: Presentable {
  /// A stable name of the reason, and the reason in a sentence.
  let code, reason: String
  /// 1 where the request was understood and refused, 2 where it has no answer.
  let exitCode: Int32

  init(_ problem: Problem) {
    (code, reason) = (problem.code, problem.detail)
    exitCode = problem.exit == 1 ? 1 : 2
  }

  var members: JSONMembers { ["code": code, "reason": reason] }
}
