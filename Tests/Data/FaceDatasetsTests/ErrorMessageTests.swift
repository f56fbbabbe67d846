import FaceDatasets
import Testing

@Suite struct ErrorMessageTests {
  static let report = DatasetReport(found: 3, omissions: [])

  static let messages: [(any CustomStringConvertible & Error, String)] = [
    (TarError.unreadable(file: "a", reason: "no"), "'a' cannot be read: no"),
    (
      TarError.wrongChecksum(file: "a", offset: 512),
      "'a' has no tar header with a correct checksum at byte 512"
    ),
    (TarError.wrongSize(file: "a", offset: 0), "the tar header at byte 0 of 'a' has no valid size"),
    (
      TarError.truncated(file: "a", offset: 512, expected: 9, found: 4),
      "'a' ends early: expected 9 bytes at byte 512, found 4"
    ),
    (
      TarError.overlongName(file: "a", offset: 512, bytes: 2_000_000),
      "the name at byte 512 of 'a' has 2000000 bytes; the limit is 1048576"
    ),
    (
      TarError.wrongExtendedHeader(file: "a", offset: 512),
      "the extended tar header at byte 512 of 'a' is malformed"
    ),
    (
      DatasetError.missing(source: "a"),
      "'a' does not exist; expected a folder or a tar archive"
    ),
    (DatasetError.archive(.unreadable(file: "a", reason: "no")), "'a' cannot be read: no"),
    (
      DatasetError.noPictures(sources: ["a", "b"], report: report),
      "no usable picture 'identity/picture' in a, b (3 of 3 pictures kept; left out: 0 broken, "
        + "0 duplicates, 0 of people with too few)"
    ),
    (
      LFWFacesError.missingPicture("A/A_0001.jpg", directory: "lfw"),
      "no picture 'A/A_0001.jpg' in view1.tar or view2.tar of 'lfw'"
    ),
    (
      LFWFacesError.duplicatePicture("A/A_0001.jpg", directory: "lfw"),
      "'A/A_0001.jpg' lies twice in the archives of 'lfw'"
    ),
    (LFWProtocolError.unreadable(file: "p"), "'p' does not exist or is not readable"),
    (
      LFWProtocolError.wrongHeader(file: "p", found: "x"),
      "'p' starts with 'x'; expected a number of pairs, or folds and pairs per fold"
    ),
    (
      LFWProtocolError.wrongLine(file: "p", line: 2, expectsSame: true, found: "x"),
      "line 2 of 'p' is 'x'; expected 'name number number'"
    ),
    (
      LFWProtocolError.impossiblePair(file: "p", line: 2, found: "x"),
      "line 2 of 'p' is 'x'; expected two different pictures, of one person in the first half of "
        + "a fold and of two in the second"
    ),
    (
      LFWProtocolError.wrongCount(file: "p", expected: 4, found: 3),
      "'p' has 3 pairs; its first line promises 4"
    ),
  ]

  @Test("every error says what was wrong and what was expected", arguments: messages.indices)
  func message(index: Int) {
    let (error, text) = Self.messages[index]
    #expect(error.description == text)
  }
}
