import CommandLineArguments
import Foundation
import FuzzTargets

// Feeds mutated inputs to the places where bytes come in. The input at work lies in --case: after a crash
// it is the finding.

let command = Command(
  "Fuzz", "feeds mutated inputs to a decoder until the time is over",
  positionals: [
    Positional("TARGET", "png, jpeg, webp, safetensors, line, multipart, template or onnx")
  ],
  options: [
    .value("--seconds", "S", "seconds of processor time", default: "60"),
    .value("--seed", "N", "which inputs", default: "1"),
    .value("--case", "FILE", "keeps the input at work here"),
  ])

do {
  switch try command.parse(Array(CommandLine.arguments.dropFirst())) {
  case .help: print(command.help(program: "Fuzz"), terminator: "")
  case .run(let arguments):
    let name = try arguments.value("TARGET", .text)
    guard let target = try FuzzTarget.all.first(where: { $0.name == name }) else {
      throw UsageError.conflict("no target '\(name)'")
    }
    let path = try arguments.optional("--case", .text)
    let descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) } ?? -1
    let start = ContinuousClock.now
    let (tried, accepted) = target.run(
      seconds: try arguments.value("--seconds", .number(in: 0...1e6)),
      seed: try arguments.value("--seed", .unsignedInteger)
    ) { input in
      guard descriptor >= 0 else { return }
      ftruncate(descriptor, 0)
      _ = input.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
    let seconds = ContinuousClock.now - start
    print("\(name): \(tried) inputs, \(accepted) accepted, \(seconds) by the clock")
  }
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(error is UsageError ? 64 : 2)
}
