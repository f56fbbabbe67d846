import Foundation
import TestSupport
import Testing

/// The library as a C program uses it.
@Suite(.serialized) struct CInterfaceTests {
  /// What a command printed.
  struct Run {
    let status: Int32
    let output, words: String
  }

  /// Runs a program in the package's root.
  static func run(_ program: String, _ arguments: [String]) throws -> Run {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let errors = URL(fileURLWithPath: folder + "/err")
    try Data().write(to: errors)
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = TestProducts.packageRoot
    process.standardOutput = pipe
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
      words: try String(contentsOf: errors, encoding: .utf8))
  }

  /// Compiles a program against the header and the built library.
  static func compile(_ source: String, into program: String) throws {
    let (root, products) = (TestProducts.packageRoot.path, TestProducts.folder.path)
    let run = try run(
      "/usr/bin/cc",
      [
        "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
        "-I\(root)/Sources/Application/CFacewarden",
        "\(root)/Tests/Application/FacewardenToolTests/\(source)", "-L\(products)",
        "-lfacewarden_c",
        "-Wl,-rpath,\(products)", "-pthread", "-o", program,
      ])
    #expect(run.status == 0, "\(run.words)")
  }

  @Test(
    "a C program gets what the tool says, and a code for all that is wrong",
    .enabled(if: Tool.hasModels, "needs models/ and samples/"))
  func program() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.compile("c-interface.c", into: folder + "/program")
    let run = try Self.run(folder + "/program", ["models", "samples"])
    #expect(run.status == 0, "\(run.words)")
    let lines = run.output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    let said = Dictionary(lines.map { (String($0[0]), String($0[1])) }) { $1 }
    func tool(_ words: [String]) throws -> String {
      try Tool.run(words).output.trimmingCharacters(in: .newlines)
    }
    #expect(try tool(["--version"]).hasSuffix(said["version"] ?? "none"))
    for pair in ["genuine", "impostor", "adversarial"] {
      let pictures = ["probe", "reference"].map { "samples/\(pair)-\($0).png" }
      #expect(try tool(["verify", "--aligned", "--json"] + pictures) == said[pair])
    }
    #expect(
      try tool(["screen", "--aligned", "--json", "samples/adversarial-probe.png"]) == said["screen"]
    )
    #expect(try tool(["find", "samples/whole/person-00008/000.jpg"]) == said["find"])
    let attack = [
      "attack", "--aligned", "--json", "--iterations", "4", "samples/impostor-probe.png",
      "samples/impostor-reference.png", "-o", folder + "/attack.png",
    ]
    #expect(try tool(attack) == said["attack"])
    let whole = [
      "attack", "--whole", "--json", "--theta", "door", "--iterations", "2", "--seed", "5",
      "samples/whole/person-00000/000.jpg", "samples/whole/person-00008/000.jpg", "-o",
      folder + "/whole.png",
    ]
    #expect(try tool(whole) == said["attack-whole"])

    let gallery = folder + "/gallery"
    try FileManager.default.createDirectory(atPath: gallery, withIntermediateDirectories: false)
    for (name, picture) in [("ada", "genuine"), ("bob", "impostor")] {
      let template = "\(gallery)/\(name).json"
      _ = try tool([
        "enrol", "--aligned", name.capitalized, "samples/\(picture)-reference.png", "--into",
        template,
      ])
      let written = try String(contentsOfFile: template, encoding: .utf8)
      #expect(written == said["enrol-" + name].map { $0 + "\n" })
    }
    for (answer, picture) in [("identify", "genuine"), ("identify-changed", "adversarial")] {
      let words = ["identify", "--aligned", "--json", "samples/\(picture)-probe.png"]
      #expect(try tool(words + ["--gallery", gallery]) == said[answer])
    }
  }

  @Test("the header is one of C++, too, and warns of nothing") func header() throws {
    let header = TestProducts.packageRoot.path + "/Sources/Application/CFacewarden/facewarden.h"
    for words in [["-std=c99", "-pedantic", "-x", "c"], ["-std=c++11", "-pedantic", "-x", "c++"]] {
      let run = try Self.run(
        "/usr/bin/cc", words + ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", header])
      #expect(run.status == 0, "\(run.words)")
    }
  }

  @Test(
    "OpenBLAS is loaded by what asks for it, and linked with nothing",
    arguments: ["facewarden", "libfacewarden_c.so"])
  func openBLAS(_ product: String) throws {
    let path = TestProducts.folder.appending(path: product).path
    let run = try Self.run("/usr/bin/readelf", ["-d", path])
    #expect(run.status == 0 && run.output.contains("libpng"), "\(run.words)")
    #expect(!run.output.contains("blas") && !run.output.contains("lapack"))
  }

  @Test("the linker's script names the functions of the header") func exports() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: TestProducts.packageRoot.appending(path: path), encoding: .utf8)
    }
    let header = try text("Sources/Application/CFacewarden/facewarden.h")
    let script = try text("packaging/facewarden_c.map")
    let declared = Set(header.matches(of: #/facewarden_[a-z_]+(?=\()/#).map { String($0.output) })
    let named = Set(script.matches(of: #/facewarden_[a-z_]+(?=;)/#).map { String($0.output) })
    #expect(declared.count >= 20)
    #expect(declared == named)
  }
}
