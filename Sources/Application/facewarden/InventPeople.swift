import CommandLineArguments
import Embedders
import FaceDatasets
import Faces
import Files
import Foundation
import Images
import ModelStore
import NeuralNetworks
private import PictureBatches
import PictureTensors
import Reconstruction
import SeededRandom
import SyntheticFaces
import Tensors

/// `facewarden data invent`: faces of people who do not exist.
struct InventPeople: Subcommand, CommandSettings {
  static let command = Command(
    "data invent",
    "makes faces of people who do not exist, by blending identities and attributes of several",
    discussion: """
      Writes person-00000/000.png and so on; of whole pictures landmarks.csv, too.
      """,
    options: options)

  private var models = ModelsFolder()
  private var data = LabelledData()
  private var people = 4
  private var images = 4
  private var blend = 5
  private var blur: Double?
  private var apart: Double?
  private var isWhole = false
  private var side = 320
  private var quality: Int?
  private var seed: UInt64 = 1
  private var output = ""

  static let settings: [Setting<Self>] =
    part(\.models) + [
      LabelledData.sources.lifted(\.data),
      .value("--people", "N", "How many people.", \.people, .integer(in: 1...10_000)),
      .value("--images", "N", "Pictures of each.", \.images, .integer(in: 1...1000)),
      .value("--blend", "N", "People behind each identity.", \.blend, .integer(in: 2...100)),
      .optional(
        "--blur", "PIXELS",
        "The deviation of a Gaussian blur, which takes away traces of G's grid; none if not given.",
        \.blur, .number(in: 0.1...16)),
      .optional(
        "--apart", "D2",
        "Leaves out who is nearer than this distance² to somebody made before, by f_C of first pictures.",
        \.apart, .number(in: 0...4)),
      .flag(
        "--whole", "Has the face lie somewhere in a larger picture, instead of aligned.", \.isWhole),
      .value(
        "--side", "PIXELS", "The side of a whole picture.", \.side, .integer(in: 64...2048),
        needs: "--whole"),
      .optional(
        "--jpeg", "QUALITY", "Write JPEG of this quality, 1 to 100, instead of PNG.", \.quality,
        .integer(in: 1...100)),
      .value("--seed", "N", "Which ones.", \.seed, .unsignedInteger),
      .required("-o", "DIR", "The folder to write.", \.output, .text),
    ]

  func run() throws -> Int32 {
    Interruption.observe()
    let networks = try Networks(folder: models.path)
    let faces = try IdentityDataset(sources: data.sources)
    try OutputFolder.make(output)
    var landmarks = [LandmarkTable.header]
    var known: [[Float]] = []
    var candidate = 0
    // Whoever was found has landmarks, however it ends.
    func finish() throws {
      guard isWhole else { return }
      try AtomicFile.write(
        Array((landmarks.joined(separator: "\n") + "\n").utf8), to: output + "/landmarks.csv")
    }
    while known.count < people {
      if Interruption.isRequested {
        try finish()
        Console.say("stopped; \(known.count) of \(people) people are in \(output)")
        return 2
      }
      guard candidate < 20 * people else {
        try finish()
        throw InventionError.tooNear(found: known.count, asked: people, apart: apart ?? 0)
      }
      candidate += 1
      let identity = try identity(of: candidate, faces, networks)
      let first = try picture(1, of: candidate, identity, faces, networks)
      let embedding = networks.embedder.unitEmbeddings(of: Variable(Tensor([first]))).value.numbers
      if let apart, known.contains(where: { Double(squaredDistance($0, embedding)) < apart }) {
        continue
      }
      let others = try (1..<images).map {
        try picture($0 + 1, of: candidate, identity, faces, networks)
      }
      landmarks += try write([first] + others, person: known.count)
      known.append(embedding)
    }
    try finish()
    Console.say("wrote \(people * images) pictures of \(people) people to \(output)")
    return 0
  }

  /// The blended f_I of the person of that number.
  private func identity(
    of person: Int, _ faces: IdentityDataset, _ networks: Networks
  ) throws -> Tensor {
    var random = SplitMix64(seed: seed).derived(from: "identity", person)
    return try mean(of: blend, faces, &random) {
      networks.reconstructor.identity(of: $0).value
    }
  }

  /// The aligned face of that number of the person of that number.
  private func picture(
    _ image: Int, of person: Int, _ identity: Tensor, _ faces: IdentityDataset, _ networks: Networks
  ) throws -> RGBImage {
    var random = SplitMix64(seed: seed).derived(from: "attributes", person, image)
    // Two pictures' attributes keep more of pose and light than a mean of many would.
    let attributes = try mean(of: 2, faces, &random) {
      networks.reconstructor.attributes(of: $0).value
    }
    let made = networks.reconstructor.generate(
      identity: Variable(identity), attributes: Variable(attributes))
    let face = blur.map { made.blurred(deviation: Float($0)) } ?? made
    return face.value.pictures()[0]
  }

  /// Writes a person's pictures, and returns their lines of the table of landmarks.
  private func write(_ faces: [RGBImage], person: Int) throws -> [String] {
    let folder = String(format: "person-%05d", person)
    try OutputFolder.make(output + "/" + folder)
    return try faces.enumerated().map { number, face in
      let name = folder + String(format: "/%03d.", number) + (quality == nil ? "png" : "jpg")
      var random = SplitMix64(seed: seed).derived(from: "place", person, number)
      let placed = isWhole ? PlacedFace.photograph(of: face, side: side, seed: random.next()) : nil
      let picture = placed?.image ?? face
      if let quality {
        try picture.writeJPEG(to: output + "/" + name, quality: quality)
      } else {
        try picture.writePNG(to: output + "/" + name)
      }
      return placed.map { LandmarkTable.line(image: name, landmarks: $0.landmarks) } ?? ""
    }
  }

  /// The mean vector of pictures of so many different people.
  private func mean(
    of count: Int, _ data: IdentityDataset, _ random: inout SplitMix64,
    _ vector: (Variable) -> Tensor
  ) throws -> Tensor {
    let chosen = random.shuffled(Array(data.pictures)).prefix(count)
    let indices = chosen.map { random.uniform(in: $0) }
    let rows = vector(
      Variable(try data.tensor(indices, augmentation: .none, using: SplitMix64(seed: 0))))
    let width = rows.shape[1]
    let numbers = rows.numbers
    let sums = (0..<width).map { column in
      (0..<indices.count).reduce(Float(0)) { $0 + numbers[$1 * width + column] }
    }
    return Tensor(sums.map { $0 / Float(indices.count) }, shape: [1, width])
  }
}

/// f_C, A and G of a folder of models.
private struct Networks {
  let embedder: FaceEmbedder
  let reconstructor: FaceReconstructor

  init(folder: String) throws {
    let manifest = try ModelManifest(folder: folder)
    embedder = try FaceEmbedder(of: manifest, folder: folder)
    reconstructor = try FaceReconstructor(of: manifest, folder: folder, embedder: embedder)
  }
}

/// Why people cannot be invented.
private enum InventionError: Error, CustomStringConvertible {
  /// After twenty trials a person too few are that far from each other.
  case tooNear(found: Int, asked: Int, apart: Double)

  var description: String {
    switch self {
    case .tooNear(let found, let asked, let apart):
      "only \(found) of \(asked) people came out at a distance² of \(apart) or more from each other; "
        + "expected a smaller --apart, or fewer people behind each with --blend"
    }
  }
}
