extension FeatureSpecification {
  /// The features of files from before they recorded any: frozen, whatever the code becomes.
  ///
  /// - `names`: of the groups that the detector weighs.
  static func first(_ names: some Collection<String>) -> FeatureSpecification {
    FeatureSpecification(all.filter { names.contains($0.key) })
  }

  private static let all: [String: Group] = {
    let changes = [
      "mirrored", "shifted by (1, 0)", "shifted by (2, 1)", "median 3×3", "blurred by 0.7",
      "blurred by 1.0", "JPEG of quality 75", "JPEG of quality 40",
    ]
    func moves(_ network: String) -> Group {
      Group(
        revision: 1, numbers: changes.map { "log(d²(\(network)(x), \(network)(\($0))) + 0.0001)" })
    }
    return [
      "picture": Group(revision: 1, numbers: ["histograms of x by the file's descriptor"]),
      "reconstruction": Group(revision: 1, numbers: ["histograms of x̂ by the file's descriptor"]),
      "relation": Group(
        revision: 1,
        numbers: ["square", "circle of radius 2.0", "circle of radius 3.0"].map {
          "χ² of x and x̂ in 8×8 cells, \($0)"
        }),
      "identity": Group(
        revision: 1,
        numbers: [
          "d²(f_C(x), f_C(x̂))", "d²(f_V(x), f_V(x̂))", "log(d²(f_C(x), f_C(x̂)) + 0.0001)",
          "log(d²(f_V(x), f_V(x̂)) + 0.0001)",
        ]),
      "consistency": moves("f_C"), "witness": moves("f_V"),
      "residual": Group(
        revision: 1,
        numbers: [
          "x from 0.0 to 0.7", "x from 0.7 to 1.4", "x from 1.4 to 2.8", "x less its median 3×3",
          "x − x̂ from 0.0 to 0.7", "x − x̂ from 0.7 to 1.4", "x − x̂ from 1.4 to 2.8",
          "x − x̂ from 2.8 on",
        ].map { "log(mean square + 1e-06) of \($0)" }),
      "claim": Group(
        revision: 1, numbers: ["d²(f_C(x₁), f_C(x₂))", "d²(f_V(x₁), f_V(x₂))"]),
    ]
  }()
}
