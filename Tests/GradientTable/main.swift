import Foundation
import KernelSupport
import Kernels
import NeuralNetworks

// Holds the gradients of all rows against differences, by the kernels that FACEWARDEN_ISA picks: prints the rows that
// miss and the number of rows, and ends with 1 if any does. With an argument, prints every row that contains it.
let filter = CommandLine.arguments.dropFirst().first
/// What differences of single precision leave, kinks that a step crosses and Winograd's sums of large terms included.
let tolerance = 8e-3
var missed = 0
var count = 0
for row in GradientTable.rows where filter.map(row.name.contains) ?? true {
  let difference = row.difference()
  count += 1
  let isMissed = !(difference <= tolerance)
  if isMissed { missed += 1 }
  if isMissed || filter != nil { print("\(row.name): \(difference)") }
}
// The table sees a gradient of which a tenth is missing.
let wrong = GradientRow("x² less a tenth of a slope", [[4, 9]]) { (v: [Variable]) -> Variable in
  let square: Variable = v[0] * v[0]
  let seen: Variable = square * 0.9
  let hidden: Variable = square.detached * 0.1
  return seen + hidden
}
if wrong.difference() <= tolerance {
  print("\(wrong.name): not seen")
  missed += 1
}
print("\(Compute.kernels.name): \(count) rows, \(missed) missed")
exit(missed == 0 && count > 0 ? 0 : 1)
