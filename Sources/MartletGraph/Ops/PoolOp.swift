import MartletKernels
import MartletTensor

/// The largest, mean or summed element of each window. Input: x [batch, channels, …].
///
/// With indices, output 1 says where in x (as a flat place) each largest element stands, int64.
package struct PoolOp: GraphOp {
    package enum Kind: String, Sendable { case max, average, sum }
    /// The order in which flat places count the spatial axes.
    package enum Indices: String, Sendable { case rowMajor, columnMajor }

    package static let name = "Pool"
    package var kind: Kind
    package var kernel: [Int]
    package var window: Window
    /// Whether padding counts in the mean.
    package var countsPadding: Bool
    /// Only of `max`.
    package var indices: Indices?

    package init(
        _ kind: Kind, kernel: [Int], _ window: Window = Window(), countsPadding: Bool = false, indices: Indices? = nil
    ) {
        self.kind = kind
        self.kernel = kernel
        self.window = window
        self.countsPadding = countsPadding
        self.indices = indices
    }

    package var attributes: String {
        "\(kind.rawValue) kernel=\(kernel) strides=\(window.strides)"
            + (indices.map { " indices=\($0.rawValue)" } ?? "")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype.isFloat || kind == .max && x.type.dtype.isInteger else {
            throw impossible(inputs, "\(kind.rawValue) pooling does not take \(x.type.dtype.name)")
        }
        guard indices == nil || kind == .max else { throw impossible(inputs, "only max pooling has indices") }
        func types(_ shape: [Dim]?) -> [ValueType] {
            [ValueType(x.type.dtype, shape)] + (indices == nil ? [] : [ValueType(.int64, shape)])
        }
        guard let shape = x.type.shape else { return types(nil) }
        guard shape.count >= 2,
            let spatial = window.outputDims(input: Array(shape.dropFirst(2)), kernel: kernel, partial: true)
        else { throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input") }
        return types(Array(shape[..<2]) + spatial)
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (outputs.first?.reduce(1, *) ?? 0) * kernel.reduce(1, *)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2, x.dtype.isFloat || x.dtype.isInteger, indices == nil || kind == .max,
            let axes = window.axes(input: Array(x.shape.dropFirst(2)), kernel: kernel, partial: true)
        else { throw context.invalid(self, inputs, "the kernel, strides or pads do not fit the input") }
        let shape = Array(x.shape[..<2]) + axes.map(\.output)
        let result = try context.output(0, x.dtype, shape)
        let places = try indices.map { _ in try context.output(1, .int64, shape) }
        let results = [result] + [places].compactMap { $0 }
        guard result.count > 0 else { return results }
        guard x.count > 0 else { throw context.invalid(self, inputs, "windows over nothing") }
        switch x.dtype {
        case .float32 where axes.count <= 3 && indices == nil && axes.allSatisfy({ $0.padded <= 1 << 26 }):
            pool(x, result, axes, context)
        case .float32: pool(x, result, places, axes, Float.self)
        case .float64: pool(x, result, places, axes, Double.self)
        default:
            let wide = try Tensor(.float64, shape: result.shape)
            pool(try x.converted(to: .float64), wide, places, axes, Double.self)
            wide.convert(into: result)
        }
        return results
    }

    private func pool(_ x: Tensor, _ result: Tensor, _ axes: [Window.Axis], _ context: RunContext) {
        let (inputSize, outputSize) = (axes.reduce(1) { $0 * $1.input }, axes.reduce(1) { $0 * $1.output })
        var counts = [Float](repeating: 1, count: 3 - axes.count)
        if kind == .average {
            for axis in axes { counts += (0..<axis.output).map { Float(axis.reach(of: $0).counted(countsPadding)) } }
        }
        let reduction: Kernels.WindowReduction =
            switch kind {
            case .max: .max
            case .average: .mean
            case .sum: .sum
            }
        let lines = axes.map {
            Kernels.WindowAxis(
                input: $0.input, kernel: $0.kernel, stride: $0.stride, dilation: $0.dilation, before: $0.before,
                output: $0.output)
        }
        let all = counts
        context.parallelRows(result.count / outputSize, work: outputSize * kernel.reduce(1, *)) { planes in
            Kernels.pool(
                reduction, lines, counts: all, x.floats + planes.lowerBound * inputSize,
                into: result.mutableFloats + planes.lowerBound * outputSize, planes: planes.count)
        }
    }

    /// Any rank and element type, with places.
    private func pool<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ result: Tensor, _ places: Tensor?, _ axes: [Window.Axis], _ type: T.Type
    ) {
        let from = x.elements(T.self)
        let to = result.mutableElements(T.self)
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let outputSize = axes.reduce(1) { $0 * $1.output }
        let strides = rowMajorStrides(axes.map(\.input))
        let order =
            indices == .columnMajor ? Array(rowMajorStrides(axes.map(\.input).reversed()).reversed()) : strides
        let reaches = axes.map { axis in (0..<axis.output).map { axis.reach(of: $0) } }
        var window = [Window.Reach](repeating: Window.Reach(), count: axes.count)
        for position in 0..<result.count {
            let (channel, place) = (position / outputSize, position % outputSize)
            var rest = place
            for index in axes.indices.reversed() {
                window[index] = reaches[index][rest % axes[index].output]
                rest /= axes[index].output
            }
            var sum: T = 0
            var top = -T.infinity
            var topPlace = 0
            let total = window.reduce(1) { $0 * $1.count }
            for step in 0..<total {
                var rest = step
                var (offset, named) = (channel * inputSize, channel * inputSize)
                for (index, reach) in window.enumerated().reversed() {
                    let along = reach.first + rest % reach.count * axes[index].dilation
                    offset += along * strides[index]
                    named += along * order[index]
                    rest /= reach.count
                }
                let value = from[offset]
                sum += value
                if step == 0 || value > top || value.isNaN && !top.isNaN { (top, topPlace) = (value, named) }
            }
            switch kind {
            case .max: to[position] = top
            case .sum: to[position] = sum
            case .average: to[position] = sum / T(window.reduce(1) { $0 * $1.counted(countsPadding) })
            }
            if let places { places.mutableElements(Int64.self)[position] = Int64(topPlace) }
        }
    }
}
