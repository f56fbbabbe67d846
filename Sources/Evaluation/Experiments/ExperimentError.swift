/// Why an experiment cannot be made with the faces given.
public enum ExperimentError: Error, Equatable, CustomStringConvertible {
  /// A group has too few people with enough pictures.
  case tooFewPeople(group: String, pictures: Int, found: Int, needed: Int)

  public var description: String {
    switch self {
    case .tooFewPeople(let group, let pictures, let found, let needed):
      "\(group): \(found) of at least \(pictures) pictures each; expected at least \(needed)"
    }
  }
}
