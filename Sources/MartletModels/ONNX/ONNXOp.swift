import MartletGraph

/// One ONNX operator: how a call of it becomes ops of the graph. Each has a file in `Ops` and a line in `ONNXOpTable`.
package struct ONNXOp: Sendable {
    /// The exact name in the standard.
    package let name: String
    /// Empty for the standard operators.
    package let domain: String
    /// How many inputs a call may have, trailing ones that are left out not counted.
    let inputs: ClosedRange<Int>
    let build: @Sendable (ONNXCall) throws -> [ValueID?]

    init(
        _ name: String, domain: String = "", inputs: ClosedRange<Int>,
        build: @escaping @Sendable (ONNXCall) throws -> [ValueID?]
    ) {
        self.name = name
        self.domain = domain
        self.inputs = inputs
        self.build = build
    }

    /// An operator of one output.
    init(
        _ name: String, domain: String = "", inputs: ClosedRange<Int>,
        one build: @escaping @Sendable (ONNXCall) throws -> ValueID
    ) {
        self.init(name, domain: domain, inputs: inputs) { [try build($0)] }
    }

    func checkArity(_ call: ONNXCall) throws {
        let count = call.inputs.lastIndex { $0 != nil }.map { $0 + 1 } ?? 0
        guard count <= inputs.upperBound, call.inputs.count >= inputs.lowerBound else {
            let wanted =
                inputs.lowerBound == inputs.upperBound
                ? "\(inputs.lowerBound)" : "\(inputs.lowerBound) to \(inputs.upperBound)"
            throw call.wrong("it has \(call.inputs.count) inputs, \(name) takes \(wanted)")
        }
    }
}
