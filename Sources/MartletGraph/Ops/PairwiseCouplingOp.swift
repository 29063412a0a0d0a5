import MartletTensor

/// Probabilities of k classes from those of each pair of classes. Input: r [rows, k(k-1)/2] (float32 or float64), for classes i < j
/// in order the probability of i where only i and j are possible. Output: [rows, k], of r's type.
///
/// The second method of T.-F. Wu, C.-J. Lin, R. C. Weng, "Probability estimates for multi-class classification by pairwise
/// coupling", 2004, with the bound at which libsvm stops: results are as far from the fixed point as its are.
package struct PairwiseCouplingOp: GraphOp {
    package static let name = "PairwiseCoupling"
    package var classes: Int

    package init(classes: Int) { self.classes = classes }

    package var attributes: String { "classes=\(classes)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let r = try operand(inputs, 0)
        guard r.type.dtype == .float32 || r.type.dtype == .float64 else {
            throw impossible(inputs, "wants floats, not \(r.type.dtype.name)")
        }
        guard classes >= 2, classes <= 1 << 12 else { throw impossible(inputs, "\(classes) classes") }
        guard let shape = r.type.shape else { return [ValueType(r.type.dtype, [.unknown, .fixed(classes)])] }
        guard shape.count == 2, (shape[1].fixedValue ?? pairs) == pairs else {
            throw impossible(inputs, "\(classes) classes have \(pairs) pairs")
        }
        return [ValueType(r.type.dtype, [shape[0], .fixed(classes)])]
    }

    private var pairs: Int { classes * (classes - 1) / 2 }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (outputs.first?.reduce(1, *) ?? 0) * classes * 20
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let r = try operand(inputs, 0, context)
        guard classes >= 2, classes <= 1 << 12, r.rank == 2, r.shape[1] == pairs else {
            throw context.invalid(self, inputs, "\(classes) classes have \(pairs) pairs")
        }
        let given = try r.converted(to: .float64).values(Double.self)
        var joined = [Double](repeating: 0, count: r.shape[0] * classes)
        var coupling = Coupling(classes)
        for row in 0..<r.shape[0] {
            coupling.solve(given[row * pairs..<(row + 1) * pairs])
            joined.replaceSubrange(row * classes..<(row + 1) * classes, with: coupling.p)
        }
        let result = try context.output(0, r.dtype, [r.shape[0], classes])
        Tensor(joined, shape: result.shape).convert(into: result)
        return [result]
    }

    private struct Coupling {
        private let k: Int
        private(set) var p: [Double]
        private var q: [Double]
        private var qp: [Double]

        init(_ k: Int) {
            self.k = k
            p = [Double](repeating: 0, count: k)
            q = [Double](repeating: 0, count: k * k)
            qp = [Double](repeating: 0, count: k)
        }

        /// Q[t, t] = Σ r[j, t]², Q[t, j] = -r[j, t] r[t, j]; p minimizes pᵀ Q p with Σ p = 1.
        mutating func solve(_ pairs: ArraySlice<Double>) {
            for index in q.indices { q[index] = 0 }
            var place = pairs.startIndex
            for i in 0..<k {
                p[i] = 1 / Double(k)
                for j in i + 1..<max(k, i + 1) {
                    let (one, other) = (pairs[place], 1 - pairs[place])
                    q[i * k + i] += other * other
                    q[j * k + j] += one * one
                    q[i * k + j] = -one * other
                    q[j * k + i] = -one * other
                    place += 1
                }
            }
            for _ in 0..<max(100, k) {
                var total = 0.0
                for t in 0..<k {
                    qp[t] = 0
                    for j in 0..<k { qp[t] += q[t * k + j] * p[j] }
                    total += p[t] * qp[t]
                }
                let error = qp.reduce(0) { max($0, abs($1 - total)) }
                if !(error >= 0.005 / Double(k)) { break }
                for t in 0..<k {
                    let own = q[t * k + t]
                    let step = (total - qp[t]) / own
                    p[t] += step
                    total = (total + step * (step * own + 2 * qp[t])) / (1 + step) / (1 + step)
                    for j in 0..<k {
                        qp[j] = (qp[j] + step * q[t * k + j]) / (1 + step)
                        p[j] /= 1 + step
                    }
                }
            }
        }
    }
}
