import Images
private import SeededRandom

/// The steps from sources to the pictures that are kept.
struct DatasetLoading {
  private(set) var kept: [(person: String, name: String, slot: Int)] = []
  let store: FaceStore
  let report: DatasetReport

  init(
    sources: [String], keepsPixels: Bool, minimumPictures: Int, limits: ImageLimits
  ) throws(DatasetError) {
    let found = try FoundPicture.all(in: sources)
    var reasons = [DatasetReport.Reason?](repeating: nil, count: found.count)
    var contents = [[UInt8]](repeating: [], count: found.count)
    for (index, picture) in found.enumerated() {
      do throws(ImageError) {
        contents[index] = try picture.bytes(limits: limits)
      } catch {
        reasons[index] = .broken(error)
      }
    }
    Self.findDuplicates(found, contents, &reasons)
    let distinct = found.indices.filter { reasons[$0] == nil }
    let made = FaceStore.make(
      distinct.map { (found[$0].name, contents[$0]) }, keepsPixels: keepsPixels, limits: limits)
    store = made.store
    for (index, fault) in zip(distinct, made.faults) { reasons[index] = fault }

    var counts: [String: Int] = [:]
    for index in distinct where reasons[index] == nil {
      counts[found[index].person, default: 0] += 1
    }
    for (slot, index) in distinct.enumerated() where reasons[index] == nil {
      let (person, name) = (found[index].person, found[index].name)
      if let count = counts[person], count < minimumPictures {
        reasons[index] = .fewPictures(count)
      } else {
        kept.append((person, name, slot))
      }
    }
    report = DatasetReport(
      found: found.count,
      omissions: zip(found, reasons).compactMap { picture, reason in
        reason.map { DatasetReport.Omission(name: picture.name, reason: $0) }
      })
  }

  /// Marks pictures with equal bytes: all but the first of one person, all of several people.
  private static func findDuplicates(
    _ found: [FoundPicture], _ contents: [[UInt8]], _ reasons: inout [DatasetReport.Reason?]
  ) {
    var groups: [UInt64: [Int]] = [:]
    for index in found.indices where reasons[index] == nil {
      let hash = contents[index].withUnsafeBufferPointer { SplitMix64.stableHash(of: $0) }
      groups[hash, default: []].append(index)
    }
    for var group in groups.values where group.count > 1 {
      // Equal hashes are only a hint; what counts is the bytes.
      while let first = group.first {
        let equal = group.filter { contents[$0] == contents[first] }
        group.removeAll { contents[$0] == contents[first] }
        let stranger = equal.first { found[$0].person != found[first].person }
        for index in equal {
          if let stranger {
            let other = found[index].person == found[first].person ? stranger : first
            reasons[index] = .ambiguous(with: found[other].name)
          } else if index != first {
            reasons[index] = .duplicate(of: found[first].name)
          }
        }
      }
    }
  }
}
