public import Checkpoints

/// The ways in which the file of a training's state may be damaged or forged.
public enum StateEdits {
  /// The file with each of its tensors missing, flat, shorter or longer by one number, or by another
  /// name, with the edit in words.
  public static func shapes(of file: SafeTensorsFile) -> [(edit: String, file: SafeTensorsFile)] {
    var edits: [(String, SafeTensorsFile)] = []
    for (place, array) in file.arrays.enumerated() {
      let count = array.elements.count
      let changes: [(String, NamedArray?)] = [
        ("missing", nil),
        ("flat", NamedArray(name: array.name, shape: [count, 1, 1], elements: array.elements)),
        (
          "shorter",
          NamedArray(
            name: array.name, shape: [count - 1], elements: Array(array.elements.dropLast()))
        ),
        (
          "longer",
          NamedArray(name: array.name, shape: [count + 1], elements: array.elements + [0])
        ),
        (
          "renamed",
          NamedArray(name: array.name + "x", shape: array.shape, elements: array.elements)
        ),
      ]
      for (words, changed) in changes {
        var arrays = file.arrays
        arrays.remove(at: place)
        if let changed { arrays.insert(changed, at: place) }
        edits.append(
          (
            "\(array.name) \(words)",
            SafeTensorsFile(arrays: arrays, integers: file.integers, metadata: file.metadata)
          ))
      }
    }
    for (place, array) in file.integers.enumerated() {
      for (words, numbers) in [
        ("missing", nil), ("empty", []), ("longer", array.elements + [1]),
        ("huge", array.elements.map { _ in UInt64.max }),
        ("beyond any training", array.elements.map { _ in 1 << 62 }),
      ] as [(String, [UInt64]?)] {
        var integers = file.integers
        integers.remove(at: place)
        if let numbers { integers.append(NamedIntegers(name: array.name, numbers)) }
        edits.append(
          (
            "\(array.name) \(words)",
            SafeTensorsFile(arrays: file.arrays, integers: integers, metadata: file.metadata)
          ))
      }
    }
    return edits
  }

  /// Calls `body` with the bytes of a file, once for each byte of its header with one of its bits turned
  /// over; which one goes round, so that all eight are tried in every kind of place.
  public static func headerBits(of bytes: [UInt8], _ body: ([UInt8]) -> Void) {
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var changed = bytes
    for place in 0..<8 + length {
      changed[place] ^= 1 << (place * 3 % 8)
      body(changed)
      changed[place] = bytes[place]
    }
  }
}
