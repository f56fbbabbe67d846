/// Why a detector cannot be used.
public enum DetectorError: Error, Equatable, CustomStringConvertible {
  /// The file does not describe a detector of this version.
  case noSettings
  /// The file is of a family of detectors that is unknown here.
  case unknownFamily(String, known: [String])
  /// The detector was fitted to other numbers than this program computes.
  case otherFeatures(file: FeatureSpecification, code: FeatureSpecification)
  /// The detector decides on what f_V sees, and there is none.
  case noWitness(model: String)
  /// The manifest has no operating point of this name of a model.
  case noOperatingPoint(String, model: String, offered: [String])

  public var description: String {
    switch self {
    case .noSettings:
      "the detector's file does not say what it is made of; it may be of another version: "
        + "train it anew"
    case .unknownFamily(let name, let known):
      "the detector is of the family '\(name.prefix(40))'; expected one of "
        + known.joined(separator: ", ")
    case .otherFeatures(let file, let code):
      "the detector was fitted to other features than this program computes: its file says "
        + "\(file.differing(from: code)); this program computes \(code.differing(from: file)); "
        + "train it anew, or use the program that it was made with"
    case .noWitness(let model):
      "the detector needs the witness '\(model)', which the manifest does not have"
    case .noOperatingPoint(let name, let model, let offered):
      "no operating point '\(name)' of '\(model)'; the manifest has "
        + (offered.isEmpty ? "none" : offered.joined(separator: ", "))
        + "; others were refused for too few pairs or pictures, or never measured: "
        + (name.hasPrefix("bpcer")
          ? "'train detector' measures them, with enough pictures by '--bona-fide'"
          : "'import --data' or 'train embedder' measures them; '--threshold' does without")
    }
  }
}
