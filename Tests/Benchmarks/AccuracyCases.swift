import KernelSupport

/// 3×3 convolutions whose error against float64 a comparison reports; they are not timed.
enum AccuracyCases {
  /// Every accuracy case: both tiles where Winograd's are used, odd sizes too.
  static var all: [BenchmarkCase] {
    [
      (128, 128, (3, 32)), (64, 64, (32, 64)), (30, 26, (64, 64)), (16, 16, (256, 256)),
      (8, 8, (256, 256)), (9, 7, (32, 32)),
    ].flatMap { height, width, channels in
      [WinogradTile.two, .four].flatMap { tile in
        [KernelCases.Pass.forward, .inputGradient, .weightGradient].map { pass in
          KernelCases.convolution3x3(
            level: "accuracy", height, width: width, channels, batch: 2, tile: tile, pass)
        }
      }
    }
  }
}
