import MartletTensor

/// x with elements added (or, for negative pads, taken away) at both ends of its axes.
/// Inputs: x, pads (int64: all begins, then all ends; if not an attribute)?, value (scalar, default 0)?, axes?
package struct PadOp: GraphOp {
    package enum Mode: String, Sendable { case constant, reflect, edge, wrap }

    package static let name = "Pad"
    package var mode: Mode
    package var pads: [Int]?

    package init(_ mode: Mode = .constant, pads: [Int]? = nil) {
        self.mode = mode
        self.pads = pads
    }

    package var attributes: String { mode.rawValue + (pads.map { " pads=\($0)" } ?? "") }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        if let value = optional(inputs, 2) { _ = try requireSameDType(inputs, [x, value]) }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        let unknown = ValueType(x.type.dtype, [Dim](repeating: .unknown, count: shape.count))
        guard let wanted = try pads ?? operand(inputs, 1).knownIntegers else { return [unknown] }
        var axes = Array(shape.indices)
        if let input = optional(inputs, 3) {
            guard let known = input.knownIntegers else { return [unknown] }
            axes = try known.map { try resolveAxis($0, rank: shape.count, inputs) }
        }
        guard wanted.count == 2 * axes.count, wanted.allSatisfy({ $0.magnitude <= 1 << 40 }) else {
            throw impossible(inputs, "\(wanted.count) pads for \(axes.count) axes")
        }
        var result = shape
        for (position, axis) in axes.enumerated() {
            let extra = wanted[position] + wanted[position + axes.count]
            result[axis] = result[axis] + .fixed(extra)
            if let length = result[axis].fixedValue, length < 0 {
                throw impossible(inputs, "pads leave \(length) elements on axis \(axis)")
            }
        }
        return [ValueType(x.type.dtype, result)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let wanted = try pads ?? operand(inputs, 1, context).integerValues(limit: 2 * Tensor.maximumRank) else {
            throw context.invalid(self, inputs, "pads are no short vector of integers")
        }
        var axes = Array(0..<x.rank)
        if optional(inputs, 3) != nil {
            guard let values = try operand(inputs, 3, context).integerValues(limit: Tensor.maximumRank) else {
                throw context.invalid(self, inputs, "axes are no short vector of integers")
            }
            axes = try values.map { try resolveAxis($0, rank: x.rank, inputs, context) }
        }
        let limit = 1 << 40
        guard wanted.count == 2 * axes.count, wanted.allSatisfy({ $0 >= -limit && $0 <= limit }) else {
            throw context.invalid(self, inputs, "\(wanted.count) pads for \(axes.count) axes")
        }
        var filler = ScalarValue(dtype: x.dtype, bits: 0)
        if optional(inputs, 2) != nil {
            let value = try operand(inputs, 2, context)
            guard value.dtype == x.dtype, let first = ScalarValue(value) else {
                throw context.invalid(self, inputs, "the value is no scalar of the input's type")
            }
            filler = first
        }
        var before = [Int](repeating: 0, count: x.rank)
        var shape = x.shape
        for (position, axis) in axes.enumerated() {
            before[axis] += wanted[position]
            shape[axis] += wanted[position] + wanted[position + axes.count]
            guard shape[axis] >= 0 else { throw context.invalid(self, inputs, "pads leave less than nothing") }
        }
        let result = try context.output(0, x.dtype, shape)
        guard result.count > 0 else { return [result] }
        // For each axis the source place of each result place; -1 where there is none.
        var maps: [[Int]] = []
        for axis in 0..<x.rank {
            maps.append((0..<shape[axis]).map { place($0 - before[axis], x.shape[axis]) })
            guard mode == .constant || !maps[axis].contains(-1) else {
                throw context.invalid(self, inputs, "axis \(axis) is too short for mode \(mode.rawValue)")
            }
        }
        filler.fill(result)
        copy(x, to: result, maps)
        return [result]
    }

    /// The source place that result place `index` (counted from the source's first) shows, -1 for none.
    private func place(_ index: Int, _ count: Int) -> Int {
        if index >= 0, index < count { return index }
        switch mode {
        case .constant: return -1
        case .edge: return count == 0 ? -1 : (index < 0 ? 0 : count - 1)
        case .wrap:
            guard count > 0 else { return -1 }
            let rest = index % count
            return rest < 0 ? rest + count : rest
        case .reflect:
            guard count > 1 else { return count == 1 ? 0 : -1 }
            let period = 2 * (count - 1)
            let rest = index % period
            let folded = rest < 0 ? rest + period : rest
            return folded < count ? folded : period - folded
        }
    }

    private func copy(_ x: Tensor, to result: Tensor, _ maps: [[Int]]) {
        let size = x.dtype.size
        guard let columns = maps.last else {
            result.pointer.copyMemory(from: x.pointer, byteCount: size)
            return
        }
        let strides = rowMajorStrides(x.shape)
        // Consecutive places are copied in one go.
        var runs: [(to: Int, from: Int, count: Int)] = []
        for (to, from) in columns.enumerated() where from >= 0 {
            if let last = runs.last, last.from + last.count == from, last.to + last.count == to {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((to, from, 1))
            }
        }
        let rows = result.count / columns.count
        for row in 0..<rows {
            var rest = row
            var source = 0
            var isInside = true
            for axis in (0..<(maps.count - 1)).reversed() {
                let from = maps[axis][rest % maps[axis].count]
                rest /= maps[axis].count
                if from < 0 { isInside = false } else { source += from * strides[axis] }
            }
            guard isInside else { continue }
            for run in runs {
                (result.pointer + (row * columns.count + run.to) * size).copyMemory(
                    from: x.pointer + (source + run.from) * size, byteCount: run.count * size)
            }
        }
    }
}
