import MartletKernels
import MartletTensor

/// The steps of an `EinsumOp`: operands made ready, then two at a time made one.
struct EinsumContraction {
    struct Term {
        var tensor: Tensor
        var labels: [Int]
    }

    let sizes: [Int: Int]
    let context: RunContext

    private func size(_ labels: some Sequence<Int>) -> Int { labels.reduce(1) { $0 * (sizes[$1] ?? 1) } }

    /// An operand with each label once: diagonals taken, dimensions that only broadcast left out, and summed over labels that
    /// nothing else has.
    func term(_ tensor: Tensor, _ labels: [Int], keeping needed: Set<Int>) throws -> Term {
        let dense = rowMajorStrides(tensor.shape)
        var names: [Int] = []
        var strides: [Int] = []
        for (axis, name) in labels.enumerated() {
            let length = sizes[name] ?? 1
            if tensor.shape[axis] == 1, length != 1 { continue }
            if let place = names.firstIndex(of: name) {
                strides[place] += dense[axis]
            } else {
                names.append(name)
                strides.append(dense[axis])
            }
        }
        var result = Term(tensor: tensor, labels: names)
        let shape = names.map { sizes[$0] ?? 1 }
        if strides != rowMajorStrides(shape) || shape.reduce(1, *) != tensor.count {
            result.tensor = try Tensor(tensor.dtype, shape: shape)
            copyStrided(from: tensor, at: 0, strides: strides, to: result.tensor)
        } else {
            result.tensor = tensor.reshaped(shape)
        }
        return try summed(result, keeping: needed)
    }

    private func summed(_ term: Term, keeping needed: Set<Int>) throws -> Term {
        let axes = term.labels.indices.filter { !needed.contains(term.labels[$0]) }
        guard !axes.isEmpty else { return term }
        // A context of its own: the op's slots are for its result.
        let sum = try ReduceOp(.sum, axes: axes, keepDims: false).run([term.tensor], RunContext(pool: context.pool))
        return Term(tensor: sum[0], labels: term.labels.filter(needed.contains))
    }

    /// The two terms whose contraction has the fewest elements.
    func cheapestPair(_ terms: [Term], output: [Int]) -> (Int, Int) {
        var best = (0, 1)
        var least = Int.max
        for b in terms.indices.dropFirst() {
            for a in 0..<b {
                let others = terms.indices.filter { $0 != a && $0 != b }.flatMap { terms[$0].labels } + output
                let kept = Set(terms[a].labels).union(terms[b].labels).intersection(others)
                let elements = kept.reduce(1) { $0.multipliedReportingOverflow(by: sizes[$1] ?? 1).partialValue }
                if elements < least {
                    least = elements
                    best = (a, b)
                }
            }
        }
        return best
    }

    /// The term's tensor with its dimensions in the order of `labels`, which are the same ones; itself where possible.
    func arranged(_ term: Term, _ labels: [Int]) throws -> Tensor {
        let shape = labels.map { sizes[$0] ?? 1 }
        guard term.labels != labels else { return term.tensor }
        let dense = rowMajorStrides(term.tensor.shape)
        let strides = labels.map { label in term.labels.firstIndex(of: label).map { dense[$0] } ?? 0 }
        let result = try Tensor(term.tensor.dtype, shape: shape)
        copyStrided(from: term.tensor, at: 0, strides: strides, to: result)
        return result
    }

    func contract(_ a: Term, _ b: Term, keeping needed: Set<Int>, output: [Int]) throws -> Term {
        let shared = a.labels.filter(b.labels.contains)
        let sum = shared.filter { !needed.contains($0) }
        func inOrder(_ labels: [Int]) -> [Int] {
            labels.sorted { (output.firstIndex(of: $0) ?? -1) < (output.firstIndex(of: $1) ?? -1) }
        }
        let batch = inOrder(shared.filter(needed.contains))
        let rows = inOrder(a.labels.filter { !shared.contains($0) })
        let columns = inOrder(b.labels.filter { !shared.contains($0) })
        let (m, n, k) = (size(rows), size(columns), size(sum))
        if k == 1 || (m == 1 && n == 1) {
            return try multiplied(a, b, batch + rows + columns, sum, keeping: needed)
        }
        // The side whose labels come first in the result is the left one: its rows are the result's.
        if let first = output.first(where: { rows.contains($0) || columns.contains($0) }), columns.contains(first) {
            return try contract(b, a, keeping: needed, output: output)
        }
        let result = try Tensor(a.tensor.dtype, shape: (batch + rows + columns).map { sizes[$0] ?? 1 })
        guard result.count > 0 else { return Term(tensor: result, labels: batch + rows + columns) }
        if k == 0 {
            ScalarValue(dtype: result.dtype, bits: 0).fill(result)
            return Term(tensor: result, labels: batch + rows + columns)
        }
        var product = MatrixProduct(m: m, n: n, k: k)
        let x: Tensor
        if a.labels == batch + sum + rows {
            product.transposeA = true
            x = a.tensor
        } else {
            x = try arranged(a, batch + rows + sum)
        }
        let y: Tensor
        if b.labels == batch + columns + sum {
            product.transposeB = true
            y = b.tensor
        } else {
            y = try arranged(b, batch + sum + columns)
        }
        let count = size(batch)
        if result.dtype == .float32, count > 1 {
            let each = product
            context.parallelRows(count, work: 2 * m * n * k) { range in
                for place in range { each.runFloats(x, place * m * k, y, place * k * n, result, place * m * n) }
            }
        } else {
            for place in 0..<count {
                guard try product.run(x, place * m * k, y, place * k * n, result, place * m * n, context) else {
                    throw context.invalid(
                        EinsumOp(""), [a.tensor, b.tensor], "there is no product of these types or sizes")
                }
            }
        }
        return Term(tensor: result, labels: batch + rows + columns)
    }

    /// Elementwise products, then a sum over what is left of them: where matrices would have one row and column each.
    private func multiplied(
        _ a: Term, _ b: Term, _ kept: [Int], _ sum: [Int], keeping needed: Set<Int>
    ) throws -> Term {
        let labels = kept + sum
        func spread(_ term: Term) throws -> Tensor {
            let own = labels.filter(term.labels.contains)
            return try arranged(term, own).reshaped(labels.map { own.contains($0) ? sizes[$0] ?? 1 : 1 })
        }
        let product = try Tensor(a.tensor.dtype, shape: labels.map { sizes[$0] ?? 1 })
        if product.count > 0 { try BinaryOp(.mul).apply(spread(a), spread(b), into: product) }
        return try summed(Term(tensor: product, labels: labels), keeping: needed)
    }
}
