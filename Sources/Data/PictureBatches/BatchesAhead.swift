/// The batches of a training's steps, made while the steps before them are taken.
///
/// A thread of its own makes the parts of the next few batches on processors that have nothing else
/// to do. What is not there when a step asks for it is made then, by all threads of the pool: a step
/// waits for nobody, and on a busy machine it takes as long as if nothing was made ahead.
///
///     var batches = BatchesAhead(from: 0, to: 100, ahead: 2) { step in
///       BatchInParts(count: 16, make: { picture(step, $0) }, join: { Tensor(joining: $0) })
///     }
///     defer { batches.stop() }
///     let first = try batches.next()
///
/// A part depends on its step and its place alone, so a batch is the same however much of it was
/// made ahead, and by whom. The error of a part is thrown to the step that asks for it: that of the
/// first part that failed.
public struct BatchesAhead<Part: Sendable, Batch> {
  private let end: Int
  private let ahead: Int
  private let begin: (Int) -> BatchInParts<Part, Batch>
  private let maker: PartMaker<Part>
  /// The batches that the maker knows, the next step's first.
  private var begun: [(batch: BatchInParts<Part, Batch>, order: PartMaker<Part>.Order)] = []
  /// The next step to begin.
  private var beginning: Int

  /// Creates the batches of steps `first ..< end`.
  ///
  /// - `ahead`: the most batches that exist, made or in the making, before their step asks for them; with
  ///   0 there is no other thread.
  /// - `begin`: tells what the batch of a step is made of; called once a step, in their order, by the
  ///   thread that asks for batches.
  public init(
    from first: Int, to end: Int, ahead: Int, begin: @escaping (Int) -> BatchInParts<Part, Batch>
  ) {
    (self.end, self.ahead, self.begin) = (end, max(0, ahead), begin)
    beginning = first
    maker = PartMaker()
  }

  /// The batch of the next step.
  ///
  /// - Precondition: it is before the end.
  /// - Throws: the error of the batch's first part that could not be made.
  public mutating func next() throws -> Batch {
    // What is asked for at once nobody has time to make ahead.
    if begun.isEmpty && beginning < end { start(isAhead: false) }
    precondition(!begun.isEmpty, "no batch after that of step \(end - 1)")
    let (batch, order) = begun.removeFirst()
    let parts = maker.take(order)
    while begun.count < ahead && beginning < end { start(isAhead: true) }
    return try batch.completed(parts)
  }

  /// Ends the other thread after the part that it is making, without waiting for it.
  public func stop() { maker.stop() }

  private mutating func start(isAhead: Bool) {
    let batch = begin(beginning)
    beginning += 1
    let order = PartMaker<Part>.Order(count: batch.count, make: batch.make)
    begun.append((batch, order))
    if isAhead { maker.add(order) }
  }
}
