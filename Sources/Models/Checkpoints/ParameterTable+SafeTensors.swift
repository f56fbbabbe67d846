public import Tensors

extension SafeTensorsFile {
  /// Creates the contents of a file from tables, each under its own prefix.
  public init(
    tables: [(prefix: String, table: ParameterTable)], integers: [NamedIntegers] = [],
    metadata: [String: String] = [:]
  ) {
    let arrays = tables.flatMap { prefix, table in
      table.names.compactMap { name in
        table[name].map { NamedArray(name: prefix + name, shape: $0.shape, elements: $0.numbers) }
      }
    }
    self.init(arrays: arrays, integers: integers, metadata: metadata)
  }

  /// The tensors under `prefix` whose names and shapes are those of `expected`, in its order.
  ///
  /// - Throws: ``CheckpointError/missingTensor(_:)`` or
  ///   ``CheckpointError/wrongShape(tensor:expected:found:)``.
  public func table(
    _ prefix: String = "", like expected: ParameterTable
  ) throws(CheckpointError) -> ParameterTable {
    var result = ParameterTable()
    let byName = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0) })
    for name in expected.names {
      guard let found = byName[prefix + name] else { throw .missingTensor(prefix + name) }
      let shape = expected[name]?.shape ?? []
      guard found.shape == shape else {
        throw .wrongShape(tensor: prefix + name, expected: shape, found: found.shape)
      }
      result[name] = Tensor(found.elements, shape: shape)
    }
    return result
  }

  /// All tensors under `prefix`, sorted by name; for state whose names depend on what was trained.
  public func table(under prefix: String) -> ParameterTable {
    var result = ParameterTable()
    for array in arrays where array.name.hasPrefix(prefix) {
      result[String(array.name.dropFirst(prefix.count))] = Tensor(
        array.elements, shape: array.shape)
    }
    return result
  }
}
