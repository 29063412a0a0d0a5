import Glibc
import MartletKernels
import Testing

extension KernelTests {
    @Suite struct RowKernelTests {
        static let columns = Array(1...67) + [128, 384]

        private func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

        private func normalized(_ x: [Double], _ gamma: [Float]?, _ beta: [Float]?, _ eps: Float) -> [Double] {
            let m = mean(x)
            let variance = mean(x.map { ($0 - m) * ($0 - m) })
            return x.indices.map {
                (x[$0] - m) / (variance + Double(eps)).squareRoot() * Double(gamma?[$0] ?? 1) + Double(beta?[$0] ?? 0)
            }
        }

        @Test func layerNormMatchesItsFormula() {
            var random = Random(8)
            for n in Self.columns {
                let x = random.floats(2 * n, -3, 5)
                let residual = random.floats(2 * n)
                let gamma = random.floats(n)
                let beta = random.floats(n)
                let sums = zip(x, residual).map { Double($0 + $1) }
                let expected = (0..<2).flatMap { normalized(Array(sums[$0 * n..<$0 * n + n]), gamma, beta, 1e-5) }
                let plain = (0..<2).flatMap { normalized(x[$0 * n..<$0 * n + n].map(Double.init), nil, nil, 1e-5) }
                atEachISA { isa in
                    var y = [Float](repeating: .nan, count: 2 * n)
                    var sum = y
                    Kernels.layerNorm(
                        x, residual: residual, sumOut: &sum, gamma: gamma, beta: beta, epsilon: 1e-5, into: &y, rows: 2,
                        columns: n)
                    #expect(largestDifference(y, expected) < 2e-5, "\(isa) \(n)")
                    #expect(largestDifference(sum, sums) == 0)
                    y = residual
                    y.pointedMutably {
                        Kernels.layerNorm(
                            x, residual: UnsafePointer($0), gamma: gamma, beta: beta, epsilon: 1e-5, into: $0, rows: 2,
                            columns: n)
                    }
                    #expect(largestDifference(y, expected) < 2e-5, "in place \(isa) \(n)")
                    Kernels.layerNorm(x, gamma: nil, beta: nil, epsilon: 1e-5, into: &y, rows: 2, columns: n)
                    #expect(largestDifference(y, plain) < 2e-5, "plain \(isa) \(n)")
                }
            }
        }

        @Test func otherNormsMatchTheirFormulas() {
            var random = Random(9)
            for n in Self.columns {
                let x = random.floats(2 * n, -3, 5)
                let gamma = random.floats(n)
                let rows = (0..<2).map { x[$0 * n..<$0 * n + n].map(Double.init) }
                let rms = rows.flatMap { r in
                    let scale = (mean(r.map { $0 * $0 }) + 1e-6).squareRoot()
                    return r.indices.map { r[$0] / scale * Double(gamma[$0]) }
                }
                let l2 = rows.flatMap { r in r.map { [s = r.map { $0 * $0 }.reduce(0, +).squareRoot()] in $0 / s } }
                let soft = rows.flatMap { r in r.map { [s = r.map { exp($0) }.reduce(0, +)] in exp($0) / s } }
                atEachISA { isa in
                    var y = [Float](repeating: .nan, count: 2 * n)
                    Kernels.rmsNorm(x, gamma: gamma, epsilon: 1e-6, into: &y, rows: 2, columns: n)
                    #expect(largestDifference(y, rms) < 1e-5, "rms \(isa) \(n)")
                    Kernels.l2Normalize(x, into: &y, rows: 2, columns: n)
                    #expect(largestDifference(y, l2) < 1e-6, "l2 \(isa) \(n)")
                    Kernels.softmax(x, into: &y, rows: 2, columns: n)
                    #expect(largestDifference(y, soft) < 1e-6, "softmax \(isa) \(n)")
                    Kernels.softmax(x, into: &y, rows: 2, columns: n, logarithm: true)
                    #expect(largestDifference(y, soft.map { log($0) }) < 3e-6, "log softmax \(isa) \(n)")
                }
            }
        }

        @Test func softmaxOfExtremesIsIEEE() {
            atEachISA { _ in
                var y = [Float](repeating: 0, count: 3)
                Kernels.softmax([-Float.infinity, 0, -.infinity], into: &y, rows: 1, columns: 3)
                #expect(y == [0, 1, 0])
                Kernels.softmax([3e38, 3e38, -3e38], into: &y, rows: 1, columns: 3)
                #expect(y == [0.5, 0.5, 0])
                Kernels.softmax([Float](repeating: -.infinity, count: 3), into: &y, rows: 1, columns: 3)
                #expect(y.allSatisfy { $0.isNaN })
                Kernels.softmax([0, .nan, 0], into: &y, rows: 1, columns: 3)
                #expect(y.allSatisfy { $0.isNaN })
                Kernels.l2Normalize([0, 0, 0], into: &y, rows: 1, columns: 3)
                #expect(y == [0, 0, 0])
            }
        }

        @Test func pairsOfRowsMatchTheirFormulas() {
            var random = Random(10)
            for n in Self.columns {
                let a = random.floats(3 * n)
                let b = random.floats(n)
                func sum(_ r: Int, _ f: (Double, Double) -> Double) -> Double {
                    (0..<n).map { f(Double(a[r * n + $0]), Double(b[$0])) }.reduce(0, +)
                }
                for kind in Kernels.Pair.allCases {
                    let expected = (0..<3).map { r in
                        switch kind {
                        case .dot: sum(r, *)
                        case .l2: sum(r) { ($0 - $1) * ($0 - $1) }.squareRoot()
                        case .cosine: sum(r, *) / (sum(r) { x, _ in x * x } * sum(r) { _, y in y * y }).squareRoot()
                        }
                    }
                    atEachISA { isa in
                        var out = [Float](repeating: .nan, count: 3)
                        Kernels.rowPairs(kind, a, aStride: n, b, bStride: 0, into: &out, rows: 3, columns: n)
                        #expect(largestDifference(out, expected) < 1e-5, "\(kind) \(isa) \(n)")
                    }
                }
            }
            var out: [Float] = [5]
            Kernels.rowPairs(.cosine, [0, 0], aStride: 2, [1, 1], bStride: 2, into: &out, rows: 1, columns: 2)
            #expect(out == [0])
        }

        @Test func embeddingsAddTheirRowsAndRefuseBadIds() {
            var random = Random(11)
            for n in [1, 15, 16, 33, 64] {
                let words = random.floats(10 * n)
                let types = random.floats(2 * n)
                let ids: [Int32] = [9, 0, 3, 3]
                let gamma = random.floats(n)
                let beta = random.floats(n)
                let sums = ids.flatMap { id in (0..<n).map { Double(words[Int(id) * n + $0] + types[$0]) } }
                let normed = (0..<4).flatMap { normalized(Array(sums[$0 * n..<$0 * n + n]), gamma, beta, 1e-5) }
                atEachISA { isa in
                    words.pointed { words in
                        types.pointed { types in
                            ids.pointed { ids in
                                let tables = [
                                    Kernels.EmbeddingTable(table: words, count: 10, ids: ids),
                                    Kernels.EmbeddingTable(table: types, count: 2, ids: nil),
                                ]
                                var y = [Float](repeating: .nan, count: 4 * n)
                                #expect(Kernels.embed(tables, into: &y, rows: 4, columns: n) == nil)
                                #expect(largestDifference(y, sums) < 1e-6)
                                #expect(
                                    Kernels.embed(
                                        tables, gamma: gamma, beta: beta, epsilon: 1e-5, into: &y, rows: 4, columns: n)
                                        == nil)
                                #expect(largestDifference(y, normed) < 2e-4, "\(isa) \(n)")
                            }
                            for bad: Int32 in [10, -1, .max, .min] {
                                [2, bad].pointed {
                                    var y = [Float](repeating: 0, count: 2 * n)
                                    #expect(
                                        Kernels.embed(
                                            [.init(table: words, count: 10, ids: $0)], into: &y, rows: 2, columns: n)
                                            == 1)
                                }
                            }
                        }
                    }
                }
            }
        }

        @Test(arguments: Kernels.Pooling.allCases)
        func poolingMatchesItsFormula(_ kind: Kernels.Pooling) {
            var random = Random(12)
            let start: [Int32] = [0, 3, 5, 5]
            let length: [Int32] = [3, 2, 0, 7]
            for n in [1, 7, 16, 40, 67] {
                let x = random.floats(12 * n)
                var expected: [Double] = []
                for (s, l) in zip(start, length) {
                    for c in 0..<n {
                        let v = (0..<Int(l)).map { Double(x[(Int(s) + $0) * n + c]) }
                        let sum = v.reduce(0, +)
                        if v.isEmpty {
                            expected.append(0)
                            continue
                        }
                        switch kind {
                        case .mean: expected.append(sum / Double(l))
                        case .max: expected.append(v.max()!)
                        case .first: expected.append(v[0])
                        case .last: expected.append(v[v.count - 1])
                        case .sum: expected.append(sum)
                        case .meanSqrt: expected.append(sum / Double(l).squareRoot())
                        }
                    }
                }
                atEachISA { isa in
                    var out = [Float](repeating: .nan, count: 4 * n)
                    Kernels.pool(kind, x, start: start, length: length, into: &out, segments: 4, columns: n)
                    #expect(largestDifference(out, expected) < 2e-6, "\(isa) \(n)")
                }
            }
        }
    }
}
