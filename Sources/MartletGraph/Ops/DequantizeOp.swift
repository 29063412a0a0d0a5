import MartletKernels
import MartletTensor

/// (x - zero) · scale in float32. Inputs: x (int8, uint8, int16, uint16 or int32), scale (float32), zero? (of x's type):
/// scalars, or vectors of one number for each element of `axis`.
package struct DequantizeOp: GraphOp {
    package static let name = "Dequantize"
    /// nil where the parameters are scalars.
    package var axis: Int?

    package init(axis: Int? = nil) { self.axis = axis }

    package static let types: Set<DType> = [.int8, .uint8, .int16, .uint16, .int32]

    package var attributes: String { axis.map { "axis=\($0)" } ?? "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let scale = try operand(inputs, 1)
        let zero = optional(inputs, 2) ?? nil
        guard Self.types.contains(x.type.dtype), scale.type.dtype == .float32,
            zero?.type.dtype ?? x.type.dtype == x.type.dtype
        else { throw impossible(inputs, "the numbers, their scale and zero point are not of types that go together") }
        if let axis, let shape = x.type.shape { _ = try resolveAxis(axis, rank: shape.count, inputs) }
        for parameter in [scale, zero].compactMap({ $0 }) {
            guard let shape = parameter.type.fixedShape else { continue }
            guard axis == nil ? shape.allSatisfy({ $0 == 1 }) : shape.count == 1 else {
                throw impossible(inputs, "a parameter is no \(axis == nil ? "scalar" : "vector")")
            }
        }
        return [ValueType(.float32, x.type.shape)]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        var x = try operand(inputs, 0, context)
        let scale = try operand(inputs, 1, context)
        let zero = optional(inputs, 2) ?? nil
        guard Self.types.contains(x.dtype), scale.dtype == .float32, zero.map({ $0.dtype == x.dtype }) ?? true else {
            throw context.invalid(self, inputs, "the types do not go together")
        }
        var (length, inner) = (1, x.count)
        if let axis {
            let place = try resolveAxis(axis, rank: x.rank, inputs, context)
            length = x.shape[place]
            inner = x.shape[(place + 1)...].reduce(1, *)
        }
        guard scale.count == length, zero.map({ $0.count == length }) ?? true else {
            throw context.invalid(self, inputs, "there are \(scale.count) scales for \(length) slices")
        }
        let result = try context.output(0, .float32, x.shape)
        guard result.count > 0 else { return [result] }
        if x.dtype == .int16 || x.dtype == .uint16 { x = try x.converted(to: .int32) }
        let scales = scale.values(Float.self)
        let zeros = try zero?.converted(to: .int32).values(Int32.self) ?? [Int32](repeating: 0, count: length)
        let (from, to, type, size) = (x.pointer, result.mutableFloats, x.dtype.element, x.dtype.size)
        // Pieces of a slice, so that one slice is shared by the threads.
        let block = min(inner, 8192)
        let pieces = (inner + block - 1) / block
        context.parallelRows(x.count / inner * pieces, work: block) { range in
            for piece in range {
                let slice = piece / pieces
                let start = piece % pieces * block
                Kernels.dequantize(
                    from + (slice * inner + start) * size, type: type, into: to + slice * inner + start,
                    scale: scales[slice % length], zero: zeros[slice % length], count: min(block, inner - start))
            }
        }
        return [result]
    }
}
