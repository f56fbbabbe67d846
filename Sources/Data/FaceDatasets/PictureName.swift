/// The names under which a table may list a picture of a data set.
public enum PictureName {
  /// The forms of a picture's name, the whole one first: `person/picture`, what follows the first
  /// slash, and what follows the last, each without the file's extension.
  ///
  /// Pictures of whoever are called `unlabelled/` and the folders that they lie in.
  public static func forms(of picture: String) -> [String] {
    let bytes = Array(picture.utf8)
    let slash = UInt8(ascii: "/")
    let file = (bytes.lastIndex(of: slash) ?? -1) + 1
    let dot = bytes[file...].lastIndex(of: UInt8(ascii: "."))
    let name = bytes[..<(dot.map { $0 > file ? $0 : bytes.count } ?? bytes.count)]
    let starts = [0, (name.firstIndex(of: slash) ?? -1) + 1, file]
    var forms: [String] = []
    for start in starts {
      let form = String(decoding: name[start...], as: UTF8.self)
      if !forms.contains(form) { forms.append(form) }
    }
    return forms
  }
}
