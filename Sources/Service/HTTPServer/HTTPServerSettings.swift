/// Where a server listens, and what it puts up with.
public struct HTTPServerSettings: Equatable, Sendable {
  /// The certificate and key of TLS, as PEM texts.
  public struct TLS: Equatable, Sendable {
    /// The certificate with its chain.
    public var certificate: String
    /// The private key.
    public var key: String

    /// Creates the pair.
    public init(certificate: String, key: String) {
      (self.certificate, self.key) = (certificate, key)
    }
  }

  /// The address to listen on: IPv4, IPv6 or `localhost`.
  public var address = "127.0.0.1"
  /// The port; 0 takes any free one.
  public var port: UInt16 = 8080
  /// TLS; plain HTTP without.
  public var tls: TLS?
  /// Threads that answer requests.
  public var workers = 8
  /// Requests that may wait for a thread; more are refused.
  public var queueLength = 128
  /// Open connections in all, and of one address.
  public var connections = 512
  /// Open connections of one address.
  public var connectionsPerAddress = 128
  /// The longest body, in bytes.
  public var bodyBytes = 32 << 20
  /// Bytes of bodies held at a time, of all requests together.
  public var heldBytes = 256 << 20
  /// Memory for the head of a request, in bytes.
  public var headerBytes = 32 << 10
  /// Seconds in which a request's head has to arrive, from the connection or the last answer on.
  public var headerSeconds = 10.0
  /// Seconds in which a request's body has to arrive.
  public var bodySeconds = 30.0
  /// Seconds in which an answer has to be taken.
  public var sendSeconds = 30.0
  /// Seconds from the end of a request to its answer.
  public var deadlineSeconds = 10.0

  /// Creates the settings used where nothing else is said: loopback, port 8080.
  public init() {}
}

/// Why a server does not start.
public enum HTTPServerError: Error, Equatable, CustomStringConvertible {
  /// The address is none of this machine's, or none at all.
  case unusableAddress(String, reason: String)
  /// Another program listens there, or the port is a privileged one.
  case cannotListen(address: String, port: UInt16, reason: String)
  /// The library refused to start, for example because of the certificate.
  case refused(usesTLS: Bool)
  /// The system has no thread to give.
  case noThreads

  public var description: String {
    switch self {
    case .unusableAddress(let address, let reason):
      "cannot listen on address '\(address)': \(reason); expected an IP address of this machine"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on '\(address)', port \(port): \(reason)"
    case .refused(let usesTLS):
      "the HTTP server did not start"
        + (usesTLS ? "; expected a certificate and its key, both PEM" : "")
    case .noThreads:
      "the HTTP server did not start: the system has no thread to give (see ulimit -u, pids.max)"
    }
  }
}
