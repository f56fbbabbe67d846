import CommandLineArguments
import Faces
import Files
import Foundation
private import Geometry
import Images
import KernelSupport
import SyntheticFaces

/// `facewarden data synthesize`: drawn pictures of people who do not exist, with ground truth.
struct SynthesizePeople: Subcommand, CommandSettings {
  static let command = Command(
    "data synthesize",
    "draws people who do not exist: pictures, landmarks, and what was drawn",
    discussion: """
      Writes person-00000/000.png and so on, landmarks.csv and attributes.csv. The same numbers give
      the same files; pictures that are there already are kept.
      """,
    options: options)

  private var people = 10
  private var images = 10
  private var seed: UInt64 = 1
  private var isWhole = false
  private var side = 320
  private var quality: Int?
  private var output = ""

  static let settings: [Setting<Self>] = [
    .value("--people", "N", "How many people.", \.people, .integer(in: 1...100_000)),
    .value("--images", "N", "Pictures of each.", \.images, .integer(in: 1...1000)),
    .value("--seed", "N", "Which people.", \.seed, .unsignedInteger),
    .flag(
      "--whole", "Draw heads and shoulders, not aligned, instead of aligned faces.", \.isWhole),
    .value(
      "--side", "PIXELS", "The side of a whole picture.", \.side, .integer(in: 32...2048),
      needs: "--whole"),
    .optional(
      "--jpeg", "QUALITY", "Write JPEG of this quality, 1 to 100, instead of PNG.", \.quality,
      .integer(in: 1...100)),
    .required("-o", "DIR", "The folder to write.", \.output, .text),
  ]

  func run() throws -> Int32 {
    let start = ContinuousClock.now
    try OutputFolder.make(output)
    var landmarks = [LandmarkTable.header]
    var attributes = ["image," + AttributeColumns.header]
    for person in 0..<people {
      let folder = String(format: "person-%05d", person)
      try OutputFolder.make(output + "/" + folder)
      let rows = try WorkerPool.shared.map(images) { number in
        try draw(person, number, folder: folder)
      }
      for texts in rows {
        landmarks.append(texts.landmarks)
        attributes.append(texts.attributes)
      }
    }
    for (name, lines) in [("landmarks.csv", landmarks), ("attributes.csv", attributes)] {
      try AtomicFile.write(
        Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(output)/\(name)")
    }
    let rate = Double(people * images) / ((ContinuousClock.now - start) / .seconds(1))
    Console.say(
      "wrote \(people * images) pictures of \(people) people to \(output), "
        + String(format: "%.0f", rate) + " a second")
    return 0
  }

  private func draw(
    _ person: Int, _ number: Int, folder: String
  ) throws -> (landmarks: String, attributes: String) {
    let name = folder + String(format: "/%03d.", number) + (quality == nil ? "png" : "jpg")
    let who = Person(number: person, of: seed)
    let appearance = Appearance(number: number, ofPerson: person, of: seed)
    let face =
      isWhole
      ? FaceRenderer.photograph(of: who, appearance, side: side)
      : FaceRenderer.alignedFace(of: who, appearance)
    // Each file appears complete or not at all, so a file that is there is finished.
    let path = output + "/" + name
    if !FileManager.default.fileExists(atPath: path) {
      if let quality {
        try face.image.writeJPEG(to: path, quality: quality)
      } else {
        try face.image.writePNG(to: path)
      }
    }
    let points = face.landmarks
    let numbers = [
      points.leftEye, points.rightEye, points.nose, points.leftMouth, points.rightMouth,
    ].flatMap { [$0.x, $0.y] }
    let texts = numbers.map { String(format: "%.2f", $0) }
    return (
      ([name] + texts).joined(separator: ","), name + "," + AttributeColumns.row(appearance)
    )
  }
}

/// What was drawn, as columns of a table.
private enum AttributeColumns {
  static let header =
    "yaw,pitch,roll,smile,mouth_open,gaze_x,gaze_y,eyes_open,light_azimuth,light_elevation,"
    + "light_strength,ambient,warmth,blur,noise,exposure,glasses,hat"

  static func row(_ a: Appearance) -> String {
    let numbers = [
      a.yaw, a.pitch, a.roll, a.smile, a.mouthOpen, a.gazeX, a.gazeY, a.eyesOpen, a.lightAzimuth,
      a.lightElevation, a.lightStrength, a.ambient, a.warmth, a.blur, a.noise, a.exposure,
    ]
    let flags = [a.glasses, a.hat].map { $0 ? "1" : "0" }
    return (numbers.map { String(format: "%.3f", $0) } + flags).joined(separator: ",")
  }
}
