import Checkpoints
import Tensors
import Testing

@testable import EmbedderTraining

@Suite struct TeacherEmbeddingsTests {
  static func file(_ rows: [[Float]], names: String?) -> SafeTensorsFile {
    SafeTensorsFile(
      arrays: [
        NamedArray(
          name: "embeddings", shape: [rows.count, rows[0].count], elements: Array(rows.joined()))
      ],
      metadata: names.map { ["names": $0] } ?? [:])
  }

  static func teacher(_ rows: [[Float]], names: String?) throws -> TeacherEmbeddings {
    try TeacherEmbeddings(file(rows, names: names), path: "t", sha256: "")
  }

  @Test("rows are brought to unit length and found by each form of a picture's name")
  func rows() throws {
    let teacher = try Self.teacher(
      [[3, 4], [0, 2], [1, 0], [0, -5]], names: "000001\nada/1\nutk/9\n9\n")
    #expect(teacher.count == 4 && teacher.width == 2)
    #expect(teacher.embeddings([1, 0]).numbers == [0, 1, 0.6, 0.8])
    #expect(teacher.row(of: "00017/000001.webp") == 0)
    #expect(teacher.row(of: "ada/1.png") == 1)
    // The folder that a nameless picture lies in counts before its file alone.
    #expect(teacher.row(of: "unlabelled/utk/9.jpg") == 2)
    #expect(teacher.row(of: "unlabelled/9.jpg") == 3)
    #expect(teacher.row(of: "ada/2.png") == nil)
    #expect(teacher.mean(of: [1, 2]).map { ($0 * 1000).rounded() } == [707, 707])
    #expect(teacher.mean(of: []) == [0, 0])
  }

  @Test("what is no teacher is refused with the reason") func refused() throws {
    let rows: [[Float]] = [[1, 0], [0, 1]]
    func reason(_ file: SafeTensorsFile) -> String? {
      do throws(TeacherError) {
        _ = try TeacherEmbeddings(file, path: "t", sha256: "")
        return nil
      } catch {
        guard case .malformed(_, let reason) = error else { return nil }
        return reason
      }
    }
    #expect(reason(Self.file(rows, names: "a\nb")) == nil)
    #expect(try #require(reason(Self.file(rows, names: nil))).contains("names"))
    #expect(reason(Self.file(rows, names: "a")) == "1 names for 2 rows")
    #expect(reason(Self.file(rows, names: "a\na")) == "a name is given twice")
    #expect(reason(Self.file([[1, 0], [0, 0]], names: "a\nb")) == "the row of 'b' is zero")
    #expect(try #require(reason(SafeTensorsFile(arrays: []))).contains("embeddings"))
  }
}
