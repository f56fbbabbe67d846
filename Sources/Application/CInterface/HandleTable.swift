private import Locks

/// Objects by the pointers that C knows them by.
///
/// A pointer is a number that is never used again, and leads nowhere: one that is closed already, or was never
/// given out, is found out instead of followed.
final class HandleTable<Object: Sendable>: Sendable {
  private struct Content {
    var last = 0
    var objects: [Int: Object] = [:]
  }

  /// Far from pages that are mapped, and never aligned as an object is.
  private static var step: Int { 16 }
  private let content = Guarded(Content())

  /// Keeps an object; the pointer is never NULL.
  func add(_ object: Object) -> OpaquePointer? {
    content.withLock { content in
      content.last += Self.step
      content.objects[content.last + 1] = object
      return OpaquePointer(bitPattern: content.last + 1)
    }
  }

  /// The object of a pointer, if it has one.
  subscript(pointer: OpaquePointer?) -> Object? {
    guard let pointer else { return nil }
    return content.withLock { $0.objects[Int(bitPattern: pointer)] }
  }

  /// Forgets an object; whoever has it at the moment keeps it.
  func remove(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    // It goes when the lock is given back: it may be large.
    let object = content.withLock { $0.objects.removeValue(forKey: Int(bitPattern: pointer)) }
    withExtendedLifetime(object) {}
  }
}
