import MartletTensor

/// The mean or largest of points sampled in each bin of regions of interest.
/// Inputs: x [batch, channels, h, w], rois [n, 4] (x1, y1, x2, y2), batch indices [n]. Result: [n, channels, height, width].
package struct RoiAlignOp: GraphOp {
    package enum Mode: String, Sendable { case average, max }

    package static let name = "RoiAlign"
    package var mode: Mode
    package var height: Int
    package var width: Int
    /// Points along each side of a bin; 0 for as many as the bin has elements.
    package var samplingRatio: Int
    package var scale: Float
    /// Whether coordinates are shifted by half an element.
    package var halfPixel: Bool

    package init(_ mode: Mode, height: Int, width: Int, samplingRatio: Int, scale: Float, halfPixel: Bool) {
        self.mode = mode
        self.height = height
        self.width = width
        self.samplingRatio = samplingRatio
        self.scale = scale
        self.halfPixel = halfPixel
    }

    package var attributes: String { "\(mode.rawValue) \(height)×\(width) ratio=\(samplingRatio) scale=\(scale)" }

    /// Points along one side of a bin are no more than this.
    private static let maximumGrid = 4096

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let rois = try operand(inputs, 1)
        try requireFloat(inputs, x)
        try requireFloat(inputs, rois)
        try requireInteger(inputs, operand(inputs, 2), "batch indices")
        guard height > 0, width > 0, height < 1 << 20, width < 1 << 20, samplingRatio >= 0,
            samplingRatio <= Self.maximumGrid
        else { throw impossible(inputs, "impossible output sizes or sampling ratio") }
        guard x.type.rank ?? 4 == 4, rois.type.rank ?? 2 == 2 else {
            throw impossible(inputs, "wants x of rank 4 and rois of rank 2")
        }
        let counts = [rois.type.shape?[0] ?? .unknown, x.type.shape?[1] ?? .unknown]
        return [ValueType(x.type.dtype, counts + [.fixed(height), .fixed(width)])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        8 * max(1, samplingRatio * samplingRatio) * (outputs.first?.reduce(1, *) ?? 0)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let rois = try operand(inputs, 1, context).converted(to: .float64)
        guard x.rank == 4, rois.rank == 2, rois.shape[1] == 4,
            let images = try operand(inputs, 2, context).integerValues(), images.count == rois.shape[0],
            images.allSatisfy({ $0 >= 0 && $0 < x.shape[0] }), x.dtype == .float32 || x.dtype == .float64
        else { throw context.invalid(self, inputs, "the regions or batch indices do not fit the input") }
        let result = try context.output(0, x.dtype, [images.count, x.shape[1], height, width])
        guard result.count > 0 else { return [result] }
        guard x.count > 0 else { throw context.invalid(self, inputs, "regions of nothing") }
        let numbers = rois.values(Double.self)
        for index in images.indices {
            guard let region = Region(self, Array(numbers[4 * index..<4 * index + 4])) else {
                throw context.invalid(self, inputs, "region \(index) is not finite or too large")
            }
            let points = points(region, x.shape[2], x.shape[3])
            if x.dtype == .float32 {
                pool(x, images[index], points, region, result, index, context, Float.self)
            } else {
                pool(x, images[index], points, region, result, index, context, Double.self)
            }
        }
        return [result]
    }

    /// A region in elements of x, and its grid of points.
    private struct Region {
        let x: Double, y: Double, binWidth: Double, binHeight: Double
        let columns: Int, rows: Int

        init?(_ op: RoiAlignOp, _ corners: [Double]) {
            let scaled = corners.map { $0 * Double(op.scale) - (op.halfPixel ? 0.5 : 0) }
            guard scaled.allSatisfy({ $0.magnitude < 1e9 }) else { return nil }
            (x, y) = (scaled[0], scaled[1])
            var (width, height) = (scaled[2] - scaled[0], scaled[3] - scaled[1])
            if !op.halfPixel { (width, height) = (max(width, 1), max(height, 1)) }
            (binWidth, binHeight) = (width / Double(op.width), height / Double(op.height))
            columns = op.samplingRatio > 0 ? op.samplingRatio : max(0, Int(binWidth.rounded(.up)))
            rows = op.samplingRatio > 0 ? op.samplingRatio : max(0, Int(binHeight.rounded(.up)))
            guard columns <= RoiAlignOp.maximumGrid, rows <= RoiAlignOp.maximumGrid,
                columns * op.width <= 1 << 24, rows * op.height <= 1 << 24
            else { return nil }
        }
    }

    /// Two neighbours along an axis and how much of the second.
    private struct Line {
        var low = 0
        var high = 0
        var part = 0.0
        var isInside = false

        init(_ place: Double, _ length: Int) {
            guard place >= -1, place <= Double(length) else { return }
            isInside = true
            let clamped = max(place, 0)
            low = min(Int(clamped), length - 1)
            high = min(low + 1, length - 1)
            part = low == high ? 0 : clamped - Double(low)
        }
    }

    private func points(_ region: Region, _ rows: Int, _ columns: Int) -> (rows: [Line], columns: [Line]) {
        let y = (0..<height * region.rows).map { index in
            let (bin, step) = (Double(index / region.rows), Double(index % region.rows))
            return Line(region.y + (bin + (step + 0.5) / Double(region.rows)) * region.binHeight, rows)
        }
        let x = (0..<width * region.columns).map { index in
            let (bin, step) = (Double(index / region.columns), Double(index % region.columns))
            return Line(region.x + (bin + (step + 0.5) / Double(region.columns)) * region.binWidth, columns)
        }
        return (y, x)
    }

    private func pool<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ image: Int, _ points: (rows: [Line], columns: [Line]), _ region: Region, _ result: Tensor,
        _ index: Int, _ context: RunContext, _ type: T.Type
    ) {
        let (channels, rows, columns) = (x.shape[1], x.shape[2], x.shape[3])
        let count = T(max(region.rows * region.columns, 1))
        context.parallelRows(channels, work: height * width * region.rows * region.columns * 8) { range in
            let (from, to) = (x.elements(T.self), result.mutableElements(T.self))
            for channel in range {
                let plane = (image * channels + channel) * rows * columns
                for bin in 0..<height * width {
                    var sum: T = 0
                    var top: T?
                    for line in bin / width * region.rows..<(bin / width + 1) * region.rows {
                        let y = points.rows[line]
                        for column in bin % width * region.columns..<(bin % width + 1) * region.columns {
                            let x = points.columns[column]
                            guard x.isInside, y.isInside else {
                                top = max(top ?? 0, 0)
                                continue
                            }
                            let (right, down) = (T(x.part), T(y.part))
                            let a = from[plane + y.low * columns + x.low] * (1 - down) * (1 - right)
                            let b = from[plane + y.low * columns + x.high] * (1 - down) * right
                            let c = from[plane + y.high * columns + x.low] * down * (1 - right)
                            let d = from[plane + y.high * columns + x.high] * down * right
                            sum += a + b + c + d
                            let largest = max(max(a, b), max(c, d))
                            top = max(top ?? largest, largest)
                        }
                    }
                    to[(index * channels + channel) * height * width + bin] = mode == .max ? top ?? 0 : sum / count
                }
            }
        }
    }
}
