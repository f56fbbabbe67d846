/// An answer of a use case as the doors give it: its members in JSON, the same at every door, and the exit
/// status of a command.
public protocol Presentable: Sendable {
  /// The members of its JSON object.
  var members: JSONMembers { get }
  /// 0 yes, or an answer; 1 no; 2 no answer.
  var exitCode: Int32 { get }
}

extension Presentable {
  /// The answer as one line of JSON, members in order of name.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public func json() throws -> [UInt8] { try members.bytes() }

  /// The same as text.
  ///
  /// - Throws: what encoding throws, for example of numbers that are not finite.
  public func line() throws -> String { String(decoding: try json(), as: UTF8.self) }
}
