import MartletTensor

/// Plain loops for element types that have no kernel of their own.

/// A copy of `x` if `result` is about to overwrite it although the two differ in shape: the plan allows overwriting by
/// symbolic types, which a broken model may contradict when it runs.
func detached(_ x: Tensor, from result: Tensor) throws -> Tensor {
    guard x.pointer == result.pointer, x.shape != result.shape else { return x }
    let copy = try Tensor(x.dtype, shape: x.shape)
    copy.pointer.copyMemory(from: x.pointer, byteCount: x.byteCount)
    return copy
}

@inline(__always)
func mapElements<T: TensorElement, R: TensorElement>(
    _ x: Tensor, _ result: Tensor, _ body: (T) throws -> R
) rethrows {
    let from = x.elements(T.self)
    let to = result.mutableElements(R.self)
    for index in 0..<from.count { to[index] = try body(from[index]) }
}

@inline(__always)
func zipElements<T: TensorElement, U: TensorElement, R: TensorElement>(
    _ x: Tensor, _ y: Tensor, _ result: Tensor, _ body: (T, U) throws -> R
) rethrows {
    let loop = BroadcastLoop([x.shape, y.shape], output: result.shape)
    let (a, b) = (x.elements(T.self), y.elements(U.self))
    let to = result.mutableElements(R.self)
    let (stepA, stepB, length) = (loop.step(0), loop.step(1), loop.rowLength)
    try loop.forEachRow { output, offsets in
        let (i, j) = (offsets[0], offsets[1])
        for index in 0..<length { to[output + index] = try body(a[i + index * stepA], b[j + index * stepB]) }
    }
}

/// A body for each integer type, under one name.
protocol IntegerVisitor {
    associatedtype Result
    func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) throws -> Result
}

/// Calls the visitor with the Swift type of an integer dtype; nil for floats and bool.
func visitInteger<V: IntegerVisitor>(_ dtype: DType, _ visitor: V) throws -> V.Result? {
    switch dtype {
    case .int8: try visitor.visit(Int8.self)
    case .uint8: try visitor.visit(UInt8.self)
    case .int16: try visitor.visit(Int16.self)
    case .uint16: try visitor.visit(UInt16.self)
    case .int32: try visitor.visit(Int32.self)
    case .uint32: try visitor.visit(UInt32.self)
    case .int64: try visitor.visit(Int64.self)
    case .uint64: try visitor.visit(UInt64.self)
    default: nil
    }
}
