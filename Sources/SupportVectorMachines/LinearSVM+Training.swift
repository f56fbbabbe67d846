private import CLinear
private import Glibc
private import Locks

/// liblinear shares `rand()`, its print function and C's locale among threads: one at a time.
private let library = Guarded(())

extension LinearSVM {
  /// Learns a model from examples; a label is true for adversarial ones.
  ///
  /// The bias is learned as the weight of a constant feature 1, hence penalised like a weight. The
  /// same input gives the same model. Zero features cost no memory, others 16 bytes each while
  /// training. Calls from several threads wait for each other; none should come from a service.
  ///
  /// Reference: Fan et al., "LIBLINEAR: a library for large linear classification", 2008.
  ///
  /// - Precondition: as many labels as rows.
  /// - Throws: ``SupportVectorMachineError`` if a feature is not finite or a class is empty.
  public static func train(
    _ features: FeatureMatrix, labels: [Bool], options: TrainingOptions = TrainingOptions()
  ) throws(SupportVectorMachineError) -> LinearSVM {
    precondition(labels.count == features.rows, "\(labels.count) labels, \(features.rows) rows")
    try features.requireFinite()
    for isAdversarial in [false, true] where !labels.contains(isAdversarial) {
      throw .emptyClass(isAdversarial: isAdversarial, fold: nil)
    }
    let examples = SparseExamples(features)
    return try library.withLock { _ throws(SupportVectorMachineError) in
      try solve(examples, columns: features.columns, labels: labels, options: options)
    }
  }

  private static func solve(
    _ examples: SparseExamples, columns: Int, labels: [Bool], options: TrainingOptions
  ) throws(SupportVectorMachineError) -> LinearSVM {
    set_print_string_function { _ in }
    srand(options.seed)
    var targets = labels.map { $0 ? 1.0 : -1.0 }
    var (classes, classWeights): ([Int32], [Double]) = ([1], [options.adversarialWeight])
    var rows = examples.rowStarts.map { examples.nodes.advanced(by: $0) as UnsafeMutablePointer? }
    let result: Result<LinearSVM, SupportVectorMachineError> =
      targets.withUnsafeMutableBufferPointer { targets in
        rows.withUnsafeMutableBufferPointer { rows in
          classes.withUnsafeMutableBufferPointer { classes in
            classWeights.withUnsafeMutableBufferPointer { classWeights in
              var problem = CLinear.problem(
                l: Int32(targets.count), n: Int32(columns + 1), y: targets.baseAddress,
                x: rows.baseAddress, bias: 1)
              var parameters = CLinear.parameter(
                solver_type: options.solver.number, eps: options.tolerance, C: options.cost,
                nr_weight: 1, weight_label: classes.baseAddress,
                weight: classWeights.baseAddress, p: 0.1, init_sol: nil)
              if let complaint = check_parameter(&problem, &parameters) {
                return .failure(.refused(reason: String(cString: complaint)))
              }
              guard let model = CLinear.train(&problem, &parameters) else {
                return .failure(.refused(reason: "no model"))
              }
              defer {
                var model: UnsafeMutablePointer<CLinear.model>? = model
                free_and_destroy_model(&model)
              }
              // A positive value of liblinear means the label it lists first.
              let sign: Double = model.pointee.label[0] == 1 ? 1 : -1
              let weights = (0...columns).map { sign * model.pointee.w[$0] }
              guard weights.allSatisfy(\.isFinite) else {
                return .failure(.refused(reason: "the weights diverged"))
              }
              return .success(
                LinearSVM(
                  weights: Array(weights.dropLast()), bias: weights[columns], options: options))
            }
          }
        }
      }
    return try result.get()
  }
}

/// The rows of a matrix as liblinear wants them: index from 1, value; the end marked by index −1.
///
/// The constant feature of the bias is written out, because liblinear expects it in the rows.
private final class SparseExamples {
  let nodes: UnsafeMutablePointer<feature_node>
  private(set) var rowStarts: [Int] = []

  init(_ features: FeatureMatrix) {
    let count = features.elements.count { $0 != 0 } + 2 * features.rows
    nodes = .allocate(capacity: count)
    var next = 0
    for row in 0..<features.rows {
      rowStarts.append(next)
      for (column, value) in features[row: row].enumerated() where value != 0 {
        nodes[next] = feature_node(index: Int32(column + 1), value: Double(value))
        next += 1
      }
      nodes[next] = feature_node(index: Int32(features.columns + 1), value: 1)
      nodes[next + 1] = feature_node(index: -1, value: 0)
      next += 2
    }
  }

  deinit { nodes.deallocate() }
}

extension LinearSolver {
  /// liblinear's number for the formulation.
  fileprivate var number: Int32 {
    switch self {
    case .l2RegularizedL2LossPrimal: Int32(L2R_L2LOSS_SVC)
    case .l2RegularizedL2LossDual: Int32(L2R_L2LOSS_SVC_DUAL)
    case .l2RegularizedL1LossDual: Int32(L2R_L1LOSS_SVC_DUAL)
    case .l2LogisticRegression: Int32(L2R_LR)
    }
  }
}
