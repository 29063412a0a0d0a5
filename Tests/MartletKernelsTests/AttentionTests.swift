import Glibc
import MartletKernels
import Testing

extension KernelTests {
    @Suite struct AttentionTests {
        struct Shape: CustomStringConvertible, Sendable {
            var name: String
            var heads = 2
            var kvHeads: Int?
            var dim = 32
            /// (queries, keys) of each sequence
            var lengths: [(Int, Int)]
            /// Rows from one sequence to the next; nil: packed
            var padded: Int?
            var causal = false
            /// Of the bias: sequence, head, query, key
            var bias: (Int, Int, Int, Int)?
            var description: String { name }
        }

        static let shapes: [Shape] = [
            .init(name: "ragged", lengths: [(1, 1), (27, 27), (14, 14), (33, 33), (5, 5), (0, 0), (70, 70)]),
            .init(name: "padded", dim: 64, lengths: [(12, 12), (40, 31), (40, 40)], padded: 40),
            .init(name: "padded queries run too", lengths: [(20, 3), (20, 20)], padded: 20),
            .init(name: "cross, no keys", lengths: [(3, 9), (4, 0), (17, 1)], padded: 20),
            .init(name: "odd dimensions", heads: 3, dim: 7, lengths: [(9, 9), (18, 18)]),
            .init(name: "one vector", dim: 16, lengths: [(21, 21)]),
            .init(name: "one and a half tiles", dim: 48, lengths: [(21, 21), (35, 35)]),
            .init(name: "wide", heads: 1, dim: 80, lengths: [(19, 19)]),
            .init(name: "dimension one", dim: 1, lengths: [(6, 6)]),
            .init(name: "causal", lengths: [(1, 1), (30, 30), (50, 50)], causal: true),
            .init(name: "causal with past", lengths: [(5, 40), (1, 17)], padded: 40, causal: true),
            .init(name: "causal with more queries than keys", lengths: [(20, 6)], padded: 20, causal: true),
            .init(name: "relative positions", lengths: [(25, 25), (11, 11)], bias: (0, 900, 30, 1)),
            .init(name: "mask by key", lengths: [(25, 25), (11, 11)], padded: 25, bias: (40, 0, 0, 1)),
            .init(name: "strided bias", lengths: [(6, 6)], bias: (0, 1, 0, 2)),
            .init(name: "grouped heads", heads: 4, kvHeads: 2, lengths: [(8, 8), (16, 16)]),
        ]

        @Test(arguments: shapes)
        func matchesTheDefinition(_ s: Shape) {
            var random = Random(7)
            let kv = s.kvHeads ?? s.heads
            let hidden = (s.heads + 2 * kv) * s.dim
            var start: [Int32] = []
            var row = 0
            for (q, k) in s.lengths {
                start.append(Int32(row))
                row += s.padded ?? max(q, k)
            }
            let rows = max(row, 1)
            let x = random.floats(rows * hidden, -2, 2)
            var bias = random.floats(4000, -3, 3)
            for i in stride(from: 3, to: bias.count, by: 17) { bias[i] = -.infinity }
            let scale = Float(1 / Double(s.dim).squareRoot())
            let ql = s.lengths.map { Int32($0.0) }
            let kl = s.lengths.map { Int32($0.1) }

            var expected = [Double](repeating: -9, count: rows * s.heads * s.dim)
            for (i, (queries, keys)) in s.lengths.enumerated() {
                for h in 0..<s.heads {
                    let shared = h / (s.heads / kv)
                    for q in 0..<queries {
                        var scores: [Double] = []
                        for k in 0..<keys where !s.causal || k <= q + keys - queries {
                            var dot = 0.0
                            for c in 0..<s.dim {
                                dot +=
                                    Double(x[(Int(start[i]) + q) * hidden + h * s.dim + c])
                                    * Double(x[(Int(start[i]) + k) * hidden + (s.heads + shared) * s.dim + c])
                            }
                            let at = s.bias.map { i * $0.0 + h * $0.1 + q * $0.2 + k * $0.3 }
                            scores.append(dot * Double(scale) + (at.map { Double(bias[$0]) } ?? 0))
                        }
                        let top = scores.max() ?? -.infinity
                        let weights = top == -.infinity ? scores.map { _ in 0 } : scores.map { exp($0 - top) }
                        let sum = weights.reduce(0, +)
                        for c in 0..<s.dim {
                            var value = 0.0
                            for (k, w) in weights.enumerated() where w > 0 {
                                value +=
                                    w / sum
                                    * Double(x[(Int(start[i]) + k) * hidden + (s.heads + kv + shared) * s.dim + c])
                            }
                            expected[(Int(start[i]) + q) * s.heads * s.dim + h * s.dim + c] = value
                        }
                    }
                }
            }

            atEachISA { isa in
                var out = [Float](repeating: -9, count: expected.count)
                let count = Kernels.attentionScratch(maxKeys: Int(kl.max() ?? 0), headDim: s.dim)
                var scratch = [Float](repeating: .nan, count: count)
                withAll(x, bias, start, ql, kl) { base, bias, start, ql, kl in
                    out.pointedMutably { out in
                        var a = Kernels.Attention(
                            q: .init(base, row: hidden, head: s.dim),
                            k: .init(base + s.heads * s.dim, row: hidden, head: s.dim),
                            v: .init(base + (s.heads + kv) * s.dim, row: hidden, head: s.dim),
                            out: .init(out, row: s.heads * s.dim, head: s.dim), heads: s.heads,
                            headDim: s.dim, start: start, length: kl, scale: scale, causal: s.causal)
                        a.kvHeads = kv
                        a.bias = s.bias.map {
                            .init(bias, sequence: $0.0, head: $0.1, query: $0.2, key: $0.3)
                        }
                        a.queryLength = ql
                        Kernels.attention(a, sequences: 0..<s.lengths.count, scratch: &scratch)
                    }
                }
                #expect(largestDifference(out, expected) < 5e-6, "\(isa)")
            }
        }

        private func withAll(
            _ x: [Float], _ bias: [Float], _ start: [Int32], _ ql: [Int32], _ kl: [Int32],
            _ body: (
                UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Int32>,
                UnsafePointer<Int32>
            ) -> Void
        ) {
            x.pointed { x in
                bias.pointed { bias in
                    start.pointed { start in ql.pointed { ql in kl.pointed { body(x, bias, start, ql, $0) } } }
                }
            }
        }
    }
}
