import MartletKernels

/// What some rows of a recurrent layer remember, and room for their gates.
final class RecurrentState {
    let h: UnsafeMutablePointer<Float>
    let c: UnsafeMutablePointer<Float>
    /// The recurrent part of the gates, row by row.
    let gates: UnsafeMutablePointer<Float>
    /// One hidden vector for each row.
    let spare: UnsafeMutablePointer<Float>
    /// The result of a second product.
    let second: UnsafeMutablePointer<Float>
    private let hidden: Int

    init(_ rows: Int, _ hidden: Int, gates columns: Int) {
        self.hidden = hidden
        let width = rows * hidden
        h = .allocate(capacity: 4 * width + rows * columns)
        h.initialize(repeating: 0, count: 4 * width + rows * columns)
        c = h + width
        spare = c + width
        second = spare + width
        gates = second + width
    }

    deinit { h.deallocate() }

    func start(_ row: Int, h from: UnsafePointer<Float>?, c other: UnsafePointer<Float>?, at place: Int) {
        if let from { (h + row * hidden).update(from: from + place, count: hidden) }
        if let other { (c + row * hidden).update(from: other + place, count: hidden) }
    }
}

/// One step of one direction of a recurrent layer, for some rows at once: products first, then each row's gates.
struct RecurrentCell {
    private let kind: RecurrentOp.Kind
    private let functions: ArraySlice<RecurrentFunction>
    private let hidden: Int
    private let peephole: UnsafePointer<Float>?
    private let clip: Float
    private let couplesForget: Bool
    private let resetsAfterProduct: Bool
    /// Whether a kernel does all that follows the product.
    private let isUsual: Bool

    init(_ op: RecurrentOp, direction: Int, hidden: Int, peephole: UnsafePointer<Float>?) {
        kind = op.kind
        let count = op.kind.functions
        functions = op.functions[(direction * count)..<((direction + 1) * count)]
        self.hidden = hidden
        self.peephole = peephole
        clip = op.clip ?? .infinity
        couplesForget = op.couplesForget
        resetsAfterProduct = op.resetsAfterProduct
        let kinds = functions.map(\.kind)
        isUsual =
            switch op.kind {
            case .rnn: false
            case .lstm: kinds == [.sigmoid, .tanh, .tanh] && !op.couplesForget
            case .gru: kinds == [.sigmoid, .tanh] && op.resetsAfterProduct
            }
    }

    /// - Parameter inputs: the inputs' part of a row's gates; nil for a row that has ended.
    func step(
        _ weights: RecurrentWeights.Direction, _ state: RecurrentState, _ rows: Int, bias: UnsafePointer<Float>?,
        _ inputs: (Int) -> UnsafePointer<Float>?
    ) {
        let columns = kind.gates * hidden
        Kernels.gemm(
            Kernels.Gemm(a: state.h, b: weights.recurrent[0], c: state.gates, cStride: columns, bias: bias),
            rows: 0..<rows)
        let isTwofold = weights.recurrent.count == 2
        for row in 0..<rows {
            guard let x = inputs(row) else { continue }
            let gates = state.gates + row * columns
            let h = state.h + row * hidden
            switch kind {
            case .rnn:
                add(x, gates, hidden)
                apply(0, gates, hidden)
                h.update(from: gates, count: hidden)
            case .lstm:
                let c = state.c + row * hidden
                if isUsual {
                    Kernels.lstmCell(x, gates, peephole: peephole, clip: clip, c: c, h: h, count: hidden)
                } else {
                    lstm(x, gates, c, h, state.spare + row * hidden)
                }
            case .gru:
                if isUsual {
                    Kernels.gruCell(x, gates, clip: clip, h: h, count: hidden)
                    continue
                }
                add(x, gates, 2 * hidden)
                apply(0, gates, 2 * hidden)
                let reset = gates + hidden
                if isTwofold {
                    combine(.mul, reset, h, state.spare + row * hidden)
                } else {
                    combine(.mul, reset, gates + 2 * hidden, state.spare + row * hidden)
                    finish(x, gates, state.spare + row * hidden, h)
                }
            }
        }
        guard isTwofold else { return }
        Kernels.gemm(Kernels.Gemm(a: state.spare, b: weights.recurrent[1], c: state.second), rows: 0..<rows)
        for row in 0..<rows {
            guard let x = inputs(row) else { continue }
            finish(x, state.gates + row * columns, state.second + row * hidden, state.h + row * hidden)
        }
    }

    /// h = (1 - z) g(x + candidate) + z h
    private func finish(
        _ x: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>, _ candidate: UnsafeMutablePointer<Float>,
        _ h: UnsafeMutablePointer<Float>
    ) {
        add(x + 2 * hidden, candidate, hidden)
        apply(1, candidate, hidden)
        combine(.sub, h, candidate, h)
        combine(.mul, h, z, h)
        combine(.add, h, candidate, h)
    }

    private func lstm(
        _ x: UnsafePointer<Float>, _ gates: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>,
        _ h: UnsafeMutablePointer<Float>, _ spare: UnsafeMutablePointer<Float>
    ) {
        add(x, gates, 4 * hidden)
        let (i, o, f, g) = (gates, gates + hidden, gates + 2 * hidden, gates + 3 * hidden)
        func look(_ gate: UnsafeMutablePointer<Float>, _ part: Int) {
            guard let peephole else { return }
            combine(.mul, c, peephole + part * hidden, spare)
            combine(.add, gate, spare, gate)
        }
        look(i, 0)
        apply(0, i, hidden)
        if couplesForget {
            _ = Kernels.unary(.affine, type: .f32, i, into: f, count: hidden, a: -1, b: 1)
        } else {
            look(f, 2)
            apply(0, f, hidden)
        }
        apply(1, g, hidden)
        combine(.mul, c, f, c)
        combine(.mul, i, g, i)
        combine(.add, c, i, c)
        look(o, 1)
        apply(0, o, hidden)
        spare.update(from: c, count: hidden)
        apply(2, spare, hidden)
        combine(.mul, o, spare, h)
    }

    private func apply(_ function: Int, _ x: UnsafeMutablePointer<Float>, _ count: Int) {
        if clip.isFinite {
            _ = Kernels.unary(.clip, type: .f32, x, into: x, count: count, a: Double(-clip), b: Double(clip))
        }
        functions[functions.startIndex + function].apply(x, count)
    }

    /// y += x
    private func add(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
        _ = Kernels.binary(.add, type: .f32, y, xStep: 1, x, yStep: 1, into: y, count: count)
    }

    private func combine(
        _ op: Kernels.BinaryOp, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>
    ) {
        _ = Kernels.binary(op, type: .f32, x, xStep: 1, y, yStep: 1, into: z, count: hidden)
    }
}
