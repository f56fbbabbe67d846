private import Foundation

/// Pictures of 20×18 pixels as WebP, made with Pillow: the package itself writes no WebP.
enum WebPSeeds {
  static var all: [[UInt8]] { texts.compactMap { Data(base64Encoded: $0).map { [UInt8]($0) } } }

  /// Lossless, lossy, and lossy with transparency.
  private static let texts = [
    """
    UklGRngAAABXRUJQVlA4TGsAAAAvE0AEALkyRPQ/FsNvpm0b80fcdjsGov8hfD9AAChoI0nZ5z96/4IZ\
    BChI24BF2VHUtpEcrN8zs4vgCoVt2yDpGB6B0PUiKIhBFEQWsKMiW2yG75rCFpm34RaerQZqJ2S7ORtE\
    1N94cxAAAAA=
    """,
    """
    UklGRo4AAABXRUJQVlA4IIIAAAAwBQCdASoUABIAPulep02pJSOiN/VYASAdCWoAnTLixABTReATZkFb\
    TNEp3m8ZOMIUAAD+9tewvdYfUWhG/5NY/8NDP4eadu2cAToEsZxwjTWR9JZYu1KebQFmNoDO8b9cOD7f\
    KIy3fBgJoF/sm/BFt1OLtN7sgbNbFTmXRU5bAAAA
    """,
    """
    UklGRswAAABXRUJQVlA4WAoAAAAQAAAAEwAAEQAAQUxQSBQAAAAFDzAMERFCIEAk+J8lwEBE/8NYAFZQ\
    OCCSAAAAMAUAnQEqFAASAD7BSKBLp6QjIbf6qADwGAlqAJ0yg8QAI0XQsKwGMlY1ypDZ0kPKjAAA/vQ0\
    2ncIceF9rCqt3gCoJtlMkHfI8dmdJpnBH4yhuoRPLTvmeay1JXRPLFuPkHas74CDWGO+thq2RCDF56qI\
    ORQj5QnhIeGcVCQFKdiWuE8KfDWNUObp1s2TnTQAAAA=
    """,
  ]
}
