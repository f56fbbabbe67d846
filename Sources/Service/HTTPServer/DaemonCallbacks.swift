internal import CMicroHTTPD
private import Synchronization

/// What libmicrohttpd calls, on its own thread.
enum DaemonCallbacks {
  /// A connection came or went.
  static let connection: MHD_NotifyConnectionCallback = { context, connection, _, event in
    guard let connection, let server = server(context) else { return }
    let key = UInt(bitPattern: connection)
    if event == .CONNECTION_NOTIFY_STARTED {
      server.watch.opened(key, socket: facewarden_connection_socket(connection))
    } else {
      server.watch.closed(key)
    }
  }

  /// A request ended, answered or not.
  static let completed: MHD_RequestCompletedCallback = { context, _, slot, code in
    guard let server = server(context), let pointer = slot?.pointee else { return }
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
    slot?.pointee = nil
    server.release(exchange)
    server.watch.entered(.head, exchange.key)
    server.handler.finished(exchange.record(isComplete: code == .REQUEST_TERMINATED_COMPLETED_OK))
    server.open.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Called with the head, with each piece of the body, at its end, and after a sleep.
  static let access: MHD_AccessHandlerCallback = {
    context, connection, path, method, _, data, size, slot in
    guard let connection, let slot, let size, let server = server(context) else { return .NO }
    guard let pointer = slot.pointee else {
      let head = DaemonCallbacks.head(connection, path, method)
      let exchange = Exchange(connection: connection, head: head)
      slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
      server.open.add(1, ordering: .sequentiallyConsistent)
      return server.begin(exchange)
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if size.pointee > 0 {
      let piece = UnsafeRawBufferPointer(start: data, count: size.pointee)
      size.pointee = 0
      return server.receive(piece, exchange)
    }
    return server.end(exchange)
  }

  private static func server(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
    context.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func head(
    _ connection: OpaquePointer, _ path: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?
  ) -> HTTPRequestHead {
    let target = path.flatMap { String(validatingCString: $0) }
    let (query, fields) = (
      Values(of: connection, .GET_ARGUMENT_KIND), Values(of: connection, .HEADER_KIND)
    )
    var head = HTTPRequestHead(
      method: method.map { String(cString: $0) } ?? "",
      path: HTTPRequestHead.path(ofTarget: target ?? path.map { String(cString: $0) } ?? ""),
      query: query.values, fields: fields.values,
      client: ListeningSocket.text(of: facewarden_client_address(connection)))
    head.fault =
      target == nil || query.hasOtherBytes
      ? "the target has a %00, or bytes that are not UTF-8"
      : HTTPRequestHead.fault(
        fields: fields.values, repeatedFields: fields.repeated, repeatedParameters: query.repeated)
    return head
  }

  /// Names and values of one kind.
  private final class Values {
    private(set) var values: [String: String] = [:]
    /// Names that came more than once.
    private(set) var repeated: Set<String> = []
    /// Whether any of it was not UTF-8.
    private(set) var hasOtherBytes = false

    init(of connection: OpaquePointer, _ kind: MHD_ValueKind) {
      MHD_get_connection_values(
        connection, kind,
        { context, _, name, value in
          guard let context, let name else { return .YES }
          Unmanaged<Values>.fromOpaque(context).takeUnretainedValue().add(name, value)
          return .YES
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func add(_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>?) {
      let isText = [name, value].allSatisfy { text in
        text.map { String(validatingCString: $0) != nil } ?? true
      }
      if !isText { hasOtherBytes = true }
      let key = String(cString: name).lowercased()
      if values.updateValue(value.map { String(cString: $0) } ?? "", forKey: key) != nil {
        repeated.insert(key)
      }
    }
  }
}
