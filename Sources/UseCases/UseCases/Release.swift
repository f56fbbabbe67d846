/// What this is a release of.
public enum Release {
  /// The version, the same of the tool, the library and the Python package.
  public static let version = "0.1.0"
}
