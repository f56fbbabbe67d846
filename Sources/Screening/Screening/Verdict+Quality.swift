private import PictureQuality

extension Verdict {
  /// The undecided verdict on pictures of which one says nothing; nil if all say something.
  ///
  /// - `pictures`: what they are called, and what was found of them.
  package static func undecided(
    _ pictures: [(name: String, found: Examination)], id: String?
  ) -> Verdict? {
    let measured = pictures.compactMap { picture in
      picture.found.quality.map { (name: picture.name, quality: $0) }
    }
    guard let worst = measured.min(by: { $0.quality.score < $1.quality.score }),
      let part = worst.quality.poor
    else { return nil }
    return undecided(
      "the \(worst.name) shows too little to decide on: its \(part.rawValue) is "
        + "\(worst.quality.score) of 100, expected at least \(PictureQuality.threshold)",
      code: part.code, id: id)
  }

  /// The verdict with what is known of the pictures.
  func describing(probe: Picture, reference: Picture? = nil) -> Verdict {
    var copy = self
    (copy.probe, copy.reference) = (probe, reference)
    return copy
  }
}

extension FacePicture {
  /// What the verdict says of the file, with its quality.
  package func described(by found: Examination) -> Verdict.Picture {
    var file = file
    file.quality = found.quality
    return file
  }
}
