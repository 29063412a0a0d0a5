import MartletKernels
import MartletTensor

extension UnaryOp {
    /// The kernel of the same name.
    static let kernels: [Kind: Kernels.UnaryOp] = {
        let named = Dictionary(uniqueKeysWithValues: Kernels.UnaryOp.allCases.map { ("\($0)", $0) })
        return Dictionary(
            uniqueKeysWithValues: Kind.allCases.compactMap { kind in named[kind.rawValue].map { (kind, $0) } })
    }()

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        let result = try context.output(0, operand.dtype, operand.shape)
        let x = try detached(operand, from: result)
        if x.dtype.isFloat {
            guard let kernel = Self.kernels[kind],
                Kernels.unary(
                    kernel, type: x.dtype.element, x.pointer, into: result.pointer, count: x.count, a: Double(a),
                    b: Double(b))
            else { throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(x.dtype.name)") }
        } else {
            guard kind.takesIntegers, try visitInteger(x.dtype, Integers(op: self, x: x, result: result)) != nil else {
                throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(x.dtype.name)")
            }
        }
        return [result]
    }

    private struct Integers: IntegerVisitor {
        let op: UnaryOp
        let x: Tensor
        let result: Tensor

        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) {
            switch op.kind {
            case .neg: mapElements(x, result) { (a: T) -> T in 0 &- a }
            case .abs: mapElements(x, result) { (a: T) -> T in a < 0 ? 0 &- a : a }
            case .sign: mapElements(x, result) { (a: T) -> T in a == 0 ? 0 : (a < 0 ? 0 &- 1 : 1) }
            case .relu: mapElements(x, result) { (a: T) -> T in Swift.max(a, 0) }
            default: mapElements(x, result) { (a: T) -> T in a &* a }
            }
        }
    }
}
