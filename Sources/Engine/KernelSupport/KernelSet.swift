/// Numbers that a kernel reads.
public typealias Source = UnsafePointer<Float>
/// Numbers that a kernel writes.
public typealias Destination = UnsafeMutablePointer<Float>

/// The operations that everything above is computed with: the hot loops for one instruction set.
///
/// Arrays are NHWC (channels fastest), weights `[3][3][in][out]`. Results do not depend on the
/// number of threads, nor, for one picture, on the others in its batch.
///
/// Every requirement is a whole operation, so the indirect call costs nothing that can be measured.
///
/// ## Another device
///
/// This protocol is the only way from tensors to arithmetic, but for a few loops over small arrays
/// in `Tensors` and `NeuralNetworks` (biases of a layer, margins, masks: nothing that grows with the
/// count of pixels but element-wise sums, `Tensor.map` and `Tensor.combine`). A back-end for a GPU
/// would have to provide
///
/// - a conforming type, offered by `Compute.available`, whose requirements queue their work and
///   return; operations arrive in the order of the data's dependencies, from one thread at a time;
/// - memory: ``BufferPool`` would hand out memory that both sides see (pinned or unified), or
///   `TensorStorage` would keep a second block on the device and a mark which of the two is valid;
///   `Source` and `Destination` are addresses that only the kernel set reads;
/// - a barrier in `Tensor.read(_:)`, `Tensor.numbers` and `Tensor.update(_:)`, the places where
///   numbers become visible to other code;
/// - `map` and `combine` by name instead of by closure, for the element-wise functions in use;
/// - its own packed forms of weights: what `pack…` writes is read by the same kernel set alone, and
///   kept under the set's ``name``;
/// - the same guarantees: fixed order of sums, no dependence on the batch.
///
/// Networks, losses, trainers and attacks would stay as they are.
public protocol KernelSet: Sendable {
  /// The instruction set's name: `baseline`, `avx2` or `avx512`.
  var name: String { get }

  /// Columns of a packed panel of weights.
  var panelWidth: Int { get }

  // MARK: Products of matrices

  /// Packs `matrix` (`depth` × `columns`, or its transpose) into panels; the last one is padded.
  func pack(
    _ matrix: Source, depth: Int, columns: Int, transposed: Bool, into panels: Destination)

  /// c = a · b + bias, then the activation: slope · c where c < 0.
  ///
  /// `a` is `rows` × `depth`; `b` was packed by ``pack(_:depth:columns:transposed:into:)``.
  func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int, bias: Source?,
    slope: Float, into c: Destination)

  /// c = aᵀ · b, with `a` of `depth` × `rows` and `b` of `depth` × `columns`: gradients of weights.
  func multiplyTransposed(
    _ a: Source, rows: Int, depth: Int, _ b: Source, columns: Int, into c: Destination)

  // MARK: Rows of unit length

  /// 1 / |row| for each row, and 0 for rows shorter than 1e-12.
  func inverseRowLengths(_ x: Source, rows: Int, columns: Int, into inverse: Destination)

  /// y = x · factor, row by row.
  func scaleRows(_ x: Source, rows: Int, columns: Int, by factors: Source, into y: Destination)

  /// dx = (dy − y ⟨y, dy⟩) / |x|, row by row, where y = x / |x|.
  func unitRowsGradient(
    _ y: Source, _ dy: Source, rows: Int, columns: Int, inverseLengths: Source,
    into dx: Destination)

  // MARK: 3×3 convolution, stride 1

  /// The count of numbers that packed Winograd weights take.
  func packedWinogradCount(
    _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int
  ) -> Int

  /// Transforms and packs `weights`, `[3][3][shape.in][shape.out]`.
  ///
  /// With `flipped` the source is `[3][3][shape.out][shape.in]`, read turned by 180 degrees: the
  /// weights of the convolution that carries gradients back.
  func packWinograd(
    _ weights: Source, _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int,
    flipped: Bool, into packed: Destination)

  /// y = x ∗ w with what the scheme does to pixels before or after, then the epilogue.
  ///
  /// `shape` holds the sizes of `x`.
  func convolveWinograd(
    _ x: Source, packed: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination)

  /// The count of numbers that ``packTaps(_:inputChannels:outputChannels:flipped:into:)`` writes.
  func packedTapsCount(inputChannels: Int, outputChannels: Int) -> Int

  /// Puts the taps of `weights`, as `packWinograd` takes them, in the order in which they are used.
  func packTaps(
    _ weights: Source, inputChannels: Int, outputChannels: Int, flipped: Bool,
    into packed: Destination)

  /// The same, bit for bit, with weights that are transformed while they are used.
  ///
  /// For so few tiles that reading transformed weights takes longer than anything else: a single
  /// picture in the deep layers of a network. The taps are a quarter as many, and are read in order.
  func convolveWinograd(
    _ x: Source, taps: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination)

  /// dw = ∂L/∂w of a convolution of `x`, given `dy` = ∂L/∂y.
  ///
  /// - Precondition: `scheme` is not ``WinogradScheme/summing``.
  func weightGradientWinograd(
    _ x: Source, _ dy: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    into dw: Destination)

  // MARK: Convolution by direct sums, for few input channels and for stride 2

  /// y = x ∗ w, then the epilogue.
  ///
  /// The weights, `[side][side][in][out]`, are packed by ``pack(_:depth:columns:transposed:into:)``
  /// as a matrix of side² · in rows.
  func convolveDirect(
    _ x: Source, panels: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    _ epilogue: ConvolutionEpilogue, into y: Destination)

  /// dw = ∂L/∂w, given `dy` = ∂L/∂y.
  func weightGradientDirect(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    into dw: Destination)

  /// The count of numbers that the packed weights of ``inputGradientHalving(_:packed:_:into:)`` take.
  func packedHalvingCount(inputChannels: Int, outputChannels: Int) -> Int

  /// Packs `weights`, `[4][4][in][out]`, for the gradient of the input.
  func packHalving(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination)

  /// dx = ∂L/∂x of a convolution with the window ``ConvolutionWindow/halving``.
  ///
  /// - Precondition: height and width are even.
  func inputGradientHalving(
    _ dy: Source, packed: Source, _ shape: ConvolutionShape, into dx: Destination)

  // MARK: The same with stride 2 in fewer products: F(4×4, 2×2) of each phase of the pixels

  /// The count of numbers that the weights of ``convolveHalvingTiles(_:packed:_:bias:slope:into:)`` take.
  func packedHalvingTilesCount(inputChannels: Int, outputChannels: Int) -> Int

  /// Transforms and packs `weights`, `[4][4][in][out]`.
  func packHalvingTiles(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination)

  /// y = x ∗ w with the window ``ConvolutionWindow/halving``, then bias and activation.
  ///
  /// - Precondition: height and width are even.
  func convolveHalvingTiles(
    _ x: Source, packed: Source, _ shape: ConvolutionShape, bias: Source?, slope: Float,
    into y: Destination)

  /// dw = ∂L/∂w, given `dy` = ∂L/∂y.
  ///
  /// - Precondition: height and width are even.
  func weightGradientHalvingTiles(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, into dw: Destination)

  /// dx = ∂L/∂x, given `dy` = ∂L/∂y and `weights`, `[4][4][in][out]`.
  ///
  /// - Precondition: height and width are even.
  func inputGradientHalvingTiles(
    _ dy: Source, _ weights: Source, _ shape: ConvolutionShape, into dx: Destination)

  // MARK: Sums with an epilogue of their own for each channel

  /// c = a · b, then the epilogue; `b` was packed by ``pack(_:depth:columns:transposed:into:)``.
  func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int,
    _ epilogue: ChannelEpilogue, into c: Destination)

  /// y = x ∗ w, each channel by itself, then the epilogue.
  ///
  /// The weights are `[rows][columns][channels]`; outside the picture are zeros.
  func convolveDepthwise(
    _ x: Source, weights: Source, _ shape: DepthwiseShape, _ epilogue: ChannelEpilogue,
    into y: Destination)

  /// The epilogue of rows of channels, alone; `y` may be `x`.
  func activate(
    _ x: Source, rows: Int, channels: Int, _ epilogue: ChannelEpilogue, into y: Destination)

  /// dx = dy through slopes and ceiling; `y` is the epilogue's output, or, with slopes that are not
  /// positive, what it was made of.
  func activationGradient(
    _ y: Source, _ dy: Source, rows: Int, channels: Int, slopes: Source?, ceiling: Float,
    into dx: Destination)

  // MARK: Batch normalisation over rows of channels

  /// Adds up the rows of `x` and their squares: `sums` gets `channels` sums, then as many of squares.
  func channelSums(
    _ x: Source, rows: Int, channels: Int, into sums: UnsafeMutablePointer<Double>)

  /// y = scale · x + shift, then slope · y where y < 0.
  func scaleShift(
    _ x: Source, rows: Int, channels: Int, scale: Source, shift: Source, slope: Float,
    into y: Destination)

  /// Σ g and Σ g·x over rows, where g = dy through the activation of scale · x + shift.
  func scaleShiftSums(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, into sums: UnsafeMutablePointer<Double>)

  /// dx = a · g − (b · x + c), channel by channel, with g as in `scaleShiftSums`.
  func scaleShiftGradient(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, a: Source, b: Source, c: Source, into dx: Destination)

  // MARK: The same with the largest of each 2×2 block taken at once

  /// The largest of each 2×2 block of what `scaleShift` gives; an odd last row or column is dropped.
  func scaleShiftPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, into y: Destination)

  /// Σ g and Σ g·x as in `scaleShiftSums`, with g = 0 but at the first largest of each block.
  func scaleShiftPoolSums(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, into sums: UnsafeMutablePointer<Double>)

  /// dx = a · g − (b · x + c) with g as in `scaleShiftPoolSums`.
  ///
  /// - Precondition: height and width are at least 2.
  func scaleShiftPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, a: Source, b: Source, c: Source, into dx: Destination)

  // MARK: Pooling

  /// The largest of each 2×2 block; an odd last row or column is dropped.
  func maxPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, into y: Destination)

  /// Sends `dy` to the first largest of each block and zero elsewhere.
  func maxPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int,
    into dx: Destination)

  // MARK: Smoothing

  /// Each channel of pictures convolved with (1, 2, 1)/4 along columns and rows, a picture's edge
  /// repeating; `transposed` is the adjoint, which carries gradients back.
  func smooth(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, transposed: Bool,
    into y: Destination)

  // MARK: Element by element

  /// dx = dy where y > 0, slope · dy elsewhere; `y` is the activation's output.
  func leakyGradient(_ y: Source, _ dy: Source, _ count: Int, slope: Float, into dx: Destination)

  /// y = tanh x; error below 4 units in the last place.
  func hyperbolicTangent(_ x: Source, _ count: Int, into y: Destination)

  /// Replaces each row of `logits` by its softmax; `logSums` gets log Σ exp of each row.
  func softmax(
    _ logits: Destination, rows: Int, columns: Int, logSums: UnsafeMutablePointer<Double>)

  /// One step of Adam; `rate` holds the bias corrections.
  func adam(
    _ w: Destination, _ m: Destination, _ v: Destination, _ gradient: Source, _ count: Int,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float)

  /// One step of gradient descent with momentum: v = momentum·v + g + decay·w; w −= rate·v.
  func momentumDescent(
    _ w: Destination, _ v: Destination, _ gradient: Source, _ count: Int, rate: Float,
    momentum: Float, decay: Float)
}
