import MartletGraph
import MartletModels
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The ONNX project's node tests, held by a ratchet: `Conformance/passing.txt` lists the cases that pass.
///
/// The cases are found by `MARTLET_CONFORMANCE`, the folder that holds them. With `MARTLET_CONFORMANCE_LIST` set to a path,
/// the cases that pass are written there, to take the place of the list; and beside it, with `.failures`, the others and why.
struct ConformanceTests {
    static let folder = getenv("MARTLET_CONFORMANCE").map { String(cString: $0) }
    static let listTarget = getenv("MARTLET_CONFORMANCE_LIST").map { String(cString: $0) }

    @Test(.enabled(if: folder != nil))
    func casesThatPassedStillPass() throws {
        let folder = try #require(Self.folder)
        let listed = Set(try Fixtures.lines(besideTests: "Conformance/passing.txt"))
        var passing: [String] = []
        var failures: [String] = []
        for name in try Fixtures.folders(in: folder) {
            let result = runConformanceCase("\(folder)/\(name)")
            if result.hasPassed {
                passing.append(name)
            } else {
                failures.append("\(name): \(result)")
                if Self.listTarget == nil, listed.contains(name) { Issue.record("\(name) \(result)") }
            }
        }
        if let target = Self.listTarget {
            try Fixtures.write(passing, to: target)
            try Fixtures.write(failures, to: target + ".failures")
        } else {
            #expect(passing.filter { !listed.contains($0) } == [], "these pass now: write the list again")
        }
        print("conformance: \(passing.count) of \(passing.count + failures.count) cases pass")
    }

    @Test(.enabled(if: folder != nil && listTarget == nil))
    func rulesChangeNoResult() throws {
        let folder = try #require(Self.folder)
        for name in try Fixtures.lines(besideTests: "Conformance/passing.txt") {
            let result = runConformanceCase("\(folder)/\(name)", rules: graphRules + finishingRules)
            if !result.hasPassed { Issue.record("\(name) \(result)") }
        }
    }
}
