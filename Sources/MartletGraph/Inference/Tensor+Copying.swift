import MartletKernels
import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes `source` into `target` of the same dtype, repeated as broadcasting to its shape says. The shapes must go together.
func copyBroadcast(from source: Tensor, to target: Tensor) {
    copyStrided(from: source, at: 0, strides: broadcastStrides(source.shape, to: target.shape), to: target)
}

/// Fills `target` (dense) with the elements of `source` at `offset + Σ index · strides`, in elements. The caller has checked
/// that all of them lie inside.
func copyStrided(from source: Tensor, at offset: Int, strides: [Int], to target: Tensor) {
    guard target.count > 0 else { return }
    let size = target.dtype.size
    var dims: [Int] = []
    var steps: [Int] = []
    for (dim, stride) in zip(target.shape, strides) where dim != 1 {
        if let last = dims.last, steps[steps.count - 1] == stride * dim {
            dims[dims.count - 1] = last * dim
            steps[steps.count - 1] = stride
        } else {
            dims.append(dim)
            steps.append(stride)
        }
    }
    let base = source.pointer + offset * size
    guard dims.count > kernelRank else {
        Kernels.stridedCopy(base, into: target.pointer, elementSize: size, shape: dims, strides: steps)
        return
    }
    // Outer axes beyond what the kernel takes, one block at a time.
    let outer = dims.count - kernelRank
    let block = dims[outer...].reduce(size, *)
    for position in 0..<dims[..<outer].reduce(1, *) {
        var rest = position
        var from = 0
        for axis in (0..<outer).reversed() {
            from += rest % dims[axis] * steps[axis]
            rest /= dims[axis]
        }
        Kernels.stridedCopy(
            base + from * size, into: target.pointer + position * block, elementSize: size,
            shape: Array(dims[outer...]), strides: Array(steps[outer...]))
    }
}

/// The highest rank that `Kernels.stridedCopy` takes.
private let kernelRank = 16

/// Fills `target` with `parts` interleaved: for each of `outer` blocks, each part's block in turn.
func copySideBySide(_ parts: [Tensor], outer: Int, to target: Tensor) {
    guard outer > 0 else { return }
    var to = target.pointer
    let blocks = parts.map { $0.byteCount / outer }
    for block in 0..<outer {
        for (part, bytes) in zip(parts, blocks) where bytes > 0 {
            memcpy(to, part.pointer + block * bytes, bytes)
            to += bytes
        }
    }
}
