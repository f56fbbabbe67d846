private import Foundation
private import KernelSupport
public import Screening

/// Examines faces for many callers at once with one copy of the models.
///
/// At most one group of faces for each processor is at work. Callers that come meanwhile wait, and are
/// then examined together: eight faces take about a tenth less time than eight times one. A caller that
/// is alone has all processors. What is found of a face does not depend on its company.
///
/// Unchecked: `waiting` and `active` are only touched with `condition` held; a caller's `found` is
/// written before it is told that it is `isDone`, with `condition` held.
public final class ExaminationQueue: @unchecked Sendable {
  /// The most faces that are examined together.
  static let largestGroup = 8

  private final class Caller {
    let pictures: [FacePicture]
    var found: [Examination] = []
    var isTaken = false
    var isDone = false
    init(_ pictures: [FacePicture]) { self.pictures = pictures }
  }

  private let warden: FaceWarden
  private let lanes: Int
  private let condition = NSCondition()
  private var waiting: [Caller] = []
  private var active = 0

  /// Creates a queue.
  ///
  /// - `lanes`: groups at work at a time; as many as there are processors if not given.
  public init(_ warden: FaceWarden, lanes: Int? = nil) {
    (self.warden, self.lanes) = (warden, max(1, lanes ?? WorkerPool.shared.threads))
  }

  /// Examines pictures; returns when it is done.
  public func examine(_ pictures: [FacePicture]) -> [Examination] {
    let own = Caller(pictures)
    condition.lock()
    waiting.append(own)
    while !own.isDone {
      guard !own.isTaken, active < lanes else {
        condition.wait()
        continue
      }
      let group = takeGroup(with: own)
      active += 1
      share()
      condition.unlock()
      let found = warden.examine(group.flatMap(\.pictures))
      condition.lock()
      active -= 1
      share()
      var start = 0
      for caller in group {
        caller.found = Array(found[start..<start + caller.pictures.count])
        caller.isDone = true
        start += caller.pictures.count
      }
      condition.broadcast()
    }
    condition.unlock()
    return own.found
  }

  /// Takes those who waited longest, so that nobody is passed over, and `own`.
  private func takeGroup(with own: Caller) -> [Caller] {
    var group = [own]
    var count = own.pictures.count
    for caller in waiting where caller !== own && count + caller.pictures.count <= Self.largestGroup
    {
      group.append(caller)
      count += caller.pictures.count
    }
    waiting.removeAll { caller in group.contains { $0 === caller } }
    for caller in group { caller.isTaken = true }
    return group
  }

  /// Gives each group its part of the processors.
  private func share() {
    WorkerPool.shared.limit = max(1, WorkerPool.shared.threads / max(1, active))
  }
}
