import FaceDatasets
import Testing

@Suite struct PictureNameTests {
  @Test(
    "forms of a name, the whole one first",
    arguments: [
      ("ada/1.png", ["ada/1", "1"]), ("unlabelled/utk/9.jpg", ["unlabelled/utk/9", "utk/9", "9"]),
      ("1.jpg", ["1"]), ("a.b/c", ["a.b/c", "c"]), ("a/.png", ["a/.png", ".png"]),
      ("a/b.c.webp", ["a/b.c", "b.c"]), ("", [""]), ("a/", ["a/", ""]),
    ])
  func forms(name: String, forms: [String]) {
    #expect(PictureName.forms(of: name) == forms)
  }
}
