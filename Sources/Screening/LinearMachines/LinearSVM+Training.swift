private import CLinear
private import Glibc
private import Locks

/// liblinear's coordinate descent draws from `rand()`, which all threads share: one at a time.
private let randomNumbers = Guarded(())

/// Once, before the first training: liblinear keeps what prints its words in a global variable.
private let isSilent: Void = set_print_string_function { _ in }

extension LinearSVM {
  /// Learns a model from examples; a label is true for adversarial ones.
  ///
  /// The bias is learned as the weight of a constant feature 1, hence penalised like a weight. The
  /// same input gives the same model. Zero features cost no memory, others 16 bytes each while
  /// training. Calls from several threads run side by side, except those of the dual solvers, which
  /// wait for each other; none should come from a service.
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
    return try train(
      SparseExamples(features), rows: Array(labels.indices), labels: labels, options: options)
  }

  /// Learns from some rows, of finite features, and their labels.
  static func train(
    _ examples: SparseExamples, rows: [Int], labels: [Bool], options: TrainingOptions
  ) throws(SupportVectorMachineError) -> LinearSVM {
    for isAdversarial in [false, true] where !labels.contains(isAdversarial) {
      throw .emptyClass(isAdversarial: isAdversarial, fold: nil)
    }
    _ = isSilent
    guard options.solver.usesRandomNumbers else {
      return try solve(examples, rows: rows, labels: labels, options: options)
    }
    return try randomNumbers.withLock { _ throws(SupportVectorMachineError) in
      srand(options.seed)
      return try solve(examples, rows: rows, labels: labels, options: options)
    }
  }

  private static func solve(
    _ examples: SparseExamples, rows: [Int], labels: [Bool], options: TrainingOptions
  ) throws(SupportVectorMachineError) -> LinearSVM {
    let columns = examples.columns
    var targets = labels.map { $0 ? 1.0 : -1.0 }
    var (classes, classWeights): ([Int32], [Double]) = ([1], [options.adversarialWeight])
    var vectors = examples.pointers(rows: rows)
    defer { extendLifetime(examples) }
    let result: Result<LinearSVM, SupportVectorMachineError> =
      targets.withUnsafeMutableBufferPointer { targets in
        vectors.withUnsafeMutableBufferPointer { vectors in
          classes.withUnsafeMutableBufferPointer { classes in
            classWeights.withUnsafeMutableBufferPointer { classWeights in
              var problem = CLinear.problem(
                l: Int32(targets.count), n: Int32(columns + 1), y: targets.baseAddress,
                x: vectors.baseAddress, bias: 1)
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

  /// Whether liblinear shuffles examples.
  fileprivate var usesRandomNumbers: Bool {
    self == .l2RegularizedL2LossDual || self == .l2RegularizedL1LossDual
  }
}
