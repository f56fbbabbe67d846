/// Why an experiment cannot be made with the faces given.
public enum ExperimentError: Error, Equatable, CustomStringConvertible {
  /// A group has too few people with enough pictures.
  case tooFewPeople(group: String, pictures: Int, found: Int, needed: Int)

  /// A file of embeddings lacks a picture that is to be judged by them.
  case noReading(judge: String, picture: String)

  public var description: String {
    switch self {
    case .noReading(let judge, let picture):
      "the embeddings of '\(judge)' do not name '\(picture)'; expected those of all pictures that "
        + "--write wrote, of the same people, models and seed"
    case .tooFewPeople(let group, let pictures, let found, let needed):
      "\(group): \(found) of at least \(pictures) pictures each; expected at least \(needed)"
    }
  }
}
