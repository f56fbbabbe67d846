import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// Whose faces an experiment uses: people in training, people held out of it, people of LFW.
struct FaceSelection: CommandSettings {
  private var sources: [String] = []
  private var heldOut = LabelledData()
  private var lfw: String?
  private var view = 2
  private var use = Use.all

  static let settings: [Setting<Self>] =
    [
      .repeated(
        "--data", "PATH",
        "A folder or tar of identity/picture files that the models were trained on; may be repeated.",
        \.sources, .text)
    ] + LabelledData.heldOutPeople.map { $0.lifted(\.heldOut) } + [
      .optional(
        "--lfw", "DIR",
        "The folder of LFW: view1.tar, view2.tar, landmarks.csv, the lists of pairs.", \.lfw, .text),
      .value(
        "--view", "N", "LFW's view: 1 for choosing, 2 for reporting.", \.view, .integer(in: 1...2)),
    ]

  /// The data sets, in words.
  var words: String {
    let parts =
      sources.isEmpty
      ? []
      : [
        sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
          + ", \(heldOut.heldOut) of the people held out by seed \(heldOut.seed)"
      ]
    return (parts + (lfw == nil ? [] : ["LFW View \(view)"])).joined(separator: "; ")
  }

  /// What a command can do with the groups.
  enum Use {
    /// Any of them.
    case all
    /// People held out or of LFW, and those in training if asked for.
    case unseen(inTraining: Bool)
    /// A single group: people in training if asked for, else those held out or of LFW.
    case one(inTraining: Bool)
  }

  /// Says what a command does with the groups, and refuses options that do not give those.
  mutating func use(_ use: Use) throws(UsageError) {
    self.use = use
    let unseen = (sources.isEmpty || heldOut.heldOut == 0 ? 0 : 1) + (lfw == nil ? 0 : 1)
    switch use {
    case .all:
      if sources.isEmpty && lfw == nil {
        throw .conflict("at least one of '--data PATH' and '--lfw DIR' is required")
      }
    case .unseen(let inTraining), .one(let inTraining):
      if inTraining {
        guard !sources.isEmpty else { throw .conflict("'--in-training' needs '--data PATH'") }
        return
      }
      guard unseen > 0 else {
        throw .conflict(
          "people never seen are required: '--data PATH' with people held out, or '--lfw DIR'")
      }
      if case .one = use, unseen > 1 {
        throw .conflict("'--data' and '--lfw' exclude each other: one group of people is measured")
      }
    }
  }

  /// Opens the data sets: the groups that the command uses.
  func groups() throws -> [LabelledFaces] {
    let groups = try opened()
    return switch use {
    case .all, .unseen(inTraining: true): groups.training + groups.unseen
    case .one(inTraining: true): groups.training
    case .unseen, .one: groups.unseen
    }
  }

  private func opened() throws -> (training: [LabelledFaces], unseen: [LabelledFaces]) {
    var groups: (training: [LabelledFaces], unseen: [LabelledFaces]) = ([], [])
    if !sources.isEmpty {
      let all = try IdentityDataset(sources: sources)
      Console.say(all.report)
      let (training, validation) = all.split(heldOut: heldOut.heldOut, seed: heldOut.seed)
      groups.training.append(LabelledFaces("people in training", training))
      if heldOut.heldOut > 0 { groups.unseen.append(LabelledFaces("people held out", validation)) }
    }
    if let lfw {
      let pairs = try LFWVerification.pairs(view: view, directory: lfw)
      let images = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
      groups.unseen.append(
        LabelledFaces("people of LFW View \(view)", try LFWFaces(directory: lfw), images: images))
    }
    return groups
  }
}
