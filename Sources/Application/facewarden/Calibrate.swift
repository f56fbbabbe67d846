import CommandLineArguments
import Files
import Foundation
import JSON
import ModelStore
import Screening
import UseCases

/// `facewarden calibrate`: operating points by a site's own pictures.
struct Calibrate: Subcommand, CommandSettings {
  static let command = Command(
    "calibrate", "sets the thresholds on a site's own untouched pictures",
    discussion: """
      FOLDER/PERSON/PICTURE: pictures as the site's camera takes them, several of each person. At a rate \
      of 0.01, 300 pictures and 300 pairs of one person are needed (at most ten pairs of each), and 30 \
      people for the distance². The result is written beside the models, where verify, screen, check, \
      serve, enrol and identify find it; --fmr, --threshold and --bpcer still go before it. \
      '--no-calibration' of these commands does without it.
      """,
    options: options)

  private var models = ModelsFolder()
  private var folder = ""
  private var rates = SiteRates()
  private var into: String?
  private var pictures = PictureOptions()

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .required("--bona-fide", "FOLDER", "The site's untouched pictures.", \.folder, .text),
      .value(
        "--false-alarms", "RATE",
        "The share of untouched pictures that may be called tampered with.", \.rates.bpcer,
        .number(in: 1e-4...0.2)),
      .value(
        "--false-matches", "RATE", "The share of strangers who may match.", \.rates.fmr,
        .number(in: 1e-5...0.2)),
      .optional(
        "--into", "FILE",
        "The calibration; \(SiteCalibration.fileName) in the models' folder if not given.", \.into,
        .text),
    ] + part(\.pictures)

  func run() throws -> Int32 {
    let path = into ?? "\(models.path)/\(SiteCalibration.fileName)"
    let (files, omissions) = try PictureFile.all(in: [folder])
    for omission in omissions { Console.error(omission.words) }
    let people = try files.map { picture throws(CalibrateError) in
      let parts = picture.name.split(separator: "/")
      guard parts.count >= 2 else { throw CalibrateError.noPerson(picture.path) }
      return String(parts[0])
    }
    // The models' own points: a calibration that is there already says nothing about the next one.
    let door = Door(
      try FaceWarden(folder: models.path), reader: try pictures.reader(models))
    var (done, unusable) = (0, 0)
    let measured = try door.calibration(
      people: people, rates: rates, source: (folder as NSString).lastPathComponent
    ) { place in
      defer {
        done += 1
        ExperimentOutput.progress("examined", done, people.count)
      }
      do {
        return door.examine(
          try door.reader.face(of: PictureRequest(path: files[place].path)))
      } catch {
        unusable += 1
        Console.error("left out: \(error)")
        return nil
      }
    }
    let calibration = measured.calibration
    try AtomicFile.write(try calibration.file(), to: path)
    try Output.line(words(measured, unusable))
    for place in measured.mostSuspicious {
      try Output.line("look at: \(files[place].path.asOneLine)")
    }
    Console.say("wrote \(path)")
    return 0
  }

  private func words(_ measured: SiteMeasurement, _ unusable: Int) -> String {
    let calibration = measured.calibration
    func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
    func line(
      _ what: String, _ before: Double, _ point: OperatingPoint, _ expected: Double?
    ) -> String {
      let interval = point.ci95.map { " [\(percent($0[0])), \(percent($0[1]))]" } ?? ""
      let others = expected.map { "; of other people \(percent($0))\(interval)" } ?? ""
      return "\(what): called tampered with \(percent(before)), now \(percent(point.bpcer ?? 0))"
        + "\(others) (probability > \(point.threshold))"
    }
    let match =
      calibration.verification.map { "distance² < \($0.threshold) (the site's strangers)" }
      ?? "the models' own distance² stays"
    return [
      "\(calibration.pictures) pictures of \(calibration.people) people, "
        + "\(calibration.pairs) pairs of one person; \(unusable) pictures could not be used",
      line(
        "pictures", measured.formerAlarms.pictures, calibration.detection,
        measured.expectedAlarms.pictures),
      line("pairs", measured.formerAlarms.pairs, calibration.pair, measured.expectedAlarms.pairs),
      "\(match); of one person's pairs \(percent(measured.falseNonMatchRate)) do not match",
    ].joined(separator: "\n")
  }
}

/// Why a site's folder cannot be used.
private enum CalibrateError: Error, CustomStringConvertible {
  /// A picture lies in no person's folder.
  case noPerson(String)

  var description: String {
    switch self {
    case .noPerson(let path):
      "'\(path)' lies in no person's folder; expected FOLDER/PERSON/PICTURE"
    }
  }
}
