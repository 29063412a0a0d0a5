import MartletKernels
import MartletTensor

/// The discrete Fourier transform along an axis. The last axis holds real and imaginary parts, or real parts alone.
///
/// Inputs: x, length (integer scalar; the signal is cut or filled with zeros to it)?, axis (integer scalar, if not an attribute)?
/// A forward transform of `isOneSided` gives the first length / 2 + 1 frequencies only; an inverse one takes those and gives
/// real numbers, 2 (n - 1) of them unless there is a length.
package struct DFTOp: GraphOp {
    package static let name = "DFT"
    package var axis: Int?
    package var isInverse: Bool
    package var isOneSided: Bool

    package init(axis: Int? = nil, isInverse: Bool = false, isOneSided: Bool = false) {
        self.axis = axis
        self.isInverse = isInverse
        self.isOneSided = isOneSided
    }

    package var attributes: String {
        [axis.map { "axis=\($0)" }, isInverse ? "inverse" : nil, isOneSided ? "onesided" : nil].compactMap { $0 }
            .joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        for index in 1...2 {
            if let scalar = optional(inputs, index) { try requireInteger(inputs, scalar, "length and axis") }
        }
        guard var shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count >= 2, [nil, 1, 2].contains(shape[shape.count - 1].fixedValue) else {
            throw impossible(inputs, "wants real or complex numbers in the last axis")
        }
        let isReal = isInverse && isOneSided
        guard
            let wanted = axis ?? optional(inputs, 2)?.integers?.first?.fixedValue
                ?? (optional(inputs, 2) == nil ? -2 : nil)
        else {
            return [
                ValueType(x.type.dtype, [Dim](repeating: .unknown, count: shape.count - 1) + [.fixed(isReal ? 1 : 2)])
            ]
        }
        let at = try resolveAxis(wanted, rank: shape.count, inputs)
        guard at < shape.count - 1 else { throw impossible(inputs, "the last axis holds real and imaginary parts") }
        var length = shape[at]
        if let given = optional(inputs, 1) {
            length = given.integers?.first ?? .unknown
        } else if isReal {
            length = (shape[at] - .fixed(1)) * .fixed(2)
        }
        shape[at] = isOneSided && !isInverse ? length.fixedValue.map { .fixed($0 / 2 + 1) } ?? .unknown : length
        shape[shape.count - 1] = .fixed(isReal ? 1 : 2)
        return [ValueType(x.type.dtype, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let count = outputs.first?.reduce(1, *), count > 0 else { return 0 }
        return 5 * count * (Int.bitWidth - count.leadingZeroBitCount)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        func scalar(_ index: Int) throws -> Int? {
            guard optional(inputs, index) != nil else { return nil }
            guard let value = try operand(inputs, index, context).integerValues(limit: 1)?.first else {
                throw context.invalid(self, inputs, "input \(index) is no single integer")
            }
            return value
        }
        let at = try resolveAxis(try axis ?? scalar(2) ?? -2, rank: x.rank, inputs, context)
        guard at < x.rank - 1, let parts = x.shape.last, parts == 1 || parts == 2, x.dtype.isFloat else {
            throw context.invalid(self, inputs, "wants real or complex numbers in the last axis")
        }
        let isReal = isInverse && isOneSided
        let given = x.shape[at]
        let length = try scalar(1) ?? (isReal ? 2 * (given - 1) : given)
        guard length > 0, length <= FourierTransform.maximumLength else {
            throw context.invalid(self, inputs, "there is no transform of length \(length)")
        }
        var shape = x.shape
        shape[at] = isOneSided && !isInverse ? length / 2 + 1 : length
        shape[x.rank - 1] = isReal ? 1 : 2
        let result = try context.output(0, x.dtype, shape)
        guard result.count > 0, let transform = FourierTransform(length: length, type: x.dtype.element) else {
            return [result]
        }
        let outer = x.shape[..<at].reduce(1, *)
        let inner = x.shape[(at + 1)..<(x.rank - 1)].reduce(1, *)
        let size = x.dtype.size
        let columns = TransformedColumns(
            transform: transform, isInverse: isInverse, mirrorsHalf: isReal, parts: parts, read: min(given, length),
            written: shape[at], isReal: isReal, window: nil)
        // All signals of one outer block lie side by side; where they do not, many blocks are one.
        let blocks = inner == 1 ? 1 : outer
        let signals = inner == 1 ? outer : inner
        let signalStride = inner == 1 ? given * parts : parts
        let stepStride = inner * parts
        let target = (signal: inner == 1 ? shape[at] : 1, step: inner)
        for block in 0..<blocks {
            columns.run(
                signals, from: x.pointer + block * given * inner * parts * size, signalStride: signalStride,
                stepStride: stepStride,
                into: result.pointer + block * shape[at] * inner * (isReal ? 1 : 2) * size, target: target, context)
        }
        return [result]
    }
}
