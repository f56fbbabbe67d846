// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Targets with hot loops, optimised in debug builds too, with all checks as in release builds: tests
/// train networks and attack them.
let optimised: [SwiftSetting] =
  strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// The hottest loops, compiled for one x86-64 level. They alone are compiled without checks, in debug
/// builds too; whoever calls them checks shapes before.
/// Loops over the rows of a tile must unroll completely to stay in registers.
func kernels(_ name: String, level: String, _ others: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: ["KernelSupport"] + others,
    path: "Sources/Engine/KernelVariants/\(name)",
    swiftSettings: strict + [
      .unsafeFlags([
        "-Ounchecked", "-Xcc", "-march=\(level)", "-Xllvm", "-unroll-threshold=4000",
      ])
    ])
}

/// The last part of a path, which names the target.
func name(of path: String) -> String {
  String(path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst())
}

func library(
  _ path: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(
    name: name(of: path), dependencies: dependencies, path: "Sources/\(path)",
    swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ path: String, _ dependencies: [Target.Dependency] = [], golden: Bool = false) -> Target
{
  .testTarget(
    name: "\(name(of: path))Tests", dependencies: dependencies + [.byName(name: name(of: path))],
    path: "Tests/\(path)Tests", resources: golden ? [.copy("Golden")] : [], swiftSettings: strict)
}

let targets: [Target] = [
  // One system library each; `CProcessor` tells what the processor can do, `CVectors` has what Swift's
  // vectors lack.
  system("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
  system("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
  system("CWebP", pkgConfig: "libwebp", apt: "libwebp-dev"),
  system("CLinear", apt: "liblinear-dev"),
  system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
  system("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
  .systemLibrary(name: "CVectors", path: "Sources/System/CVectors"),
  // Loaded when something asks for it, not linked; libopenblas-dev has its headers.
  .target(name: "COpenBLAS", path: "Sources/System/COpenBLAS"),
  .target(name: "CProcessor", path: "Sources/System/CProcessor"),

  // Foundations
  library("Foundations/Files", ["CCrypto"]),
  library("Foundations/Geometry"),
  library("Foundations/JSON"),
  library("Foundations/LinearAlgebra", ["COpenBLAS"]),
  library("Foundations/Locks"),
  library("Foundations/Metrics", ["SeededRandom"]),
  library("Foundations/Sealing", ["CCrypto", "Files"]),
  library("Foundations/SeededRandom"),

  // Engine
  library("Engine/KernelSupport", ["CProcessor", "Locks"], settings: optimised),
  kernels("KernelsBaseline", level: "x86-64"),
  kernels("KernelsAVX2", level: "x86-64-v3", ["CVectors"]),
  kernels("KernelsAVX512", level: "x86-64-v4"),
  library("Engine/KernelsOpenBLAS", ["COpenBLAS", "KernelSupport"], settings: optimised),
  library("Engine/Tensors", ["KernelSupport", "Locks"], settings: optimised),
  library(
    "Engine/Kernels",
    [
      "CProcessor", "KernelSupport", "KernelsAVX2", "KernelsAVX512", "KernelsBaseline",
      "KernelsOpenBLAS",
    ], settings: optimised),
  library(
    "Engine/NeuralNetworks", ["Geometry", "KernelSupport", "Kernels", "SeededRandom", "Tensors"],
    settings: optimised),

  // Pictures
  library("Pictures/Images", ["CPNG", "CTurboJPEG", "CVectors", "CWebP", "Files", "Geometry"]),
  library("Pictures/Faces", ["Files", "Geometry", "Images"]),
  library("Pictures/PictureTensors", ["Images", "KernelSupport", "Tensors"], settings: optimised),

  // Models
  library("Models/Checkpoints", ["Files", "Tensors"], settings: optimised),
  library("Models/ModelStore", ["Checkpoints", "Files", "JSON"]),
  library("Models/ONNXFiles", ["Files"], settings: optimised),

  // Recognition
  library(
    "Recognition/NetworkGraphs", ["KernelSupport", "NeuralNetworks", "Tensors"],
    settings: optimised),
  library(
    "Recognition/ONNXNetworks", ["NetworkGraphs", "NeuralNetworks", "ONNXFiles", "Tensors"],
    settings: optimised),
  library(
    "Recognition/Embedders",
    [
      "Checkpoints", "JSON", "ModelStore", "NetworkGraphs", "NeuralNetworks", "SeededRandom",
      "Tensors",
    ],
    settings: optimised),
  library(
    "Recognition/Reconstruction",
    ["Checkpoints", "Embedders", "JSON", "ModelStore", "NeuralNetworks", "Tensors"],
    settings: optimised),
  library(
    "Recognition/ONNXExports",
    ["Embedders", "NetworkGraphs", "NeuralNetworks", "ONNXFiles", "Reconstruction", "Tensors"],
    settings: optimised),

  // Finding
  library(
    "Finding/FaceFinding",
    [
      "Checkpoints", "Faces", "Geometry", "Images", "JSON", "KernelSupport", "ModelStore",
      "NeuralNetworks", "PictureTensors", "Tensors",
    ], settings: optimised),

  // Screening
  library("Screening/Textures", settings: optimised),
  library("Screening/LinearMachines", ["CLinear", "KernelSupport", "Locks"]),
  library(
    "Screening/PictureQuality",
    [
      "Checkpoints", "FaceFinding", "Faces", "Images", "JSON", "ModelStore", "NeuralNetworks",
      "SeededRandom", "Tensors",
    ], settings: optimised),
  library(
    "Screening/Screening",
    [
      "Checkpoints", "Embedders", "FaceFinding", "Faces", "Files", "Geometry", "Images", "JSON",
      "KernelSupport", "LinearMachines", "ModelStore", "NeuralNetworks", "PictureQuality",
      "PictureTensors", "Reconstruction", "Tensors", "Textures",
    ]),

  // Use cases
  library(
    "UseCases/UseCases",
    [
      "Embedders", "FaceFinding", "Faces", "Files", "Geometry", "Images", "JSON", "KernelSupport",
      "Metrics", "ModelStore", "NeuralNetworks", "PictureQuality", "PictureTensors",
      "Reconstruction", "Screening", "Sealing",
      "Tensors",
    ]),

  library(
    "UseCases/Presentation", ["Geometry", "Images", "JSON", "Screening", "UseCases"]),

  // Data
  library(
    "Data/SyntheticFaces", ["Faces", "Geometry", "Images", "SeededRandom"],
    settings: optimised),
  library(
    "Data/FaceDatasets", ["Faces", "Files", "Images", "SeededRandom", "SyntheticFaces"],
    settings: optimised),
  library(
    "Data/PictureBatches",
    ["FaceDatasets", "KernelSupport", "Locks", "SeededRandom", "Tensors"], settings: optimised),

  // Attacking
  library(
    "Attacking/Attacks",
    [
      "Embedders", "FaceFinding", "Faces", "Geometry", "Images", "KernelSupport", "NeuralNetworks",
      "PictureTensors", "Screening", "SeededRandom", "Tensors",
    ], settings: optimised),
  library(
    "Attacking/AttackSets",
    [
      "Attacks", "Embedders", "FaceDatasets", "Files", "Images", "JSON", "NeuralNetworks",
      "PictureTensors", "SeededRandom", "Tensors",
    ], settings: optimised),

  // Training
  library(
    "Training/Training", ["Checkpoints", "Files", "NeuralNetworks", "Tensors"], settings: optimised),
  library(
    "Training/EmbedderTraining",
    [
      "Checkpoints", "Embedders", "FaceDatasets", "Files", "NeuralNetworks", "PictureBatches",
      "SeededRandom", "Tensors", "Training",
    ], settings: optimised),
  library(
    "Training/FaceFinderTraining",
    [
      "Checkpoints", "FaceDatasets", "FaceFinding", "Faces", "Geometry", "Images", "KernelSupport",
      "NeuralNetworks", "PictureTensors", "SeededRandom", "Tensors", "Training",
    ], settings: optimised),
  library(
    "Training/IPGANTraining",
    [
      "Attacks", "Checkpoints", "Embedders", "FaceDatasets", "LinearAlgebra", "NeuralNetworks",
      "PictureBatches", "Reconstruction", "SeededRandom", "Tensors", "Training",
    ], settings: optimised),
  library(
    "Training/QualityTraining",
    [
      "Embedders", "FaceDatasets", "FaceFinding", "Images", "NeuralNetworks", "PictureQuality",
      "PictureTensors", "SeededRandom", "Tensors",
    ], settings: optimised),
  library(
    "Training/DetectorTraining",
    [
      "AttackSets", "Attacks", "Embedders", "Files", "Images", "KernelSupport", "LinearMachines",
      "Metrics", "ModelStore", "Screening", "SeededRandom", "Textures",
    ]),

  // Evaluation
  library("Evaluation/Reports"),
  library(
    "Evaluation/Experiments",
    [
      "AttackSets", "Attacks", "DetectorTraining", "Embedders", "FaceDatasets",
      "FaceFinderTraining", "FaceFinding", "Faces", "Files", "Geometry", "Images", "JSON",
      "LinearAlgebra", "Metrics",
      "ModelStore", "NeuralNetworks", "PictureBatches", "PictureQuality", "PictureTensors",
      "QualityTraining", "Reconstruction", "Reports", "Screening", "SeededRandom", "SyntheticFaces",
      "Tensors", "Textures", "Training",
    ]),

  // Service
  library("Service/HTTPServer", ["CMicroHTTPD", "Locks"]),
  library(
    "Service/ScreeningService",
    [
      "Embedders", "Faces", "Files", "HTTPServer", "Images", "JSON", "Locks", "ModelStore",
      "PictureQuality", "Presentation", "Screening", "Sealing", "UseCases",
    ]),

  // Application
  library("Application/CommandLineArguments"),
  .executableTarget(
    name: "facewarden",
    dependencies: [
      "AttackSets", "Attacks", "Checkpoints", "CommandLineArguments", "DetectorTraining",
      "EmbedderTraining", "Embedders", "Experiments", "FaceDatasets", "FaceFinderTraining",
      "FaceFinding", "Faces", "Files", "Geometry", "HTTPServer", "IPGANTraining", "Images", "JSON",
      "KernelSupport", "Kernels", "LinearMachines", "Metrics", "ModelStore", "NetworkGraphs",
      "NeuralNetworks", "ONNXExports", "ONNXFiles", "ONNXNetworks", "PictureBatches",
      "PictureQuality", "PictureTensors", "Presentation", "QualityTraining", "Reconstruction",
      "Reports",
      "Screening",
      "ScreeningService", "Sealing", "SeededRandom",
      "SyntheticFaces", "Tensors", "Textures", "Training",
      "UseCases",
    ], path: "Sources/Application/facewarden", swiftSettings: strict),

  // The C interface: its header, and what is behind it.
  .systemLibrary(name: "CFacewarden", path: "Sources/Application/CFacewarden"),
  library(
    "Application/CInterface",
    [
      "AttackSets", "Attacks", "CFacewarden", "Embedders", "FaceFinding", "Faces", "Images", "JSON",
      "KernelSupport", "Locks", "ModelStore", "Presentation", "Reconstruction", "Screening",
      "Sealing", "UseCases",
    ]),

  // What tests need
  .target(name: "CAllocations", path: "Tests/CAllocations"),
  .executableTarget(
    name: "Benchmarks",
    dependencies: [
      "Checkpoints", "CommandLineArguments", "EmbedderTraining", "Embedders", "IPGANTraining",
      "Images", "JSON", "KernelSupport", "Kernels", "NetworkGraphs", "NeuralNetworks", "ONNXFiles",
      "ONNXNetworks", "Reconstruction", "Screening", "SeededRandom", "Tensors",
    ], path: "Tests/Benchmarks",
    exclude: ["compare.py", "comparison", "faces.py", "test_comparison.py"],
    swiftSettings: strict),
  .target(
    name: "TestSupport",
    dependencies: [
      "Attacks", "Checkpoints", "Embedders", "Images", "JSON", "LinearMachines", "ModelStore",
      "NeuralNetworks", "PictureTensors", "Reconstruction", "Screening", "SeededRandom", "Tensors",
      "Textures",
    ], path: "Tests/TestSupport", swiftSettings: strict),
  .target(
    name: "FuzzTargets",
    dependencies: [
      "Checkpoints", "HTTPServer", "Images", "JSON", "NetworkGraphs", "ONNXFiles", "ONNXNetworks",
      "Screening",
      "ScreeningService", "SeededRandom", "UseCases",
    ], path: "Tests/FuzzTargets", swiftSettings: strict),
  .executableTarget(
    name: "Fuzz", dependencies: ["CommandLineArguments", "FuzzTargets"], path: "Tests/Fuzz",
    swiftSettings: strict),
  .executableTarget(
    name: "TrainingKillProbe",
    dependencies: ["Checkpoints", "EmbedderTraining", "KernelSupport", "TestSupport", "Training"],
    path: "Tests/TrainingKillProbe", swiftSettings: strict),
  .executableTarget(
    name: "GradientTable",
    dependencies: [
      "Geometry", "KernelSupport", "Kernels", "NeuralNetworks", "SeededRandom", "Tensors",
    ], path: "Tests/GradientTable", swiftSettings: strict),
  .target(name: "ImportGraph", path: "Tests/ImportGraph", swiftSettings: strict),
  .executableTarget(
    name: "Graph", dependencies: ["ImportGraph"], path: "Tests/Graph", swiftSettings: strict),

  // Tests
  tests("Foundations/Files", ["TestSupport"]),
  tests("Foundations/JSON"),
  tests("Foundations/LinearAlgebra", ["SeededRandom"]),
  tests("Foundations/Metrics", ["SeededRandom"]),
  tests("Foundations/Sealing"),
  tests("Foundations/SeededRandom"),
  tests("Engine/KernelSupport"),
  tests("Engine/Kernels", ["KernelSupport"]),
  tests(
    "Engine/NeuralNetworks",
    [
      "Geometry", "GradientTable", "Images", "KernelSupport", "Kernels", "PictureTensors",
      "SeededRandom", "Tensors", "TestSupport",
    ]),
  tests("Pictures/Faces", ["Geometry", "Images"]),
  tests("Pictures/Images", ["Geometry"], golden: true),
  tests("Models/Checkpoints", ["TestSupport"], golden: true),
  tests("Models/ONNXFiles"),
  tests("Models/ModelStore", ["Checkpoints", "Files", "JSON", "TestSupport"]),
  tests(
    "Recognition/Embedders",
    [
      "Checkpoints", "Files", "JSON", "KernelSupport", "ModelStore", "NeuralNetworks",
      "PictureTensors", "SeededRandom", "Tensors", "TestSupport",
    ]),
  tests(
    "Finding/FaceFinding",
    [
      "FaceFinderTraining", "Faces", "Geometry", "Images", "ModelStore", "SeededRandom",
      "TestSupport",
    ]),
  tests(
    "Recognition/ONNXNetworks",
    [
      "KernelSupport", "NetworkGraphs", "NeuralNetworks", "ONNXFiles", "SeededRandom", "Tensors",
    ]),
  tests(
    "Recognition/ONNXExports",
    [
      "Embedders", "NetworkGraphs", "NeuralNetworks", "ONNXFiles", "ONNXNetworks", "Reconstruction",
      "SeededRandom", "Tensors", "TestSupport",
    ]),
  tests("Screening/LinearMachines"),
  tests(
    "Screening/Screening",
    [
      "Checkpoints", "Embedders", "Images", "JSON", "LinearMachines", "ModelStore",
      "NeuralNetworks",
      "PictureTensors", "Reconstruction", "SeededRandom", "Tensors", "TestSupport", "Textures",
    ]),
  tests(
    "Screening/PictureQuality",
    ["Checkpoints", "FaceDatasets", "Images", "SeededRandom", "TestSupport"]),
  tests("Screening/Textures", ["CAllocations"]),
  tests(
    "UseCases/UseCases",
    [
      "Checkpoints", "Embedders", "FaceFinding", "Images", "JSON", "ModelStore", "Presentation",
      "Screening", "Sealing", "TestSupport",
    ]),
  tests("Data/FaceDatasets", ["Faces", "Files", "Images", "SeededRandom"]),
  tests("Data/PictureBatches"),
  tests("Data/SyntheticFaces", ["Faces", "Geometry", "Images", "KernelSupport"]),
  tests("Attacking/AttackSets", ["Attacks", "Embedders", "Images", "TestSupport"]),
  tests(
    "Attacking/Attacks",
    [
      "Embedders", "FaceFinding", "Images", "ModelStore", "NeuralNetworks", "PictureTensors",
      "SeededRandom", "Tensors", "TestSupport",
    ]),
  tests(
    "Training/DetectorTraining",
    ["AttackSets", "Experiments", "ModelStore", "Screening", "SeededRandom", "Textures"]),
  tests(
    "Training/QualityTraining",
    ["Embedders", "FaceDatasets", "Images", "PictureQuality", "SeededRandom", "TestSupport"]),
  tests(
    "Training/EmbedderTraining",
    [
      "Checkpoints", "Embedders", "FaceDatasets", "JSON", "KernelSupport", "NeuralNetworks",
      "PictureBatches", "PictureTensors",
      "SeededRandom", "Tensors", "TestSupport", "Training", "TrainingKillProbe",
    ]),
  tests(
    "Training/FaceFinderTraining",
    [
      "Checkpoints", "FaceFinding", "Geometry", "NeuralNetworks", "SeededRandom", "Tensors",
      "TestSupport", "Training",
    ]),
  tests(
    "Training/IPGANTraining",
    [
      "Checkpoints", "Embedders", "FaceDatasets", "JSON", "ModelStore", "NeuralNetworks",
      "PictureBatches", "PictureTensors", "Reconstruction", "SeededRandom", "Tensors",
      "TestSupport", "Training",
    ]),
  tests("Training/Training", ["Checkpoints", "TestSupport"]),
  tests(
    "Evaluation/Experiments",
    [
      "AttackSets", "Attacks", "DetectorTraining", "EmbedderTraining", "Embedders", "FaceDatasets",
      "IPGANTraining", "Images", "KernelSupport", "LinearMachines", "Metrics", "ModelStore",
      "NeuralNetworks", "PictureTensors", "Reconstruction", "Reports", "Screening", "SeededRandom",
      "SyntheticFaces", "Tensors", "TestSupport", "Textures", "Training",
    ]),
  tests("Evaluation/Reports", ["TestSupport"]),
  tests("Service/HTTPServer"),
  tests(
    "Service/ScreeningService",
    [
      "Checkpoints", "Embedders", "Files", "HTTPServer", "Images", "JSON", "ModelStore",
      "Presentation", "Screening", "Sealing", "TestSupport", "UseCases",
    ]),
  tests("Application/CommandLineArguments"),
  .testTarget(
    name: "FacewardenToolTests",
    dependencies: [
      "CInterface", "Checkpoints", "CommandLineArguments", "Embedders", "Faces", "Geometry",
      "Images", "JSON", "ModelStore", "ONNXFiles",
      "SeededRandom", "TestSupport", "facewarden",
    ],
    path: "Tests/Application/FacewardenToolTests",
    exclude: ["c-interface.c", "faults.c"],
    swiftSettings: strict),
  .testTarget(
    name: "SmokeTests",
    dependencies: [
      "Images", "NeuralNetworks", "Presentation", "Screening", "SeededRandom", "Tensors",
      "TestSupport", "UseCases",
    ], path: "Tests/Smoke", swiftSettings: strict),
  .testTarget(
    name: "FuzzTargetsTests", dependencies: ["FuzzTargets"], path: "Tests/FuzzTargetsTests",
    swiftSettings: strict),
  .testTarget(
    name: "ImportGraphTests", dependencies: ["ImportGraph"], path: "Tests/ImportGraphTests",
    swiftSettings: strict),
]

/// What other programs may depend on, by the package's path.
let products: [Product] = [
  // The C interface, as a shared library.
  .library(name: "facewarden_c", type: .dynamic, targets: ["CInterface"]),
  // Verification, screening, embeddings, reconstructions, finding and alignment: the use cases over loaded
  // models, the types of their requests and answers, and how answers are presented.
  .library(
    name: "FacewardenDoor",
    targets: [
      "Embedders", "FaceFinding", "Faces", "Geometry", "Images", "ModelStore", "PictureQuality",
      "Presentation", "Reconstruction", "Screening", "Sealing", "UseCases",
    ]),
  // The attacks and benign controls, and sets of them on disk.
  .library(name: "FacewardenAttacks", targets: ["AttackSets", "Attacks", "Embedders", "Images"]),
  // The trainings of all networks and of the detectors, and the data sets that they read.
  .library(
    name: "FacewardenTraining",
    targets: [
      "DetectorTraining", "EmbedderTraining", "FaceDatasets", "FaceFinderTraining",
      "IPGANTraining", "PictureBatches", "QualityTraining", "SyntheticFaces", "Training",
    ]),
  // Arrays, reverse-mode differentiation, layers, losses and optimisers, and their files.
  .library(
    name: "FacewardenEngine",
    targets: ["Checkpoints", "Kernels", "NeuralNetworks", "SeededRandom", "Tensors"]),
]

let package = Package(
  name: "facewarden",
  products: products,
  targets: targets,
  swiftLanguageModes: [.v6]
)
