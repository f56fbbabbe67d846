// swift-tools-version: 6.2
import PackageDescription

// A program of somebody else, which has facewarden by its path: what `make test-dependent` builds and runs.
let package = Package(
  name: "dependent",
  dependencies: [.package(name: "facewarden", path: "../..")],
  targets: [
    .executableTarget(
      name: "verify-pair",
      dependencies: [.product(name: "FacewardenDoor", package: "facewarden")])
  ],
  swiftLanguageModes: [.v6]
)
