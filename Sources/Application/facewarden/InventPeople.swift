import CommandLineArguments
import Embedders
import FaceDatasets
import Foundation
import Images
import ModelStore
import NeuralNetworks
private import PictureBatches
import PictureTensors
import Reconstruction
import SeededRandom
import Tensors

/// `facewarden data invent`: faces of people who do not exist.
struct InventPeople: Subcommand, CommandSettings {
  static let command = Command(
    "data invent",
    "makes faces of people who do not exist, by blending identities and attributes of several",
    options: options)

  private var models = ModelsFolder()
  private var data = LabelledData()
  private var people = 4
  private var images = 4
  private var blend = 5
  private var blur: Double?
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
      .value("--seed", "N", "Which ones.", \.seed, .unsignedInteger),
      .required(
        "-o", "DIR", "The folder of person-1/picture-1.png and so on.", \.output, .text),
    ]

  func run() throws -> Int32 {
    let folder = models.path
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let networks = try FaceReconstructor(of: manifest, folder: folder, embedder: embedder)
    let faces = try IdentityDataset(sources: data.sources)
    let root = SplitMix64(seed: seed)
    for person in 1...people {
      var random = root.derived(from: "identity", person)
      let identity = try mean(of: blend, faces, &random) {
        embedder.features(of: $0).identity.value
      }
      for image in 1...images {
        var random = root.derived(from: "attributes", person, image)
        // Two pictures' attributes keep more of pose and light than a mean of many would.
        let attributes = try mean(of: 2, faces, &random) { networks.attributes(of: $0).value }
        let made = networks.generate(
          identity: Variable(identity), attributes: Variable(attributes))
        let face = blur.map { made.blurred(deviation: Float($0)) } ?? made
        let path = "\(output)/person-\(person)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try face.value.pictures()[0].writePNG(to: path + "/picture-\(image).png")
      }
    }
    Console.say("wrote \(people * images) pictures of \(people) people to \(output)")
    return 0
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
