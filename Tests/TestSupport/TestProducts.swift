public import Foundation

/// Where the package's executables lie beside the running tests.
public enum TestProducts {
  /// The folder of built products.
  public static var folder: URL {
    // The test bundle lies in it; its path is the first argument that names one.
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
    let path = bundle ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).deletingLastPathComponent()
  }

  /// The package's root: the nearest folder above the products with a manifest.
  public static var packageRoot: URL {
    var folder = folder
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
        return folder
      }
      folder.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
  }
}
