// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Targets with hot loops, optimised in debug builds too, with all checks: tests train networks and
/// attack them.
let optimised: [SwiftSetting] =
  strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Numeric targets: indices are checked where arrays enter, not inside the loops.
let numeric: [SwiftSetting] =
  optimised + [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

/// The hottest loops, compiled for one x86-64 level; unchecked in debug builds, too.
/// Loops over the rows of a tile must unroll completely to stay in registers.
func kernels(_ name: String, level: String) -> Target {
  .target(
    name: name, dependencies: ["KernelSupport"],
    swiftSettings: strict + [
      .unsafeFlags([
        "-Ounchecked", "-Xcc", "-march=\(level)", "-Xllvm", "-unroll-threshold=4000",
      ])
    ])
}

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

let targets: [Target] = [
  // Level 0: one system library each.
  system("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
  system("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
  system("CWebP", pkgConfig: "libwebp", apt: "libwebp-dev"),
  system("CLinear", apt: "liblinear-dev"),
  system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
  system("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),

  .target(name: "CProcessor"),

  library("Locks"),

  // Level 1
  library("SeededRandom"),
  library("KernelSupport", ["CProcessor", "Locks"], settings: numeric),
  kernels("KernelsBaseline", level: "x86-64"),
  kernels("KernelsAVX2", level: "x86-64-v3"),
  kernels("KernelsAVX512", level: "x86-64-v4"),
  library(
    "Kernels",
    [
      "CProcessor", "KernelSupport", "KernelsAVX2", "KernelsAVX512", "KernelsBaseline",
    ], settings: numeric),
  library("Images", ["CPNG", "CTurboJPEG", "CWebP"]),
  library("SupportVectorMachines", ["CLinear", "KernelSupport", "Locks"]),
  library("BiometricMetrics"),
  library("CommandLineArguments"),
  library("Reports"),
  library("HTTPServer", ["CMicroHTTPD", "Locks"]),

  // Level 2
  library("Tensors", ["KernelSupport", "Locks"], settings: numeric),
  library("LocalBinaryPatterns", settings: optimised),
  library("Faces", ["Images"]),

  // Level 3
  library(
    "NeuralNetworks", ["Tensors", "Kernels", "KernelSupport", "SeededRandom"], settings: numeric),
  library("Checkpoints", ["CCrypto", "Tensors"]),
  .target(
    name: "SyntheticFaces", dependencies: ["Faces", "Images", "SeededRandom"],
    swiftSettings: strict + [.unsafeFlags(["-Ounchecked"])]),
  library(
    "FaceDatasets", ["Faces", "Images", "SeededRandom", "SyntheticFaces"], settings: optimised),

  // Level 4
  library(
    "FaceVerification",
    [
      "Checkpoints", "FaceDatasets", "Images", "KernelSupport", "NeuralNetworks", "SeededRandom",
      "Tensors",
    ],
    settings: numeric),

  // Level 5
  library(
    "IPGAN",
    [
      "Checkpoints", "FaceDatasets", "FaceVerification", "NeuralNetworks", "SeededRandom",
      "Tensors",
    ],
    settings: numeric),

  library(
    "FaceDetection",
    [
      "Checkpoints", "FaceDatasets", "FaceVerification", "Faces", "Images", "KernelSupport",
      "NeuralNetworks", "SeededRandom", "Tensors",
    ],
    settings: numeric),

  // Level 6
  library(
    "AdversarialAttacks",
    [
      "Checkpoints", "FaceVerification", "Images", "KernelSupport", "NeuralNetworks",
      "SeededRandom", "Tensors",
    ],
    settings: numeric),

  library(
    "AdversarialDetection",
    [
      "Checkpoints", "FaceDetection", "FaceVerification", "Faces", "IPGAN", "Images",
      "KernelSupport", "LocalBinaryPatterns",
      "NeuralNetworks", "SupportVectorMachines", "Tensors",
    ]),

  // Level 7
  library(
    "Experiments",
    [
      "AdversarialAttacks", "AdversarialDetection", "BiometricMetrics", "Checkpoints",
      "FaceDatasets", "FaceDetection", "FaceVerification", "Faces", "IPGAN", "Images",
      "KernelSupport", "LocalBinaryPatterns", "NeuralNetworks", "Reports", "SeededRandom",
      "SupportVectorMachines", "SyntheticFaces", "Tensors",
    ]),

  library(
    "DetectionService",
    [
      "AdversarialDetection", "Checkpoints", "FaceDetection", "Faces", "HTTPServer", "Images",
      "KernelSupport", "Locks",
    ]),

  // Level 8
  .executableTarget(
    name: "facewarden",
    dependencies: [
      "AdversarialAttacks", "AdversarialDetection", "Checkpoints", "CommandLineArguments",
      "DetectionService", "Experiments", "FaceDatasets", "FaceDetection", "FaceVerification",
      "Faces", "HTTPServer", "IPGAN", "Images",
      "KernelSupport", "Kernels", "LocalBinaryPatterns", "NeuralNetworks", "Reports",
      "SeededRandom", "SupportVectorMachines", "SyntheticFaces", "Tensors",
    ], swiftSettings: strict),

  .executableTarget(
    name: "Benchmarks",
    dependencies: [
      "AdversarialDetection", "Checkpoints", "CommandLineArguments", "FaceVerification", "IPGAN",
      "Images", "KernelSupport", "Kernels", "NeuralNetworks", "SeededRandom", "Tensors",
    ], path: "Tests/Benchmarks", exclude: ["compare.py", "comparison", "faces.py"],
    swiftSettings: strict),

  .target(
    name: "TestSupport",
    dependencies: [
      "FaceVerification", "IPGAN", "Images", "NeuralNetworks", "SeededRandom", "Tensors",
    ],
    path: "Tests/TestSupport", swiftSettings: strict),
  .target(
    name: "FuzzTargets",
    dependencies: ["Checkpoints", "DetectionService", "HTTPServer", "Images", "SeededRandom"],
    path: "Tests/FuzzTargets", swiftSettings: strict),
  .executableTarget(
    name: "Fuzz", dependencies: ["CommandLineArguments", "FuzzTargets"], path: "Tests/Fuzz",
    swiftSettings: strict),
  .executableTarget(
    name: "TrainingKillProbe",
    dependencies: ["Checkpoints", "FaceVerification", "KernelSupport", "TestSupport"],
    path: "Tests/TrainingKillProbe", swiftSettings: strict),

  tests("KernelSupport", []),
  tests("Kernels", ["KernelSupport"]),
  tests("NeuralNetworks", ["KernelSupport", "Tensors", "SeededRandom"]),
  tests("SeededRandom", []),
  tests("Images", [], golden: true),
  tests("BiometricMetrics", ["SeededRandom"]),
  tests("SupportVectorMachines", []),
  tests("CommandLineArguments", []),
  tests("Reports", ["TestSupport"]),
  tests("HTTPServer", ["TestSupport"]),
  tests(
    "DetectionService",
    ["AdversarialDetection", "Checkpoints", "HTTPServer", "Images", "SeededRandom", "TestSupport"]),
  tests("FuzzTargets", []),
  tests("LocalBinaryPatterns", []),
  tests("Faces", ["Images"]),
  tests(
    "FaceDetection",
    ["Checkpoints", "Faces", "Images", "NeuralNetworks", "SeededRandom", "Tensors", "TestSupport"]),
  tests("Checkpoints", [], golden: true),
  tests("SyntheticFaces", ["Faces", "Images", "KernelSupport"]),
  tests("FaceDatasets", ["Faces", "Images", "SeededRandom"]),
  tests(
    "FaceVerification",
    [
      "Checkpoints", "KernelSupport", "NeuralNetworks", "SeededRandom", "Tensors", "TestSupport",
      "TrainingKillProbe",
    ]),
  tests(
    "IPGAN",
    [
      "Checkpoints", "FaceDatasets", "FaceVerification", "NeuralNetworks", "SeededRandom",
      "Tensors",
      "TestSupport",
    ]),
  tests(
    "Experiments",
    [
      "AdversarialAttacks", "AdversarialDetection", "LocalBinaryPatterns", "SupportVectorMachines",
      "BiometricMetrics", "Checkpoints", "FaceDatasets", "FaceVerification", "IPGAN", "Images",
      "KernelSupport", "NeuralNetworks", "Reports", "SeededRandom", "SyntheticFaces", "Tensors",
      "TestSupport",
    ]),
  .testTarget(
    name: "FacewardenToolTests",
    dependencies: ["Faces", "Images", "TestSupport", "facewarden"],
    swiftSettings: strict),
  tests(
    "AdversarialDetection",
    [
      "Checkpoints", "FaceVerification", "IPGAN", "Images", "LocalBinaryPatterns",
      "NeuralNetworks", "SeededRandom", "SupportVectorMachines", "Tensors", "TestSupport",
    ]),
  tests(
    "AdversarialAttacks",
    [
      "FaceVerification", "Images", "NeuralNetworks", "SeededRandom", "Tensors", "TestSupport",
    ]),
]

let package = Package(
  name: "facewarden",
  targets: targets,
  swiftLanguageModes: [.v6]
)
