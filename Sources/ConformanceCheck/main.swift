import MartletGraph
import MartletModels

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

// usage: ConformanceCheck [--rules] [--tolerance NUMBER] FOLDER [PATTERN…]
// Runs the ONNX test cases in FOLDER whose name contains one of the patterns (all without one), and prints what does not
// pass. The tolerance is relative and absolute. For work on operators: it builds without the language, the planner and the shell.
var arguments = CommandLine.arguments.dropFirst()
let rules: [any GraphRule] = arguments.first == "--rules" ? graphRules + finishingRules : []
if arguments.first == "--rules" { arguments = arguments.dropFirst() }
var tolerance = TensorDifference()
if arguments.first == "--tolerance", let number = arguments.dropFirst().first.flatMap(Double.init) {
    (tolerance.relativeTolerance, tolerance.absoluteTolerance) = (number, number)
    arguments = arguments.dropFirst(2)
}
guard let folder = arguments.first, let entries = opendir(folder) else {
    print("usage: ConformanceCheck [--rules] [--tolerance NUMBER] FOLDER [PATTERN…]")
    exit(2)
}
var names: [String] = []
while let entry = readdir(entries) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    let patterns = arguments.dropFirst()
    if !name.hasPrefix("."), patterns.isEmpty || patterns.contains(where: { name.contains($0) }) { names.append(name) }
}
closedir(entries)
var passed = 0
for name in names.sorted() {
    let result = runConformanceCase("\(folder)/\(name)", rules: rules, tolerance: tolerance)
    if result.hasPassed { passed += 1 } else { print("\(name): \(result)") }
}
print("\(passed) passed, \(names.count - passed) failed")
