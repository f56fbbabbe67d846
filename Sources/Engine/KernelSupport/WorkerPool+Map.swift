extension WorkerPool {
  /// The values of `make(0)` … `make(count - 1)`, in order, several at a time.
  ///
  /// - Throws: the error of the first in order that fails; all are tried.
  public func map<Value, Failure: Error>(
    _ count: Int, _ make: @Sendable (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    var results = [Result<Value, Failure>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Unchecked: each iteration writes its own place only.
      nonisolated(unsafe) let results = results
      forEach(count) { index in
        do throws(Failure) {
          results[index] = .success(try make(index))
        } catch {
          results[index] = .failure(error)
        }
      }
    }
    var values: [Value] = []
    values.reserveCapacity(count)
    for case let result? in results { values.append(try result.get()) }
    return values
  }
}
