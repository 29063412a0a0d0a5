import MartletKernels
import MartletTensor

/// Fourier transforms of frames of a signal: [batch, frames, frequencies, 2].
///
/// Inputs: signal [batch, length] or [batch, length, 1 or 2], distance of frames (integer scalar), window [frame]?, length of
/// a frame (integer scalar)?. Without a length it is the window's; without both, the signal's.
package struct STFTOp: GraphOp {
    package static let name = "STFT"
    package var isOneSided: Bool

    package init(isOneSided: Bool = true) { self.isOneSided = isOneSided }

    package var attributes: String { isOneSided ? "onesided" : "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        let step = try operand(inputs, 1)
        try requireInteger(inputs, step, "the distance of frames")
        if let window = optional(inputs, 2) { _ = try requireSameDType(inputs, [x, window]) }
        if let length = optional(inputs, 3) { try requireInteger(inputs, length, "the length of a frame") }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count == 2 || shape.count == 3 else { throw impossible(inputs, "wants a signal [batch, length]") }
        let frame: Dim
        if let length = optional(inputs, 3) {
            frame = length.integers?.first ?? .unknown
        } else if let window = optional(inputs, 2) {
            frame = window.type.shape?.first ?? .unknown
        } else {
            frame = shape[1]
        }
        var frames: Dim = .unknown
        if let frame = frame.fixedValue, let length = shape[1].fixedValue, let step = step.integers?.first?.fixedValue {
            guard frame > 0, step > 0, frame <= length else { throw impossible(inputs, "no frame fits the signal") }
            frames = .fixed((length - frame) / step + 1)
        }
        let frequencies = isOneSided ? frame.fixedValue.map { Dim.fixed($0 / 2 + 1) } ?? .unknown : frame
        return [ValueType(x.type.dtype, [shape[0], frames, frequencies, .fixed(2)])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let count = outputs.first?.reduce(1, *), count > 0 else { return 0 }
        return 5 * count * (Int.bitWidth - count.leadingZeroBitCount)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard x.rank == 2 || x.rank == 3, x.dtype.isFloat,
            let step = try operand(inputs, 1, context).integerValues(limit: 1)?.first
        else { throw context.invalid(self, inputs, "wants a signal [batch, length] and a distance of frames") }
        let parts = x.rank == 3 ? x.shape[2] : 1
        var window: [Double]?
        var frame = x.shape[1]
        if optional(inputs, 2) != nil {
            let given = try operand(inputs, 2, context)
            guard given.rank == 1 else { throw context.invalid(self, inputs, "the window is no vector") }
            window = try given.converted(to: .float64).values(Double.self)
            frame = given.count
        }
        if optional(inputs, 3) != nil {
            guard let length = try operand(inputs, 3, context).integerValues(limit: 1)?.first else {
                throw context.invalid(self, inputs, "the length of a frame is no integer")
            }
            frame = length
        }
        guard step > 0, frame > 0, frame <= x.shape[1], parts == 1 || parts == 2, window?.count ?? frame == frame,
            let transform = FourierTransform(length: frame, type: x.dtype.element)
        else { throw context.invalid(self, inputs, "frames, window and signal do not go together") }
        let frames = (x.shape[1] - frame) / step + 1
        let frequencies = isOneSided ? frame / 2 + 1 : frame
        let result = try context.output(0, x.dtype, [x.shape[0], frames, frequencies, 2])
        guard result.count > 0 else { return [result] }
        let columns = TransformedColumns(
            transform: transform, isInverse: false, mirrorsHalf: false, parts: parts, read: frame,
            written: frequencies, isReal: false, window: window)
        let size = x.dtype.size
        for row in 0..<x.shape[0] {
            columns.run(
                frames, from: x.pointer + row * x.shape[1] * parts * size, signalStride: step * parts,
                stepStride: parts, into: result.pointer + row * frames * frequencies * 2 * size,
                target: (signal: frequencies, step: 1), context)
        }
        return [result]
    }
}
