import Glibc
import KernelSupport
import Kernels

func seconds(_ body: () -> Void) -> Double {
  func now() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
  }
  body()
  var samples: [Double] = []
  for _ in 0..<9 {
    let start = now()
    body()
    samples.append(now() - start)
  }
  return samples.sorted()[4]
}

if CommandLine.arguments.count > 1 { benchmarkTraining(); exit(0) }
for kernels in Compute.available {
  for (n, h, ci, co) in [
    (16, 128, 3, 32), (16, 128, 32, 32), (16, 64, 64, 64), (16, 32, 128, 128), (16, 16, 256, 256),
    (16, 8, 512, 512), (1, 128, 32, 32), (1, 32, 128, 128), (1, 8, 512, 512),
  ] {
    let s = ConvolutionShape(batch: n, height: h, width: h, inputChannels: ci, outputChannels: co)
    let x = BufferPool.take(n * h * h * ci), y = BufferPool.take(n * h * h * co)
    let w = BufferPool.take(9 * ci * co), dw = BufferPool.take(9 * ci * co)
    for i in 0..<n * h * h * ci { x[i] = Float(i % 17) - 8 }
    for i in 0..<n * h * h * co { y[i] = Float(i % 13) - 6 }
    for i in 0..<9 * ci * co { w[i] = Float(i % 11) - 5 }
    let packed = BufferPool.take(
      kernels.packedWinogradCount(.four, inputChannels: ci, outputChannels: co))
    let flop = Double(n * h * h * ci * co * 18) / 1e9
    let a = seconds {
      kernels.packWinograd(
        w, .four, inputChannels: ci, outputChannels: co, flipped: false, into: packed)
    }
    let b =
      ci == 3
      ? seconds {
        kernels.pack(w, depth: 27, columns: co, transposed: false, into: packed)
        kernels.convolveDirect(x, panels: packed, s, .same, bias: nil, slope: 1, into: y)
      }
      : seconds {
        kernels.convolveWinograd(x, packed: packed, .four, s, bias: nil, slope: 0, into: y)
      }
    let c =
      ci == 3
      ? seconds { kernels.weightGradientDirect(x, y, s, .same, into: dw) }
      : seconds { kernels.weightGradientWinograd(x, y, .four, s, into: dw) }
    print(
      kernels.name, n, h, ci, co, "pack ms", a * 1e3, "forward", b * 1e3, flop / b, "GF/s weight",
      c * 1e3, flop / c)
  }
}
