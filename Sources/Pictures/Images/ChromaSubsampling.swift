/// How finely a JPEG file keeps colour.
public enum ChromaSubsampling: Sendable, Equatable, Codable {
  /// One colour value per pixel (4:4:4).
  case none
  /// One colour value per 2×2 pixels (4:2:0), as most cameras and web sites do.
  case halved
}
