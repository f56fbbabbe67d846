internal import CMicroHTTPD
internal import Glibc

/// A socket that listens for connections; whoever takes it closes it.
enum ListeningSocket {
  /// Opens the socket and tells the port it got.
  static func open(address: String, port: UInt16) throws(HTTPServerError) -> (Int32, UInt16) {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | (address == "localhost" ? 0 : AI_NUMERICHOST)
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(address, "\(port)", &hints, &list)
    guard status == 0, let found = list?.pointee, let target = found.ai_addr else {
      throw .unusableAddress(address, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(list) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(found.ai_family, kind, 0)
    guard descriptor >= 0 else { throw .unusableAddress(address, reason: systemMessage()) }
    // A restart must not wait for the last connections of the one before.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, target, found.ai_addrlen) == 0, listen(descriptor, 512) == 0 else {
      let reason = systemMessage()
      close(descriptor)
      throw .cannotListen(address: address, port: port, reason: reason)
    }
    return (descriptor, Self.port(of: descriptor) ?? port)
  }

  private static func port(of descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { storage -> UInt16? in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard getsockname(descriptor, address, &length) == 0 else { return nil }
        // The port lies at the same place for both families.
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          UInt16(bigEndian: $0.pointee.sin_port)
        }
      }
    }
  }

  /// The address without its port, as text.
  static func text(of address: UnsafePointer<sockaddr>?) -> String {
    guard let address else { return "" }
    let length =
      Int32(address.pointee.sa_family) == AF_INET6
      ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = getnameinfo(
      address, socklen_t(length), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    guard status == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The system's words for the last error.
func systemMessage() -> String { String(cString: strerror(errno)) }

/// Seconds of a clock that never goes back.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
