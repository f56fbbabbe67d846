internal import Images
internal import Screening

/// Why a service does not start although its models load.
public enum SelfTestError: Error, Equatable, CustomStringConvertible {
  /// A picture and itself do not have the distance 0.
  case wrongDistance(Double?)
  /// The same question got two answers.
  case notRepeatable

  public var description: String {
    switch self {
    case .wrongDistance(let distance):
      "the self-test failed: a picture has distance² \(distance.map { "\($0)" } ?? "none") to itself"
    case .notRepeatable: "the self-test failed: the same pair got two verdicts"
    }
  }
}

extension VerdictService {
  /// Runs the whole check on a drawn picture, so that the first request finds everything warm.
  ///
  /// - Throws: ``SelfTestError``, or what encoding and decoding throw.
  public func selfTest() throws {
    let pixels = (0..<128 * 128).flatMap { place -> [UInt8] in
      let (x, y) = (place % 128, place / 128)
      return [UInt8(x + y / 2), UInt8((x * y) / 64), UInt8(abs(x - y) + 40)]
    }
    let bytes = try RGBImage(width: 128, height: 128, pixels: pixels).pngData()
    let members = RequestMembers(alignedPair: bytes, bytes)
    let first = try verdict(on: members)
    guard let distance = first.verification?.distance, distance == 0, first.score != nil else {
      throw SelfTestError.wrongDistance(first.verification?.distance)
    }
    guard try verdict(on: members) == first else { throw SelfTestError.notRepeatable }
  }
}
