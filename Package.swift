// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Numeric targets: checks off in release builds, loops over rows and taps unrolled.
let numeric: [SwiftSetting] =
  strict + [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], golden: Bool = false) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + [.byName(name: name)],
    resources: golden ? [.copy("Golden")] : [], swiftSettings: strict)
}

var targets: [Target] = [
  // Level 0: one system library each.
  system("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
  system("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
  system("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
  system("CWebP", pkgConfig: "libwebp", apt: "libwebp-dev"),
  system("CLinear", apt: "liblinear-dev"),
  system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),

  // Level 1
  library("SeededRandom"),
  library("Images", ["CPNG", "CTurboJPEG", "CWebP"]),
  library("SupportVectorMachines", ["CLinear"]),
  library("BiometricMetrics"),
  library("CommandLineArguments"),

  // Level 2
  library("LocalBinaryPatterns", ["Images"]),
  library("Faces", ["Images"]),

  // Level 3
  library("Checkpoints", ["CCrypto"]),
  library("FaceDatasets", ["Faces", "Images", "SeededRandom"]),

  tests("SeededRandom", []),
  tests("Images", [], golden: true),
  tests("SupportVectorMachines", []),
  tests("BiometricMetrics", []),
  tests("CommandLineArguments", []),
  tests("LocalBinaryPatterns", ["Images"]),
  tests("Faces", ["Images"]),
  tests("Checkpoints", []),
  tests("FaceDatasets", ["Faces", "Images", "SeededRandom"]),
]

// While the first modules are being written: leave out what has no folder yet.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
targets = targets.filter { target in
  let folder = target.isTest ? "Tests" : "Sources"
  return FileManager.default.fileExists(atPath: root.appending(path: "\(folder)/\(target.name)").path)
}

let package = Package(
  name: "facewarden",
  targets: targets,
  swiftLanguageModes: [.v6]
)
