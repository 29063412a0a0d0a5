import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Pairs of numbers of each head, turned by an angle that grows with the position.
    ///
    /// x is [batch, heads, steps, width] or [batch, steps, heads · width]; pairs are the two halves of a head, or neighbours.
    static let rotaryEmbedding = ONNXOp(
        "RotaryEmbedding", inputs: 3...4,
        one: { call in
            var x = try call.input(0)
            let rank = try call.rank(x)
            // From here on [batch, steps, heads, width].
            if rank == 3 {
                guard let heads = try call.int("num_heads"), heads > 0, let width = call.type(x).shape?[2].fixedValue,
                    width.isMultiple(of: heads)
                else { throw call.wrong("the number and width of heads are not known") }
                x = try call.emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(heads), .fixed(width / heads)]), x)
            } else {
                guard rank == 4 else { throw call.wrong("wants x of rank 3 or 4") }
                x = try call.emit(TransposeOp([0, 2, 1, 3]), x)
            }
            guard let width = call.type(x).shape?[3].fixedValue else {
                throw call.wrong("the width of a head is not known")
            }
            let given = try call.int("rotary_embedding_dim", default: 0)
            let turned = given == 0 ? width : given
            guard turned > 0, turned <= width, turned.isMultiple(of: 2) else {
                throw call.wrong("\(turned) of \(width) numbers of a head cannot be turned")
            }
            func slice(_ x: ValueID, _ start: Int, _ end: Int, step: Int = 1) throws -> ValueID {
                try call.emit(SliceOp([.init(axis: 3, start: .fixed(start), end: .fixed(end), step: step)]), x)
            }
            func table(_ index: Int) throws -> ValueID {
                var table = try call.input(index)
                if let places = call.optional(3) { table = try call.emit(GatherOp(axis: 0), table, places) }
                return try call.emit(UnsqueezeOp(axes: [2]), table)
            }
            let isInterleaved = try call.flag("interleaved")
            let half = turned / 2
            let a = try isInterleaved ? slice(x, 0, turned, step: 2) : slice(x, 0, half)
            let b = try isInterleaved ? slice(x, 1, turned, step: 2) : slice(x, half, turned)
            let (cos, sin) = (try table(1), try table(2))
            func product(_ x: ValueID, _ y: ValueID) throws -> ValueID { try call.emit(BinaryOp(.mul), x, y) }
            let real = try call.emit(BinaryOp(.sub), product(cos, a), product(sin, b))
            let imaginary = try call.emit(BinaryOp(.add), product(sin, a), product(cos, b))
            var y: ValueID
            if isInterleaved {
                let pairs = try call.emit(
                    ConcatOp(axis: 4), call.emit(UnsqueezeOp(axes: [4]), real),
                    call.emit(UnsqueezeOp(axes: [4]), imaginary))
                y = try call.emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(0), .fixed(turned)]), pairs)
            } else {
                y = try call.emit(ConcatOp(axis: 3), real, imaginary)
            }
            if turned < width { y = try call.emit(ConcatOp(axis: 3), y, slice(x, turned, width)) }
            if rank == 3 { return try call.emit(ReshapeOp([.fixed(0), .fixed(0), .fixed(-1)]), y) }
            return try call.emit(TransposeOp([0, 2, 1, 3]), y)
        })
}
