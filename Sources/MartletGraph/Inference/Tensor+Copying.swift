import MartletTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

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
    let (rowLength, rowStep) = (dims.popLast() ?? 1, steps.popLast() ?? 1)
    var index = [Int](repeating: 0, count: dims.count)
    var from = 0
    var to = target.pointer
    while true {
        copyRow(base + from * size, step: rowStep, to: to, count: rowLength, size: size)
        to += rowLength * size
        var axis = dims.count - 1
        while axis >= 0 {
            index[axis] += 1
            from += steps[axis]
            if index[axis] < dims[axis] { break }
            from -= steps[axis] * dims[axis]
            index[axis] = 0
            axis -= 1
        }
        if axis < 0 { return }
    }
}

private func copyRow(
    _ source: UnsafeMutableRawPointer, step: Int, to target: UnsafeMutableRawPointer, count: Int, size: Int
) {
    if step == 1 {
        memcpy(target, source, count * size)
        return
    }
    func each<T>(_ type: T.Type) {
        let from = source.assumingMemoryBound(to: T.self)
        let to = target.assumingMemoryBound(to: T.self)
        for index in 0..<count { to[index] = from[index * step] }
    }
    switch size {
    case 1: each(UInt8.self)
    case 2: each(UInt16.self)
    case 4: each(UInt32.self)
    default: each(UInt64.self)
    }
}

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
