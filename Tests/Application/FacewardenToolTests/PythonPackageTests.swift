import Foundation
import TestSupport
import Testing

/// The Python package beside the tool; what needs the package alone is tested in `Tests/PythonTests`.
@Suite struct PythonPackageTests {
  /// Reads a set as a user does: rounds, pictures and labels.
  private static let script = """
    import sys, numpy, facewarden
    attacks = facewarden.AttackSet(sys.argv[1])
    entry = attacks.select(attack="fgsm")[0]
    print(len(attacks), *attacks.attacks, *attacks.thetas, len(attacks.pairs))
    print(entry.source().shape, entry.target().dtype, len(list(attacks.examples())))
    print(sum(attacks.labels) == len(attacks.select(success=True)) == sum(e.success for e in attacks))
    change = entry.picture().astype(float) - entry.source()
    print(abs(numpy.linalg.norm(change) - entry.l2) < 1e-6, abs(change).max() == entry.largest)
    """

  @Test(
    "a set that attack-set wrote is read from Python",
    .enabled(if: Tool.hasModels, "needs models/ and samples/"))
  func attackSet() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let root = TestProducts.packageRoot.path
    let made = try Tool.run([
      "attack-set", "--pairs", "\(root)/samples/aligned", "--limit", "3", "--attack",
      "minimum-norm,fgsm", "--iterations", "2", "--thetas", "0.4,1.2", "-o", folder + "/set",
    ])
    #expect(made.status == 0, "\(made.words)")
    try Self.script.write(toFile: folder + "/read.py", atomically: true, encoding: .utf8)
    let run = try CInterfaceTests.run(
      "/usr/bin/env",
      [
        "PYTHONPATH=\(root)/python",
        "FACEWARDEN_LIBRARY=\(TestProducts.folder.path)/libfacewarden_c.so", "/usr/bin/python3",
        "-B", folder + "/read.py", folder + "/set",
      ])
    let lines = run.output.split(separator: "\n")
    #expect(run.status == 0 && lines.count == 4, "\(run.words)")
    #expect(lines.first == "12 fgsm minimum-norm 0.4 1.2 3")
    #expect(lines.dropFirst().first?.hasPrefix("(128, 128, 3) uint8 ") == true)
    #expect(lines.suffix(2) == ["True", "True True"])
  }
}
