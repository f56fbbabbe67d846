import Embedders
import Experiments
import FaceDatasets
import Foundation
import Images
import Reports
import TestSupport
import Testing
import Training

@Suite struct LabelledEmbeddingsTests {
  @Test("every picture of a folder is embedded with its person, more than one batch of them")
  func dataset() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticPeople.writeFolder(folder, people: 9, pictures: 4)
    let data = try IdentityDataset(sources: [folder])
    let embedder = FaceEmbedder.tiny()
    var steps: [Int] = []
    let embeddings = try LabelledEmbeddings(data, embedder: embedder) { done, total in
      steps.append(done)
      #expect(total == 36)
    }
    #expect(steps == [32, 36])
    #expect(embeddings.peopleCount == 9 && embeddings.rows.count == 36)
    #expect(embeddings.people == data.labels.map { data.people[$0] })
    #expect(embeddings.distance(0, 0) == 0 && embeddings.distance(0, 35) > 0)
    let faces = try data.labels.indices.map {
      (person: data.people[data.labels[$0]], face: try data.image(at: $0))
    }
    let again = LabelledEmbeddings(faces, embedder: embedder)
    #expect(again.rows == embeddings.rows && again.people == embeddings.people)
    let report = try PairVerification.evaluate("own", embeddings, seed: 1)
    #expect(report.genuinePairs == 9 * 6 && report.people == 9)
  }
}

@Suite struct LearningCurvesTests {
  @Test("values with the same last word share a chart") func charts() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = (1...3).map {
      #"{"loss":\#(1.0 / Double($0)),"pair_loss":2,"accuracy":0.5,"step":\#($0),"total":3}"#
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: URL(fileURLWithPath: folder + "/log.jsonl"))
    let curves = LearningCurves(try TrainingLog(path: folder + "/log.jsonl").entries())
    #expect(curves.charts.map(\.name) == ["accuracy", "loss"])
    #expect(try WellFormed.elements(of: curves.charts[1].chart.svg)["polyline"] == 2)
    #expect(LearningCurves([]).charts.isEmpty)
  }
}
