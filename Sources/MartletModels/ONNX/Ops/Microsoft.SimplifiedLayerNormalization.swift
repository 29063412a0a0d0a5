import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: x⁄√(mean(x²) + ε) · scale. It stands in the standard domain, though no standard has it.
    static let simplifiedLayerNormalization = simplified(domain: "")
    static let microsoftSimplifiedLayerNormalization = simplified(domain: "com.microsoft")

    private static func simplified(domain: String) -> ONNXOp {
        ONNXOp("SimplifiedLayerNormalization", domain: domain, inputs: 2...2) { call in
            guard call.node.outputs.count <= 1 else { throw call.wrong("its second output is not supported") }
            let op = try RMSNormOp(axis: call.int("axis", default: -1), epsilon: call.float("epsilon", default: 1e-5))
            return [try call.emit(op, call.input(0), call.input(1))]
        }
    }
}
