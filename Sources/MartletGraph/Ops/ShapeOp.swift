import MartletTensor

/// Dimensions `start` to before `end` of x, as int64 vector. Input: x.
package struct ShapeOp: GraphOp {
    package static let name = "Shape"
    package var start: Int
    package var end: Int?

    package init(start: Int = 0, end: Int? = nil) {
        self.start = start
        self.end = end
    }

    package var attributes: String { start == 0 && end == nil ? "" : "from=\(start)\(end.map { " to=\($0)" } ?? "")" }

    /// The dimensions asked for, of a tensor of this rank; places outside are clamped.
    func range(rank: Int) -> Range<Int> {
        func place(_ index: Int) -> Int { min(max(index < 0 ? (index < -rank ? 0 : index + rank) : index, 0), rank) }
        let first = place(start)
        return first..<max(first, end.map(place) ?? rank)
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let rank = x.type.rank else { return [ValueType(.int64, [.unknown])] }
        return [ValueType(.int64, [.fixed(range(rank: rank).count)])]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let shape = inputs.first??.type.shape else { return nil }
        return Array(shape[range(rank: shape.count)])
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let dims = x.shape[range(rank: x.rank)]
        let result = try context.output(0, .int64, [dims.count])
        for (index, dim) in dims.enumerated() { result.mutableElements(Int64.self)[index] = Int64(dim) }
        return [result]
    }
}
