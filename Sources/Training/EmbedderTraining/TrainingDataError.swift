public import FaceDatasets

/// Why nothing can be learnt from a set of pictures.
public enum TrainingDataError: Error, Equatable, CustomStringConvertible {
  /// People have to be told apart.
  case tooFewPeople(found: Int)
  /// The pairs of one person each do not fill a batch.
  case tooFewPictures(found: Int, batch: Int)

  public var description: String {
    switch self {
    case .tooFewPeople(let found): "\(found) people to train on; expected at least 2"
    case .tooFewPictures(let found, let batch):
      "\(found) pictures in pairs of one person do not fill a batch; expected at least \(batch)"
    }
  }
}

extension EmbedderTraining {
  /// Checks that a training with these settings can begin on `data`.
  ///
  /// - Throws: ``TrainingDataError``.
  public func check(_ data: IdentityDataset) throws(TrainingDataError) {
    guard data.people.count >= 2 else { throw .tooFewPeople(found: data.people.count) }
    let paired = data.pictures.reduce(0) { $0 + $1.count / 2 * 2 }
    guard paired >= batch else { throw .tooFewPictures(found: paired, batch: batch) }
  }
}
