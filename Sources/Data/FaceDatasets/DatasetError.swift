/// Why a set of pictures cannot be loaded at all.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A source is neither a folder nor a readable file.
  case missing(source: String)
  /// Something in a folder cannot be looked at, the first of `count`.
  case unreadable(path: String, reason: String, count: Int)
  /// A source is a file, but not a tar archive that can be read.
  case archive(TarError)
  /// A source begins with `synthetic:` but does not say how many people and pictures.
  case population(source: String)
  /// Nothing usable is left.
  case noPictures(sources: [String], report: DatasetReport)
  /// Nothing usable is left of pictures without labels.
  case noUnlabelledPictures(sources: [String], report: DatasetReport)

  public var description: String {
    switch self {
    case .missing(let source): "'\(source)' does not exist; expected a folder or a tar archive"
    case .population(let source):
      "'\(source)' is no population; expected synthetic:PEOPLExIMAGES or "
        + "synthetic:PEOPLExIMAGES:SEED, at most \(DrawnPopulation.mostPeople) people "
        + "and \(DrawnPopulation.mostPictures) pictures of each"
    case .unreadable(let path, let reason, let count):
      "'\(path)' cannot be read: \(reason)" + (count > 1 ? ", and \(count - 1) more" : "")
    case .archive(let error): error.description
    case .noPictures(let sources, let report):
      "no usable picture 'identity/picture' in \(sources.joined(separator: ", ")) (\(report))"
    case .noUnlabelledPictures(let sources, let report):
      "no usable picture in \(sources.joined(separator: ", ")) (\(report))"
    }
  }
}
