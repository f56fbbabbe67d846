import Foundation
import ImportGraph

// Prints the graph of the package in the current folder; status 1 if it breaks its own order.
let graph = try ImportGraph(sources: URL(fileURLWithPath: "Sources"))
print(graph.table)
print("\n" + graph.summary(ofClosure: "ScreeningService"))
let faults = graph.faults + graph.cyclic.map { "\($0) lies in a cycle of imports, or above one" }
for fault in faults { print(fault) }
exit(faults.isEmpty ? 0 : 1)
