import MartletTensor

/// The same bits under another dtype of the same size. Input: x.
package struct BitCastOp: GraphOp {
    package static let name = "BitCast"
    package var dtype: DType

    package init(_ dtype: DType) { self.dtype = dtype }

    package var attributes: String { dtype.name }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard isSameSize(x.type.dtype) else {
            throw impossible(inputs, "\(x.type.dtype.name) and \(dtype.name) differ in size")
        }
        return [ValueType(dtype, x.type.shape)]
    }

    private func isSameSize(_ other: DType) -> Bool {
        other.size == dtype.size && other.packedBits == dtype.packedBits && other.isNumeric && dtype.isNumeric
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard isSameSize(x.dtype) else { throw context.invalid(self, inputs, "the types differ in size") }
        let result = try context.output(0, dtype, x.shape)
        guard x.byteCount > 0 else { return [result] }
        let bytes = UnsafeRawBufferPointer(start: x.pointer, count: x.byteCount)
        let to = UnsafeMutableRawBufferPointer(start: result.pointer, count: x.byteCount)
        if dtype == .bool {
            // A bool is 0 or 1; other bytes count as true.
            for index in bytes.indices { to[index] = bytes[index] == 0 ? 0 : 1 }
        } else if let bits = dtype.packedBits {
            // Integers of less than a byte are sign-extended.
            let unused = UInt8(8 - bits)
            let isSigned = dtype == .int4 || dtype == .int2
            for index in bytes.indices {
                let high = bytes[index] << unused
                to[index] = isSigned ? UInt8(bitPattern: Int8(bitPattern: high) >> Int8(unused)) : high >> unused
            }
        } else {
            to.copyMemory(from: bytes)
        }
        return [result]
    }
}
