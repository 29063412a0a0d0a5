import MartletTensor

/// Einstein's summation: products of elements of all inputs, summed over the labels that the result lacks.
///
/// Pairs of inputs are contracted one after the other, those with the smallest result first; each is a product of matrices
/// wherever something is summed. Inputs: any number, of one type.
package struct EinsumOp: GraphOp {
    package static let name = "Einsum"
    package var equation: String

    package init(_ equation: String) { self.equation = equation }

    package var attributes: String { equation }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        let dtype = try requireSameDType(inputs, operands)
        guard dtype != .bool else { throw impossible(inputs, "does not take bool") }
        let shapes = operands.compactMap(\.type.shape)
        guard shapes.count == operands.count else { return [ValueType(dtype, nil)] }
        let labels: EinsumEquation
        do {
            labels = try EinsumEquation(equation, ranks: shapes.map(\.count))
        } catch let mistake as EinsumEquation.Mistake {
            throw impossible(inputs, mistake.reason)
        }
        var dims: [Int: Dim] = [:]
        for (shape, names) in zip(shapes, labels.operands) {
            for (dim, name) in zip(shape, names) {
                guard let both = Dim.broadcast(dims[name] ?? .fixed(1), dim) else {
                    throw impossible(inputs, "two dimensions of one label differ")
                }
                dims[name] = both
            }
        }
        return [ValueType(dtype, labels.output.map { dims[$0] ?? .unknown })]
    }

    /// As if all labels were looped over in one product.
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        let shapes = inputs.compactMap { $0 }
        guard let labels = try? EinsumEquation(equation, ranks: shapes.map(\.count)) else { return 0 }
        var dims: [Int: Int] = [:]
        for (shape, names) in zip(shapes, labels.operands) {
            for (dim, name) in zip(shape, names) { dims[name] = Swift.max(dims[name] ?? 1, dim) }
        }
        var product = 2
        for dim in dims.values {
            let (next, overflow) = product.multipliedReportingOverflow(by: dim)
            // More than a run could ever do: it must sum over some labels first.
            guard !overflow, next < 1 << 60 else { return 0 }
            product = next
        }
        return product
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let tensors = try inputs.indices.map { try operand(inputs, $0, context) }
        let labels: EinsumEquation
        do {
            labels = try EinsumEquation(equation, ranks: tensors.map(\.rank))
        } catch let mistake as EinsumEquation.Mistake {
            throw context.invalid(self, inputs, mistake.reason)
        }
        var sizes: [Int: Int] = [:]
        for (tensor, names) in zip(tensors, labels.operands) {
            for (dim, name) in zip(tensor.shape, names) {
                guard [1, dim].contains(sizes[name] ?? 1) || dim == 1 else {
                    throw context.invalid(self, inputs, "two dimensions of one label differ")
                }
                if dim != 1 || sizes[name] == nil { sizes[name] = dim }
            }
        }
        guard tensors.allSatisfy({ $0.dtype == tensors[0].dtype }), tensors[0].dtype != .bool else {
            throw context.invalid(self, inputs, "the inputs differ in type")
        }
        let contraction = EinsumContraction(sizes: sizes, context: context)
        var terms: [EinsumContraction.Term] = []
        for (place, tensor) in tensors.enumerated() {
            let others = Set(labels.operands.enumerated().filter { $0.offset != place }.flatMap(\.element))
            terms.append(
                try contraction.term(tensor, labels.operands[place], keeping: others.union(labels.output)))
        }
        while terms.count > 1 {
            let (a, b) = contraction.cheapestPair(terms, output: labels.output)
            let (left, right) = (terms[a], terms[b])
            terms.remove(at: b)
            terms.remove(at: a)
            let needed = Set(terms.flatMap(\.labels)).union(labels.output)
            terms.append(try contraction.contract(left, right, keeping: needed, output: labels.output))
        }
        let last = try contraction.arranged(terms[0], labels.output)
        let result = try context.output(0, tensors[0].dtype, labels.output.map { sizes[$0] ?? 1 })
        guard result.count > 0 else { return [result] }
        result.pointer.copyMemory(from: last.pointer, byteCount: result.byteCount)
        return [result]
    }
}
