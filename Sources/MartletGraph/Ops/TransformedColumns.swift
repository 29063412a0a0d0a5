import MartletKernels
import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Fourier transforms of signals that lie anywhere in memory, a few at a time side by side.
struct TransformedColumns {
    let transform: FourierTransform
    let isInverse: Bool
    /// The signals are the first half of a spectrum whose rest follows by symmetry.
    let mirrorsHalf: Bool
    /// Numbers per element of a signal: 1 (real) or 2 (real and imaginary).
    let parts: Int
    /// Elements of a signal that are given; the rest is zero.
    let read: Int
    /// Elements of a result.
    let written: Int
    /// Whether results are their real parts alone.
    let isReal: Bool
    /// Factors of the elements of each signal.
    let window: [Double]?

    /// - Parameters:
    ///   - signalStride, stepStride: distances in numbers of signals, and of elements of a signal.
    ///   - target: the same for results, in complex numbers (or real ones, if `isReal`); one of them is 1 for the results
    ///     to be dense.
    func run(
        _ signals: Int, from: UnsafeMutableRawPointer, signalStride: Int, stepStride: Int,
        into: UnsafeMutableRawPointer, target: (signal: Int, step: Int), _ context: RunContext
    ) {
        let length = transform.length
        let size = transform.type.size
        // As many signals as stay in the cache, and no fewer than fill a vector.
        let width = Swift.min(signals, Swift.max(16, 16384 / length))
        let chunks = (signals + width - 1) / width
        context.parallelRows(chunks, work: width * length * 64) { range in
            let plane = length * width * size
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: 2 * plane + transform.workByteCount(batch: width), alignment: 64)
            defer { memory.deallocate() }
            for chunk in range {
                let first = chunk * width
                let batch = Swift.min(width, signals - first)
                load(batch, from + first * signalStride * size, signalStride, stepStride, memory, memory + plane)
                let (re, im) = (memory, memory + plane)
                if let window { transform.scale(window, batch: batch, re, im) }
                if isInverse {
                    transform.run(batch: batch, im, re, work: memory + 2 * plane)
                    transform.scale(
                        [Double](repeating: 1 / Double(length), count: length), batch: batch, re, im)
                } else {
                    transform.run(batch: batch, re, im, work: memory + 2 * plane)
                }
                store(batch, memory, plane / size, into, first, target)
            }
        }
    }

    private func load(
        _ batch: Int, _ from: UnsafeMutableRawPointer, _ signalStride: Int, _ stepStride: Int,
        _ re: UnsafeMutableRawPointer, _ im: UnsafeMutableRawPointer
    ) {
        let length = transform.length
        let size = transform.type.size
        let row = batch * size
        let count = mirrorsHalf ? Swift.min(read, length / 2 + 1) : read
        let (shape, strides) = ([count, batch], [stepStride, signalStride])
        Kernels.stridedCopy(from, into: re, elementSize: size, shape: shape, strides: strides)
        memset(re + count * row, 0, (length - count) * row)
        if parts == 2 {
            Kernels.stridedCopy(from + size, into: im, elementSize: size, shape: shape, strides: strides)
            memset(im + count * row, 0, (length - count) * row)
        } else {
            memset(im, 0, length * row)
        }
        guard mirrorsHalf else { return }
        // The first element and, of an even length, the middle one have no imaginary part that counts.
        memset(im, 0, row)
        if length % 2 == 0, count > length / 2 { memset(im + length / 2 * row, 0, row) }
        for step in 1..<Swift.max(Swift.min(count, (length + 1) / 2), 1) {
            memcpy(re + (length - step) * row, re + step * row, row)
            memcpy(im + (length - step) * row, im + step * row, row)
            let mirrored = im + (length - step) * row
            _ = Kernels.unary(.neg, type: transform.type, mirrored, into: mirrored, count: batch)
        }
    }

    private func store(
        _ batch: Int, _ planes: UnsafeMutableRawPointer, _ plane: Int, _ into: UnsafeMutableRawPointer, _ first: Int,
        _ target: (signal: Int, step: Int)
    ) {
        let size = transform.type.size
        let numbers = isReal ? 1 : 2
        if target.step == 1 {
            Kernels.stridedCopy(
                planes, into: into + first * target.signal * numbers * size, elementSize: size,
                shape: [batch, written, numbers], strides: [1, batch, plane])
            return
        }
        for step in 0..<written {
            Kernels.stridedCopy(
                planes + step * batch * size, into: into + (step * target.step + first) * numbers * size,
                elementSize: size, shape: [batch, numbers], strides: [1, plane])
        }
    }
}
