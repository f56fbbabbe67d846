private import Files
import Images

/// The steps from sources to the pictures that are kept.
struct DatasetLoading {
  private(set) var kept: [(person: String, name: String, slot: Int)] = []
  let store: FaceStore
  let report: DatasetReport

  init(
    sources: [String], isLabelled: Bool, keepsPixels: Bool, minimumPictures: Int,
    limits: ImageLimits
  ) throws(DatasetError) {
    let found = try FoundPicture.all(in: sources, isLabelled: isLabelled)
    var reasons = [DatasetReport.Reason?](repeating: nil, count: found.count)
    var contents = [PictureContent](repeating: .file([]), count: found.count)
    for (index, picture) in found.enumerated() {
      do throws(ImageError) {
        contents[index] = try picture.content(limits: limits)
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

    var counts: [ExactName: Int] = [:]
    for index in distinct where reasons[index] == nil {
      counts[ExactName(found[index].person), default: 0] += 1
    }
    for (slot, index) in distinct.enumerated() where reasons[index] == nil {
      let (person, name) = (found[index].person, found[index].name)
      if let count = counts[ExactName(person)], count < minimumPictures {
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

  /// Marks pictures with equal content: all but the first of one person, all of several people.
  private static func findDuplicates(
    _ found: [FoundPicture], _ contents: [PictureContent], _ reasons: inout [DatasetReport.Reason?]
  ) {
    let groups = Dictionary(grouping: found.indices.filter { reasons[$0] == nil }) { contents[$0] }
    for group in groups.values where group.count > 1 {
      let first = group[0]
      let stranger = group.first { found[$0].isOfAnother(than: found[first]) }
      for index in group {
        if let stranger {
          let other = found[index].isOfAnother(than: found[first]) ? first : stranger
          reasons[index] = .ambiguous(with: found[other].name)
        } else if index != first {
          reasons[index] = .duplicate(of: found[first].name)
        }
      }
    }
  }
}
