/// A network as a list of operations, each on results of earlier ones.
///
/// Value 0 is the picture; value k + 1 is the result of node k. Shapes are those of one picture, without
/// the batch, channels last. The numbers of node k bear the names `nodek.weight`, `nodek.bias`,
/// `nodek.slopes`, `nodek.scale` and `nodek.shift`, as the operation wants them.
public struct NetworkGraph: Codable, Equatable, Sendable {
  /// One operation.
  public struct Node: Codable, Equatable, Sendable {
    /// What the file that it comes from calls it.
    public var name: String
    /// What it does.
    public var operation: Operation
    /// The values it takes.
    public var inputs: [Int]
    /// Rows and columns of a window, of its step, of the border before the first pixel, of the output.
    public var window, stride, border, output: [Int]?
    /// Groups of channels of a convolution; 1 if not given.
    public var groups: Int?
    /// The largest result of an activation; none if not given.
    public var ceiling: Float?
    /// What a function needs, as ``Operation`` says.
    public var numbers: [Float]?
    /// The shape after ``Operation/reshape``, or the order of axes of ``Operation/permute``.
    public var shape: [Int]?
    /// Whether a mean counts zeros outside the picture.
    public var countsBorder: Bool?

    /// Creates an operation.
    public init(_ name: String, _ operation: Operation, _ inputs: [Int]) {
      (self.name, self.operation, self.inputs) = (name, operation, inputs)
    }
  }

  /// What a node does.
  public enum Operation: String, Codable, Sendable, CaseIterable {
    /// Sums over a window; `weight` (rows, columns, in / groups, out). Bias, slopes and ceiling follow.
    case convolution
    /// A dense product of a row; `weight` (in, out). Bias, slopes and ceiling follow.
    case dense
    /// Each channel, the last axis, times `scale` plus `shift`. Slopes and ceiling follow.
    case scaleShift
    /// Slopes below zero and a ceiling.
    case activation
    /// 1 / (1 + exp(−x)).
    case logistic
    /// `numbers[0]` · x + `numbers[1]`, kept in 0…1.
    case hardLogistic
    /// x · (x / 6 + 1/2 kept in 0…1).
    case hardSwish
    /// tanh x.
    case hyperbolicTangent
    /// Kept in `numbers[0]`…`numbers[1]`.
    case clamp
    /// Of two values, element by element; an axis of one place is repeated.
    case sum, difference, product, quotient
    /// Of windows.
    case maxPool, averagePool
    /// The mean over rows and columns, which stay as axes of one place.
    case globalAverage
    /// The same numbers in another shape.
    case reshape
    /// The axes in another order.
    case permute
  }

  /// The most nodes.
  public static let maximumNodes = 20_000
  /// The most numbers of one value, for one picture.
  public static let maximumNumbers = 1 << 26
  /// The most axes of a value.
  public static let maximumAxes = 6

  /// Rows, columns and channels of the picture.
  public var input: [Int]
  /// The operations, in order.
  public var nodes: [Node]
  /// The value that is the embedding.
  public var embedding: Int
  /// The value that G takes for what is seen.
  public var identity: Int

  /// Creates a graph.
  public init(input: [Int], nodes: [Node], embedding: Int, identity: Int) {
    (self.input, self.nodes) = (input, nodes)
    (self.embedding, self.identity) = (embedding, identity)
  }

  /// The name of a tensor of node `node`.
  public static func name(_ part: Part, of node: Int) -> String { "node\(node).\(part.rawValue)" }

  /// A tensor of a node.
  public enum Part: String, Sendable, CaseIterable {
    case weight, bias, slopes, scale, shift
  }
}
