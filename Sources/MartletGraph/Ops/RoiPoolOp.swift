import MartletTensor

/// The largest element in each bin of regions of interest, 0 for an empty bin.
/// Inputs: x [batch, channels, h, w], rois [n, 5] (image, x1, y1, x2, y2). Result: [n, channels, height, width].
package struct RoiPoolOp: GraphOp {
    package static let name = "RoiPool"
    package var height: Int
    package var width: Int
    package var scale: Float

    package init(height: Int, width: Int, scale: Float) {
        self.height = height
        self.width = width
        self.scale = scale
    }

    package var attributes: String { "\(height)×\(width) scale=\(scale)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let rois = try operand(inputs, 1)
        try requireFloat(inputs, x)
        _ = try requireSameDType(inputs, [x, rois])
        guard height > 0, width > 0, height < 1 << 20, width < 1 << 20, x.type.rank ?? 4 == 4, rois.type.rank ?? 2 == 2
        else { throw impossible(inputs, "wants x of rank 4, rois of rank 2 and possible output sizes") }
        let counts = [rois.type.shape?[0] ?? .unknown, x.type.shape?[1] ?? .unknown]
        return [ValueType(x.type.dtype, counts + [.fixed(height), .fixed(width)])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let rois = try operand(inputs, 1, context).converted(to: .float64)
        guard x.rank == 4, rois.rank == 2, rois.shape[1] == 5, x.dtype == .float32 || x.dtype == .float64 else {
            throw context.invalid(self, inputs, "the regions do not fit the input")
        }
        let result = try context.output(0, x.dtype, [rois.shape[0], x.shape[1], height, width])
        guard result.count > 0 else { return [result] }
        let numbers = rois.values(Double.self)
        for index in 0..<rois.shape[0] {
            let region = Array(numbers[5 * index..<5 * index + 5])
            guard region.allSatisfy({ $0.magnitude < 1e9 }), region[0] >= 0, Int(region[0]) < x.shape[0] else {
                throw context.invalid(self, inputs, "region \(index) is of no image, or not finite")
            }
            let corners = region[1...].map { ($0 * Double(scale)).rounded() }
            guard corners.allSatisfy({ $0.magnitude < 1e12 }) else {
                throw context.invalid(self, inputs, "region \(index) is too large")
            }
            let rows = bins(Int(corners[1]), Int(corners[3]), height, x.shape[2])
            let columns = bins(Int(corners[0]), Int(corners[2]), width, x.shape[3])
            if x.dtype == .float32 {
                pool(x, Int(region[0]), rows, columns, result, index, Float.self)
            } else {
                pool(x, Int(region[0]), rows, columns, result, index, Double.self)
            }
        }
        return [result]
    }

    /// The elements of each of `count` bins between two places, as far as they lie inside the axis.
    private func bins(_ start: Int, _ end: Int, _ count: Int, _ length: Int) -> [Range<Int>] {
        let size = Double(max(end - start + 1, 1)) / Double(count)
        return (0..<count).map { bin in
            let low = min(max(Int((Double(bin) * size).rounded(.down)) + start, 0), length)
            let high = min(max(Int((Double(bin + 1) * size).rounded(.up)) + start, 0), length)
            return low..<max(low, high)
        }
    }

    private func pool<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ image: Int, _ rows: [Range<Int>], _ columns: [Range<Int>], _ result: Tensor, _ index: Int,
        _ type: T.Type
    ) {
        let (from, to) = (x.elements(T.self), result.mutableElements(T.self))
        for channel in 0..<x.shape[1] {
            let plane = (image * x.shape[1] + channel) * x.shape[2] * x.shape[3]
            for (y, lines) in rows.enumerated() {
                for (x0, places) in columns.enumerated() {
                    var top: T?
                    for line in lines {
                        for place in places {
                            let value = from[plane + line * x.shape[3] + place]
                            top = max(top ?? value, value)
                        }
                    }
                    to[((index * x.shape[1] + channel) * height + y) * width + x0] = top ?? 0
                }
            }
        }
    }
}
