import MartletGraph

extension ONNXOp {
    /// Einstein's summation. What is a product of two matrices becomes one, so that its rules apply; the rest is an op of its
    /// own.
    static let einsum = ONNXOp(
        "Einsum", inputs: 1...Int.max,
        one: { call in
            let equation = try call.string("equation", default: "")
            let inputs = try call.allInputs()
            return try call.matrixProduct(equation, inputs) ?? call.emitAll(EinsumOp(equation), inputs)[0]
        })
}

extension ONNXCall {
    /// nil unless the equation is of two inputs, of one summed letter, one letter of the right side's own, and one or, if the
    /// right side is a matrix, more of the left side's own; every other letter stands on both sides and in the result.
    fileprivate func matrixProduct(_ equation: String, _ inputs: [ValueID]) throws -> ValueID? {
        let sides = equation.split(separator: "->").map { $0.filter { $0 != " " } }
        guard inputs.count == 2, sides.count == 2, equation.allSatisfy({ $0.isLetter || " ,->".contains($0) }) else {
            return nil
        }
        let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
        let output = Array(sides[1])
        guard terms.count == 2, (terms + [output]).allSatisfy({ Set($0).count == $0.count }),
            zip(terms, inputs).allSatisfy({ $0.count == type($1).rank }), dtype(inputs[0]) == dtype(inputs[1])
        else { return nil }
        let (x, y) = (terms[0], terms[1])
        let shared = x.filter(y.contains)
        let sum = shared.filter { !output.contains($0) }
        let batch = output.filter(shared.contains)
        let rows = output.filter { x.contains($0) && !shared.contains($0) }
        let columns = output.filter { y.contains($0) && !shared.contains($0) }
        guard sum.count == 1, columns.count == 1, rows.count == 1 || rows.count > 1 && batch.isEmpty,
            batch.count + rows.count + columns.count == output.count, x.count == batch.count + rows.count + 1,
            y.count == batch.count + 2, !broadcasts(x, y, inputs)
        else { return nil }
        func arranged(_ value: ValueID, _ from: [Character], _ to: [Character]) throws -> ValueID {
            guard from != to else { return value }
            return try emit(TransposeOp(to.compactMap { from.firstIndex(of: $0) }), value)
        }
        let product = try emit(
            MatMulOp(), arranged(inputs[0], x, batch + rows + sum), arranged(inputs[1], y, batch + sum + columns))
        return try arranged(product, batch + rows + columns, output)
    }

    /// Whether a dimension of 1 may meet another one of its letter, which a product of matrices does not take.
    private func broadcasts(_ x: [Character], _ y: [Character], _ inputs: [ValueID]) -> Bool {
        guard let a = type(inputs[0]).shape, let b = type(inputs[1]).shape else { return true }
        return zip(x, a).contains { letter, dim in
            guard let place = y.firstIndex(of: letter) else { return false }
            return (dim == .fixed(1)) != (b[place] == .fixed(1))
        }
    }
}
