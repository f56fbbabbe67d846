private import Glibc

/// Memory for pictures that are decoded and looked at, shared by all who do that at a time.
///
/// Each picture may be as large as its limit allows, and so may every other one: without a common bound
/// the memory needed would be their product. Whoever would need more than is left waits, in the order of
/// coming. A picture that needs more than all of it is worked on alone.
///
/// Unchecked: what changes is only touched with the lock held.
public final class PictureMemory: @unchecked Sendable {
  /// The bytes that one pixel takes at most while a picture is decoded and turned upright, measured on
  /// pictures of 25 million pixels: 8.6 for a progressive JPEG without chroma subsampling, 6.7 for a
  /// picture with opacity, 3.1 for a plain one.
  public static let bytesPerPixel = 10
  /// What is used where nothing else is said.
  public static let usualLimit = 1 << 30

  /// The memory of this process.
  public static let shared = PictureMemory(limit: usualLimit)

  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var bytes: Int
  private var used = 0
  /// The numbers of who came last, and of who is next.
  private var (last, next) = (0, 0)

  /// Creates a memory of so many bytes.
  public init(limit: Int) {
    bytes = limit
    lock.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(lock, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(lock)
    condition.deallocate()
    lock.deallocate()
  }

  /// The bytes that all pictures may take together.
  public var limit: Int {
    get { locked { bytes } }
    set {
      locked {
        bytes = newValue
        pthread_cond_broadcast(condition)
      }
    }
  }

  /// The bytes that are taken.
  public var inUse: Int { locked { used } }

  /// Runs `body` when there is room for a picture of `pixels` pixels.
  ///
  /// - `bytesPerPixel`: what a pixel takes, at least 1.
  public func withRoom<Result, Failure: Error>(
    forPixels pixels: Int, bytesPerPixel: Int = PictureMemory.bytesPerPixel,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let size = pixels.multipliedReportingOverflow(by: bytesPerPixel)
    let needed = size.overflow ? Int.max / 2 : size.partialValue
    // The limit may change meanwhile: what was taken is what is given back.
    let taken = locked {
      let number = last
      last += 1
      while number != next || (used > 0 && used + min(needed, bytes) > bytes) {
        pthread_cond_wait(condition, lock)
      }
      next += 1
      let taken = min(needed, bytes)
      used += taken
      pthread_cond_broadcast(condition)
      return taken
    }
    defer {
      locked {
        used -= taken
        pthread_cond_broadcast(condition)
      }
    }
    return try body()
  }

  /// Runs `body` when there is room for the picture in a file; one beyond the limits needs none, because it
  /// will not be decoded.
  ///
  /// - `bytes`: the whole file.
  public func withRoom<Result, Failure: Error>(
    for bytes: [UInt8], limits: ImageLimits, bytesPerPixel: Int = PictureMemory.bytesPerPixel,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let count = bytes.count <= limits.bytes ? RGBImage.pixelCount(of: bytes) : 0
    return try withRoom(
      forPixels: count <= limits.pixels ? count : 0, bytesPerPixel: bytesPerPixel, body)
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
