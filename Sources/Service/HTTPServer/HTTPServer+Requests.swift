internal import CMicroHTTPD
private import Synchronization

extension HTTPServer {
  /// Looks at a head.
  func begin(_ exchange: Exchange) -> MHD_Result {
    watch.entered(.body, exchange.key)
    if let fault = exchange.head.fault {
      // Where the body ends is in doubt: nothing after this head is a request.
      var response = handler.response(to: .malformed(fault), of: exchange.head)
      response.fields["Connection"] = "close"
      return send(response, exchange)
    }
    if let length = exchange.head.declaredLength, length > UInt64(settings.bodyBytes) {
      // Nothing of it is read: the library answers and closes.
      return send(
        handler.response(to: .bodyTooLong(limit: settings.bodyBytes), of: exchange.head), exchange)
    }
    // The body of a refused request is still read, but not kept: a client that is busy sending would
    // not see an answer before the connection's end.
    exchange.early = handler.refusal(of: exchange.head)
    return .YES
  }

  /// Takes a piece of the body.
  func receive(_ piece: UnsafeRawBufferPointer, _ exchange: Exchange) -> MHD_Result {
    exchange.received += piece.count
    // Without a declared length an endless body would be read for ever.
    guard exchange.received <= 2 * settings.bodyBytes else { return .NO }
    guard exchange.early == nil else { return .YES }
    if exchange.received > settings.bodyBytes {
      refuse(.bodyTooLong(limit: settings.bodyBytes), exchange)
    } else if heldBytes.add(piece.count, ordering: .relaxed).newValue > settings.heldBytes {
      exchange.held += piece.count
      refuse(.overloaded, exchange)
    } else {
      exchange.held += piece.count
      exchange.body.append(contentsOf: piece)
    }
    return .YES
  }

  private func refuse(_ refusal: HTTPRefusal, _ exchange: Exchange) {
    exchange.early = handler.response(to: refusal, of: exchange.head)
    release(exchange)
  }

  /// Answers, or has it done.
  func end(_ exchange: Exchange) -> MHD_Result {
    if let response = exchange.response { return send(response, exchange) }
    if let early = exchange.early { return send(early, exchange) }
    if handler.isImmediate(exchange.head) {
      let request = HTTPRequest(exchange.head, body: exchange.body)
      return send(handler.response(to: request), exchange)
    }
    dispatch(exchange)
    return .YES
  }

  /// Forgets a body.
  func release(_ exchange: Exchange) {
    exchange.body = []
    heldBytes.subtract(exchange.held, ordering: .relaxed)
    exchange.held = 0
  }

  private func send(_ response: HTTPResponse, _ exchange: Exchange) -> MHD_Result {
    exchange.answer(response)
    release(exchange)
    watch.entered(.answer, exchange.key)
    let made = response.body.withUnsafeBytes { bytes in
      // The library only reads what it is to copy.
      MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let made else { return .NO }
    defer { MHD_destroy_response(made) }
    for (name, value) in response.fields { MHD_add_response_header(made, name, value) }
    if isStopping.load(ordering: .relaxed), response.fields["Connection"] == nil {
      MHD_add_response_header(made, "Connection", "close")
    }
    return MHD_queue_response(exchange.connection, UInt32(response.status), made)
  }
}
