internal import CMicroHTTPD
private import Foundation
internal import Locks
internal import Synchronization

/// An HTTP/1.1 server around a handler; it knows nothing of what is asked and answered.
///
/// One thread reads and writes; a request that is complete waits in a bounded queue for one of a few
/// threads that answer. Heads, bodies and answers have their times, and connections their number.
///
/// Unchecked: only the thread that starts and stops the server touches `daemon`.
public final class HTTPServer: @unchecked Sendable {
  /// The port that is listened on.
  public let port: UInt16

  let settings: HTTPServerSettings
  let handler: any HTTPHandler
  let watch: ConnectionWatch
  let queue: WorkQueue
  let isStopping = Atomic<Bool>(false)
  let hasEnded = Atomic<Bool>(false)
  let heldBytes = Atomic<Int>(0)
  /// Requests that were handed over and are not answered.
  let pending = Guarded<[ObjectIdentifier: Exchange]>([:])
  /// Requests between the end of their head and the end of their answer.
  let open = Atomic<Int>(0)
  private var daemon: OpaquePointer?
  private let socket: Int32

  /// Starts to listen.
  ///
  /// - Throws: ``HTTPServerError``.
  public init(_ settings: HTTPServerSettings, handler: any HTTPHandler) throws(HTTPServerError) {
    (self.settings, self.handler) = (settings, handler)
    (socket, port) = try ListeningSocket.open(address: settings.address, port: settings.port)
    watch = ConnectionWatch(settings)
    queue = WorkQueue(threads: settings.workers, capacity: settings.queueLength)
    guard queue.threads > 0 else {
      Foundation.close(socket)
      throw .noThreads
    }
    let idle = max(settings.headerSeconds, settings.bodySeconds, settings.sendSeconds).rounded(.up)
    daemon = facewarden_start_daemon(
      socket, DaemonCallbacks.access, DaemonCallbacks.completed, DaemonCallbacks.connection,
      Unmanaged.passUnretained(self).toOpaque(), UInt32(settings.connections),
      UInt32(settings.connectionsPerAddress), settings.headerBytes, UInt32(idle) + 1,
      settings.tls?.key, settings.tls?.certificate)
    guard daemon != nil else {
      Foundation.close(socket)
      queue.close()
      throw .refused(usesTLS: settings.tls != nil)
    }
    let isSwept = OwnThread.start { [weak self] in
      while let server = self, !server.hasEnded.load(ordering: .acquiring) {
        server.sweep()
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    guard isSwept else {
      // Without it nobody would end those who are late.
      stop(within: 0)
      throw .noThreads
    }
  }

  deinit { precondition(daemon == nil, "a server has to be stopped before it goes") }

  /// Requests that wait for a thread.
  public var queueDepth: Int { queue.depth }

  /// Open connections.
  public var connectionCount: Int { watch.count }

  /// Stops: takes no new connection, finishes the requests at hand, answers those that are not ready
  /// after `seconds` with ``HTTPRefusal/stopping``, and ends.
  ///
  /// To be called once, and not from a handler.
  public func stop(within seconds: Double) {
    guard let daemon else { return }
    isStopping.store(true, ordering: .sequentiallyConsistent)
    MHD_quiesce_daemon(daemon)
    let end = now() + seconds
    while open.load(ordering: .sequentiallyConsistent) > 0, now() < end {
      Thread.sleep(forTimeInterval: 0.01)
    }
    queue.close()
    // The library may not be stopped while a connection sleeps; one may just be falling asleep.
    var quiet = 0
    while quiet < 3 {
      let rest = pending.withLock { Array($0.values) }
      for exchange in rest { exchange.answer(handler.response(to: .stopping, of: exchange.head)) }
      pending.withLock { pending in for exchange in rest { pending[exchange.id] = nil } }
      quiet = rest.isEmpty ? quiet + 1 : 0
      Thread.sleep(forTimeInterval: 0.05)
    }
    hasEnded.store(true, ordering: .releasing)
    self.daemon = nil
    MHD_stop_daemon(daemon)
    Foundation.close(socket)
  }

  /// Hands a complete request over, its connection asleep until the answer.
  func dispatch(_ exchange: Exchange) {
    watch.entered(.work, exchange.key)
    let deadline = now() + settings.deadlineSeconds
    pending.withLock { $0[exchange.id] = exchange }
    exchange.suspend(until: deadline)
    let request = HTTPRequest(exchange.head, body: exchange.body)
    exchange.body = []
    let accepted = queue.add { [self] in
      // Nobody waits any more for what was late in the queue.
      if exchange.response == nil { exchange.answer(handler.response(to: request)) }
      pending.withLock { $0[exchange.id] = nil }
    }
    if !accepted {
      let refusal: HTTPRefusal = isStopping.load(ordering: .relaxed) ? .stopping : .overloaded
      exchange.answer(handler.response(to: refusal, of: exchange.head))
      pending.withLock { $0[exchange.id] = nil }
    }
  }

  private func sweep() {
    watch.sweep()
    let time = now()
    let late = pending.withLock { $0.values.filter { $0.deadline < time } }
    for exchange in late {
      exchange.answer(
        handler.response(to: .deadline(seconds: settings.deadlineSeconds), of: exchange.head))
      pending.withLock { $0[exchange.id] = nil }
    }
  }
}

extension Exchange {
  var id: ObjectIdentifier { ObjectIdentifier(self) }
  var key: UInt { UInt(bitPattern: connection) }
}
