extension ControlledReport {
  /// Steps of a morph, both ends counted.
  static let morphSteps = 9

  /// Figure 8, measured: reads attributes along morphs of f_A, by pixels.
  ///
  /// The people are those with odd numbers, at most 50, whom the reader has not seen.
  static func morphs(
    _ subjects: ControlledSubjects, _ examples: ControlledExamples,
    _ progress: (String, Int, Int) -> Void
  ) throws -> [Morph] {
    let model = subjects.networks.networks
    let people = Array((0..<subjects.people).filter { !$0.isMultiple(of: 2) }.prefix(50))
    let ways = (0..<morphSteps).map { Double($0) / Double(morphSteps - 1) }
    return try ControlledMorph.all.enumerated().map { done, morph in
      let column = ControlledAttribute.probed.firstIndex { $0.name == morph.name } ?? 0
      var (drawn, generated): ([[Double]], [[Double]]) = ([], [])
      for person in people {
        let faces = ways.map { way in
          subjects.face(person) {
            morph.change(&$0, morph.from + Float(way) * (morph.to - morph.from))
          }
        }
        let ends = model.codes(of: [faces[0], faces[faces.count - 1]])
        let between = model.faces(of: ends.morph(.attributes, steps: morphSteps))
        drawn.append(try examples.readings(ofPixels: faces.map(subjects.pixels))[column])
        generated.append(try examples.readings(ofPixels: between.map(subjects.pixels))[column])
      }
      func means(_ readings: [[Double]]) -> [Double] {
        ways.indices.map { step in mean(readings.map { $0[step] }) }
      }
      let steps = generated.flatMap { zip($0.dropFirst(), $0).map { $0 > $1 ? 1.0 : 0 } }
      progress("morphs", done + 1, ControlledMorph.all.count)
      return Morph(
        attribute: morph.name, from: Double(morph.from), to: Double(morph.to),
        drawn: means(drawn), generated: means(generated), rightSteps: mean(steps),
        correlation: correlation(ways, means(generated)))
    }
  }

  /// Pearson's correlation; 0 where one side does not vary.
  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (mean(a), mean(b))
    func sum(_ x: [Double], _ meanX: Double, _ y: [Double], _ meanY: Double) -> Double {
      zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    }
    let (aa, bb) = (sum(a, meanA, a, meanA), sum(b, meanB, b, meanB))
    return aa > 0 && bb > 0 ? sum(a, meanA, b, meanB) / (aa * bb).squareRoot() : 0
  }
}
