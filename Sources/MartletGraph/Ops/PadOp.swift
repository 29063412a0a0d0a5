import MartletTensor

/// x with elements added (or, for negative pads, taken away) at both ends of its axes.
/// Inputs: x, pads (int64: all begins, then all ends; if not an attribute)?, value (scalar, default 0)?, axes?
package struct PadOp: GraphOp {
    package enum Mode: String, Sendable { case constant, reflect, edge, wrap }

    package static let name = "Pad"
    package var mode: Mode
    package var pads: [Int]?

    package init(_ mode: Mode = .constant, pads: [Int]? = nil) {
        self.mode = mode
        self.pads = pads
    }

    package var attributes: String { mode.rawValue + (pads.map { " pads=\($0)" } ?? "") }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        if let value = optional(inputs, 2) { _ = try requireSameDType(inputs, [x, value]) }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        let unknown = ValueType(x.type.dtype, [Dim](repeating: .unknown, count: shape.count))
        guard let wanted = try pads ?? operand(inputs, 1).knownIntegers else { return [unknown] }
        var axes = Array(shape.indices)
        if let input = optional(inputs, 3) {
            guard let known = input.knownIntegers else { return [unknown] }
            axes = try known.map { try resolveAxis($0, rank: shape.count, inputs) }
        }
        guard wanted.count == 2 * axes.count, wanted.allSatisfy({ $0.magnitude <= 1 << 40 }) else {
            throw impossible(inputs, "\(wanted.count) pads for \(axes.count) axes")
        }
        var result = shape
        for (position, axis) in axes.enumerated() {
            let extra = wanted[position] + wanted[position + axes.count]
            result[axis] = result[axis] + .fixed(extra)
            if let length = result[axis].fixedValue, length < 0 {
                throw impossible(inputs, "pads leave \(length) elements on axis \(axis)")
            }
        }
        return [ValueType(x.type.dtype, result)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }
}
