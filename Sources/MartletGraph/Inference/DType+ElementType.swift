import MartletKernels
import MartletTensor

extension DType {
    /// The kernels' name of this type.
    var element: ElementType {
        switch self {
        case .float32: .f32
        case .float64: .f64
        case .float16: .f16
        case .bfloat16: .bf16
        case .int8: .i8
        case .uint8: .u8
        case .int16: .i16
        case .uint16: .u16
        case .int32: .i32
        case .uint32: .u32
        case .int64: .i64
        case .uint64: .u64
        case .bool: .bool
        case .float8e4m3fn: .f8e4m3fn
        case .float8e4m3fnuz: .f8e4m3fnuz
        case .float8e5m2: .f8e5m2
        case .float8e5m2fnuz: .f8e5m2fnuz
        case .float8e8m0: .f8e8m0
        case .float4e2m1: .f4e2m1
        case .int4: .i4
        case .uint4: .u4
        case .int2: .i2
        case .uint2: .u2
        case .string, .sequence, .optional: .opaque
        }
    }
}

extension Tensor {
    /// Writes the elements, converted, into a tensor of the same count. See `CastOp` for the rules.
    func convert(into target: Tensor, rounding: SmallFloatRounding = SmallFloatRounding()) {
        Kernels.convert(
            pointer, dtype.element, into: target.pointer, target.dtype.element, count: count, rounding: rounding)
    }

    /// This tensor under another dtype; itself if it has that already.
    package func converted(to dtype: DType) throws -> Tensor {
        guard dtype != self.dtype else { return self }
        let result = try Tensor(dtype, shape: shape)
        convert(into: result)
        return result
    }

    /// The elements as an array: safe to take of a tensor that nothing else holds.
    package func values<T: TensorElement>(_ type: T.Type = T.self) -> [T] {
        let tensor = aligned()
        return withExtendedLifetime(tensor) { Array(tensor.elements(type)) }
    }

    /// Read-only float32 elements. The tensor must be alive while the pointer is used.
    var floats: UnsafePointer<Float> { UnsafePointer(pointer.assumingMemoryBound(to: Float.self)) }
    /// Writable float32 elements: only for whoever just made the tensor.
    var mutableFloats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
    var int32s: UnsafePointer<Int32> { UnsafePointer(pointer.assumingMemoryBound(to: Int32.self)) }
}
