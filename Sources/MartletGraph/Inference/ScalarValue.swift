import MartletTensor

/// One element of any dtype, comparable by its bits; an attribute of ops that make constants.
package struct ScalarValue: Hashable, Sendable {
    package let dtype: DType
    /// The element's bytes, little end first, zero beyond its size.
    package let bits: UInt64

    package init(dtype: DType, bits: UInt64) {
        self.dtype = dtype
        self.bits = bits
    }

    /// The first element of a tensor; nil if it has none.
    package init?(_ tensor: Tensor) {
        guard tensor.count > 0 else { return nil }
        var bits: UInt64 = 0
        withUnsafeMutableBytes(of: &bits) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.dtype.size))
        }
        self.init(dtype: tensor.dtype, bits: bits)
    }

    package init(_ value: Float) { self.init(dtype: .float32, bits: UInt64(value.bitPattern)) }
    package init(_ value: Int64) { self.init(dtype: .int64, bits: UInt64(bitPattern: value)) }
    package init(_ value: Bool) { self.init(dtype: .bool, bits: value ? 1 : 0) }

    /// Whether all bits are zero: `+0.0`, 0 or false.
    package var isZero: Bool { bits == 0 }

    /// The value of an integer or bool.
    package var integer: Int? {
        switch dtype {
        case .int8: Int(Int8(truncatingIfNeeded: bits))
        case .int16: Int(Int16(truncatingIfNeeded: bits))
        case .int32: Int(Int32(truncatingIfNeeded: bits))
        case .int64: Int(Int64(truncatingIfNeeded: bits))
        case .uint8, .uint16, .uint32, .bool: Int(bits)
        case .uint64: Int(exactly: bits)
        default: nil
        }
    }

    /// The value of a float32 or float64.
    package var double: Double? {
        switch dtype {
        case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float64: Double(bitPattern: bits)
        default: nil
        }
    }

    /// A tensor of `shape` filled with this value. Throws `TensorError`.
    package func filled(_ shape: [Int]) throws -> Tensor {
        let tensor = try Tensor(dtype, shape: shape)
        fill(tensor)
        return tensor
    }

    /// Writes the value into every element of a tensor of this dtype.
    package func fill(_ tensor: Tensor) { fill(tensor.pointer, count: tensor.count) }

    /// Writes the value `count` times from `pointer` on.
    package func fill(_ pointer: UnsafeMutableRawPointer, count: Int) {
        switch dtype.size {
        case 1: pointer.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: bits), count: count)
        case 2: pointer.initializeMemory(as: UInt16.self, repeating: UInt16(truncatingIfNeeded: bits), count: count)
        case 4: pointer.initializeMemory(as: UInt32.self, repeating: UInt32(truncatingIfNeeded: bits), count: count)
        default: pointer.initializeMemory(as: UInt64.self, repeating: bits, count: count)
        }
    }
}

extension ScalarValue: CustomStringConvertible {
    package var description: String {
        if let double { return dtype == .float32 ? "\(Float(double))" : "\(double)" }
        if dtype == .bool { return bits == 0 ? "false" : "true" }
        return integer.map { "\($0)" } ?? "\(dtype.name)(\(bits))"
    }
}
