import MartletTensor

/// A chain of elementwise steps, run block by block so that intermediate results stay in the first cache.
///
/// Inputs: float32; the first ones of the result's full shape, the others scalars or of its trailing shape (bias-like).
/// Step i writes register `inputCount + i`; the result is the last register.
package struct FusedElementwiseOp: GraphOp {
    package enum Step: Hashable, Sendable {
        case unary(UnaryOp, Int)
        case binary(BinaryOp.Kind, Int, Int)
    }

    package static let name = "FusedElementwise"
    package var inputCount: Int
    package var steps: [Step]

    package init(inputCount: Int, steps: [Step]) {
        self.inputCount = inputCount
        self.steps = steps
    }

    package var attributes: String {
        steps.enumerated().map { index, step in
            switch step {
            case .unary(let op, let x): "r\(inputCount + index)=\(op.attributes)(r\(x))"
            case .binary(let kind, let x, let y): "r\(inputCount + index)=\(kind.rawValue)(r\(x),r\(y))"
            }
        }.joined(separator: " ")
    }

    package var inPlaceInputs: [Int] { Array(0..<inputCount) }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard inputs.count == inputCount, !steps.isEmpty else { throw impossible(inputs, "a program without steps") }
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        for operand in operands where operand.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(operand.type.dtype.name)")
        }
        for (index, step) in steps.enumerated() {
            let last = inputCount + index
            switch step {
            case .unary(_, let x): guard (0..<last).contains(x) else { throw impossible(inputs, "a bad register") }
            case .binary(_, let x, let y):
                guard (0..<last).contains(x), (0..<last).contains(y) else {
                    throw impossible(inputs, "a bad register")
                }
            }
        }
        return [ValueType(.float32, try broadcastType(inputs, of: operands))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        steps.count * (outputs.first?.reduce(1, *) ?? 0)
    }
}
