import FaceFinding
import Foundation
import ModelStore
import Presentation
import Screening
import UseCases

// verify-pair MODELS PROBE REFERENCE: the verdict on two photographs, as README.md shows it.
guard CommandLine.arguments.count == 4 else {
  print("expected MODELS PROBE REFERENCE")
  exit(64)
}
let (folder, probe, reference) = (
  CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3]
)
do {
  let detector = try FaceDetector(of: ModelManifest(folder: folder), folder: folder)
  let door = Door(
    try FaceWarden(folder: folder), reader: FaceReader(usual: .found(FaceFinder(detector))))
  let verdict = try door.verify(
    PairRequest(PictureRequest(path: probe), .picture(PictureRequest(path: reference))))
  print(try verdict.line())
  exit(verdict.exitCode)
} catch let problem as Problem {
  print(problem.code, problem.detail)
  exit(problem.exit)
} catch {
  print(error)
  exit(2)
}
