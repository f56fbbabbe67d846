public import KernelSupport
private import Glibc

/// A dense array of single-precision numbers, last axis contiguous.
///
///     let pixels = Tensor(zeros: [2, 128, 128, 3])  // batch, row, column, channel
///
/// A value: copies are independent and share memory until one of them changes. Memory comes from
/// ``BufferPool``, so a loop that repeats its shapes allocates nothing.
public struct Tensor: Sendable {
  /// The length of each axis, outermost first.
  public private(set) var shape: [Int]

  private var storage: TensorStorage

  /// The count of numbers: the product of the shape.
  public var count: Int { storage.count }

  /// Creates a tensor of `shape` whose numbers `fill` writes, all of them.
  public init(shape: [Int], fill: (Destination) -> Void) {
    precondition(shape.allSatisfy { $0 >= 0 }, "negative length in shape \(shape)")
    self.shape = shape
    storage = TensorStorage(count: shape.reduce(1, *))
    fill(storage.numbers)
  }

  /// Creates a tensor of zeros.
  public init(zeros shape: [Int]) {
    let count = shape.reduce(1, *)
    self.init(shape: shape) { memset($0, 0, count * 4) }
  }

  /// Creates a tensor with the same number everywhere.
  public init(repeating number: Float, shape: [Int]) {
    let count = shape.reduce(1, *)
    self.init(shape: shape) { $0.update(repeating: number, count: count) }
  }

  /// Creates a tensor from its numbers, last axis fastest.
  ///
  /// - Precondition: there are as many as the shape holds.
  public init(_ numbers: [Float], shape: [Int]) {
    precondition(
      numbers.count == shape.reduce(1, *), "\(numbers.count) numbers cannot fill \(shape)")
    self.init(shape: shape) { target in
      numbers.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.update(from: base, count: numbers.count) }
      }
    }
  }

  /// The numbers, last axis fastest.
  public var numbers: [Float] {
    read { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// Lends the numbers in memory to `body`; the pointer must not leave it.
  public func read<Result, Failure: Error>(
    _ body: (Source) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The storage outlives the call: the pointer is reachable inside it alone.
    defer { withExtendedLifetime(storage) {} }
    return try body(Source(storage.numbers))
  }

  /// Lends the numbers of two tensors.
  public static func read<Result, Failure: Error>(
    _ a: Tensor, _ b: Tensor, _ body: (Source, Source) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime((a.storage, b.storage)) {} }
    return try body(Source(a.storage.numbers), Source(b.storage.numbers))
  }

  /// Lends the numbers of three tensors.
  public static func read<Result, Failure: Error>(
    _ a: Tensor, _ b: Tensor, _ c: Tensor,
    _ body: (Source, Source, Source) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime((a.storage, b.storage, c.storage)) {} }
    return try body(
      Source(a.storage.numbers), Source(b.storage.numbers), Source(c.storage.numbers))
  }

  /// The number at a flat index.
  public subscript(_ index: Int) -> Float {
    precondition(index >= 0 && index < count, "index \(index) of \(count)")
    return storage.numbers[index]
  }

  /// Whether no other tensor shares the numbers.
  var isAlone: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) }
  }

  /// Lets `body` change the numbers.
  ///
  /// The pointer must not leave `body`.
  public mutating func update(_ body: (Destination) -> Void) {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = TensorStorage(count: storage.count)
      copy.numbers.update(from: storage.numbers, count: storage.count)
      storage = copy
    } else {
      storage.forgetPackedForms()
    }
    body(storage.numbers)
  }

  /// Replaces each number by what `body` makes of those at its place: in their own memory, unless another
  /// tensor shares it.
  ///
  /// The pointers must not leave `body`, which reads a number before it writes the one in its place.
  public mutating func replace(_ body: (_ old: Source, _ new: Destination) -> Void) {
    if isKnownUniquelyReferenced(&storage) {
      storage.forgetPackedForms()
      body(Source(storage.numbers), storage.numbers)
    } else {
      let new = TensorStorage(count: storage.count)
      body(Source(storage.numbers), new.numbers)
      storage = new
    }
  }

  /// The same numbers under another shape.
  ///
  /// - Precondition: both shapes hold as many numbers.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot become \(shape)")
    var result = self
    result.shape = shape
    return result
  }

  /// Entries `range` of the outermost axis.
  public func entries(_ range: Range<Int>) -> Tensor {
    precondition(
      !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "entries \(range) of shape \(shape)")
    let size = shape[0] == 0 ? 0 : count / shape[0]
    return read { numbers in
      Tensor(shape: [range.count] + shape.dropFirst()) {
        $0.update(from: numbers + range.lowerBound * size, count: range.count * size)
      }
    }
  }

  /// Tensors of one shape but for the outermost axis, one after the other.
  public init(joining parts: [Tensor]) {
    precondition(!parts.isEmpty, "no parts to join")
    let inner = Array(parts[0].shape.dropFirst())
    precondition(parts.allSatisfy { Array($0.shape.dropFirst()) == inner }, "parts differ in shape")
    self.init(shape: [parts.reduce(0) { $0 + $1.shape[0] }] + inner) { target in
      var target = target
      for part in parts {
        target.update(from: part.storage.numbers, count: part.count)
        target += part.count
      }
    }
  }

  /// A rearranged copy that kernels want, made once and kept while the numbers stay as they are.
  public func packedForm(
    _ key: String, count: Int, make: (Destination) -> Void
  ) -> PackedForm {
    PackedForm(storage: storage.packedForm(key, count: count, make: make))
  }

  /// The owner of packed numbers.
  public struct PackedForm: Sendable {
    let storage: TensorStorage

    /// Lends the numbers to `body`; the pointer must not leave it.
    public func read<Result, Failure: Error>(
      _ body: (Source) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      defer { withExtendedLifetime(storage) {} }
      return try body(Source(storage.numbers))
    }
  }
}

extension Tensor? {
  /// Lends the numbers to `body`, or nil where there is no tensor.
  public func read<Result, Failure: Error>(
    _ body: (Source?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let self else { return try body(nil) }
    return try self.read { numbers throws(Failure) in try body(numbers) }
  }
}

extension Tensor: Equatable {
  /// Whether shapes and bits are the same.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape
      && (a.storage === b.storage || memcmp(a.storage.numbers, b.storage.numbers, a.count * 4) == 0)
  }
}
