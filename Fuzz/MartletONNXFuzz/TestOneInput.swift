import MartletGraph
import MartletModels
import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The input is an ONNX file. It becomes a valid graph that can be described and optimized, or one explained error.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let path = "/tmp/martlet-fuzz-\(getpid()).onnx"
    guard let file = fopen(path, "wb") else { return 0 }
    fwrite(data, 1, size, file)
    fclose(file)
    defer { unlink(path) }
    do {
        let model = try ModelFormats.load(path)
        precondition(model.graph.validate() == nil, "the graph is not valid")
        precondition(!describe(model).text.isEmpty, "a model without description")
        var graph = model.graph
        _ = try optimize(&graph, rules: graphRules + finishingRules, validating: true)
    } catch let error as any Explainable {
        precondition(!error.explanation.message.isEmpty, "an error without words")
    } catch {
        preconditionFailure("an error that cannot be explained: \(error)")
    }
    return 0
}
