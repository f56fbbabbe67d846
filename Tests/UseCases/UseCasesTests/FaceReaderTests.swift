import FaceFinding
import Foundation
import Images
import Presentation
import Screening
import Testing

@testable import UseCases

/// What every door shares: pictures are read by one reader, and its problems are told by one rule.
@Suite struct FaceReaderTests {
  private func code(_ bytes: [UInt8]) -> String? {
    do throws(Problem) {
      _ = try FaceReader().face(of: PictureRequest(.bytes(bytes), name: "picture"))
      return nil
    } catch {
      return error.code
    }
  }

  @Test("each fault of a picture has its code") func codes() throws {
    #expect(code([]) == "malformed" && code(Array("text".utf8)) == "unsupported_type")
    #expect(code(try RGBImage(width: 20, height: 20).pngData()) == "not_aligned")
    #expect(code(try RGBImage(width: 128, height: 128).pngData()) == "no_face")
  }

  @Test("the words of a failure of the program are for whoever runs it alone") func cause() throws {
    let problem = Problem(CocoaError(.fileNoSuchFile))
    #expect(problem.code == "internal" && problem.status == 500 && problem.exit == 2)
    #expect(problem.detail == Problem.internalError.detail && problem.cause != nil)
    #expect(problem.told.detail == problem.cause)
    let told = String(decoding: try problem.members(requestID: "r").bytes(), as: UTF8.self)
    #expect(!told.contains(problem.cause ?? "internal"))
    #expect(told.contains(#""code":"internal""#) && told.contains(#""request_id":"r""#))
  }

  @Test("members without a value are left out, and numbers that are none are refused")
  func members() throws {
    let faces = PictureFaces(id: "a", width: 2, height: 3, faces: [])
    #expect(try faces.line() == #"{"faces":[],"height":3,"id":"a","width":2}"#)
    #expect(faces.exitCode == 0)
    let none = PictureFaces.undecided(.malformed("no"), id: "a")
    #expect(try none.line() == #"{"code":"malformed","id":"a","reason":"no"}"#)
    #expect(none.exitCode == 2)
    #expect(throws: (any Error).self) {
      try PictureEmbedding(id: nil, embedding: [.nan]).line()
    }
  }
}
