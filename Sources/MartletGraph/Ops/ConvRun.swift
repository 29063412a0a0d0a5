import MartletKernels
import MartletSupport
import MartletTensor
import Synchronization

/// A convolution's constants, ready for kernels: float32 at any element's alignment.
final class ConvWeights: Sendable {
    /// nil if they are of a type that no kernel takes.
    let weights: Tensor?
    let bias: Tensor?
    private let packed = Mutex<PackedMatrix?>(nil)
    fileprivate let filtered = Mutex<Tensor?>(nil)

    init(_ weights: Tensor, bias: Tensor?) throws {
        func ready(_ tensor: Tensor) throws -> Tensor? {
            guard [.float32, .float16, .bfloat16].contains(tensor.dtype) else { return nil }
            return try tensor.aligned().converted(to: .float32)
        }
        self.weights = try ready(weights)
        self.bias = try bias.flatMap(ready)
    }

    /// The weights as the right side of a product, [channels · kernel, outputs]; packed when first wanted.
    func matrix() -> PackedMatrix? {
        guard let weights, let outputs = weights.shape.first else { return nil }
        return packed.withLock { packed in
            if packed == nil {
                packed = PackedMatrix(
                    weights.floats, rows: weights.shape.dropFirst().reduce(1, *), columns: outputs, transposed: true)
            }
            return packed
        }
    }
}

extension ConvWeights {
    /// The weights in the form of minimal filtering, over two axes; made when first wanted. Throws `TensorError`.
    func minimal() throws -> Tensor? {
        guard let weights, weights.rank == 4, weights.shape[2] == 3 else { return nil }
        return try filtered.withLock { filtered in
            if let filtered { return filtered }
            let (filters, width) = (weights.shape[0] * weights.shape[1], weights.shape[3])
            // It stays for all runs.
            let made = try TensorAccount.charging(nil) { try Tensor(.float32, shape: [6, filters, width]) }
            Kernels.minimalWeights(weights.floats, filters: filters, width: width, into: made.mutableFloats)
            filtered = made
            return made
        }
    }
}

/// One convolution in float32 over at most three axes, spread over threads.
struct ConvRun {
    let x: Tensor
    let weights: Tensor
    let result: Tensor
    let axes: [Window.Axis]
    let groups: Int
    var bias: UnsafePointer<Float>?
    var residual: UnsafePointer<Float>?
    var activation = Kernels.Activation.none
    var a: Float = 0
    var b: Float = 0
    var scale: Float = 1
    var shift: Float = 0
    /// The weights in the form of minimal filtering, where that is faster.
    private var minimal: Tensor?

    /// Checked: the tensors and axes go together.
    init(x: Tensor, weights: Tensor, result: Tensor, axes: [Window.Axis], groups: Int) {
        self.x = x
        self.weights = weights
        self.result = result
        self.axes = axes
        self.groups = groups
    }

    private var perGroup: Int { weights.shape[0] / groups }
    private var channels: Int { weights.shape[1] }

    mutating func run(_ prepared: ConvWeights?, _ context: RunContext) throws {
        guard result.count > 0 else { return }
        if try runAsProduct(prepared, context) { return }
        if groups > 1, convolution(0).isPlane { return runPlanes(context) }
        if convolution(0).wantsMinimal { minimal = try prepared?.minimal() }
        let first = convolution(0)
        let units = first.unitCount
        let total = x.shape[0] * groups * units
        let threads = context.pool?.threadCount ?? 1
        let work = 2 * Double(result.count) * Double(weights.shape[1...].reduce(1, *))
        let pieces = threads > 1 && work > 1e5 ? min(total, 4 * threads) : 1
        let each = (first.scratchByteCount + 63) / 64 * 64
        let bytes = try Tensor.byteCount(.int8, shape: [pieces, each])
        let job = Job(run: self, scratch: try context.scratch(byteCount: bytes))
        context.parallelFor(pieces) { piece in
            job.run.run(total * piece / pieces..<total * (piece + 1) / pieces, units, job.scratch + piece * each)
        }
    }

    /// On its way to other threads; the loop ends before its caller goes on.
    private struct Job: @unchecked Sendable {
        let run: ConvRun
        let scratch: UnsafeMutableRawPointer
    }

    /// Units of all images and groups, counted through.
    private func run(_ range: Range<Int>, _ units: Int, _ scratch: UnsafeMutableRawPointer) {
        var next = range.lowerBound
        while next < range.upperBound {
            let start = next / units * units
            let end = min(range.upperBound, start + units)
            Kernels.convolve(convolution(next / units), units: next - start..<end - start, scratch: scratch)
            next = end
        }
    }

    private func runPlanes(_ context: RunContext) {
        let work = 2 * axes.reduce(1) { $0 * $1.output * $1.kernel }
        let (first, kernels) = (convolution(0), groups)
        context.parallelRows(x.shape[0] * groups, work: work) {
            Kernels.convolvePlanes(first, kernels: kernels, planes: $0)
        }
    }

    /// Results of few places, which would leave lanes empty, are products with the packed weights: outputs lie in lanes then.
    private func runAsProduct(_ prepared: ConvWeights?, _ context: RunContext) throws -> Bool {
        let places = axes.reduce(1) { $0 * $1.output }
        guard groups == 1, axes.count <= 3, fewPlaces(places), residual == nil || addsPlainly,
            let matrix = prepared?.matrix(), matrix.rows > 0
        else { return false }
        func product(_ a: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>) -> Kernels.Gemm {
            var product = Kernels.Gemm(a: a, b: matrix, c: c, bias: bias, activation: activation)
            (product.parameters, product.scale, product.shift) = ((a: self.a, b: b), scale, shift)
            return product
        }
        // A kernel over the whole input: the images are the rows.
        if axes.allSatisfy({ $0.output == 1 && $0.input == $0.kernel && $0.before == 0 && $0.after == 0 }) {
            var whole = product(x.floats, result.mutableFloats)
            whole.residual = residual
            try context.multiply([whole], rows: x.shape[0])
            return true
        }
        // As many images at once as keep their windows in cache.
        let (depth, outputs) = (matrix.rows, matrix.columns)
        let images = max(1, min(x.shape[0], 65_536 / (places * depth)))
        let size = try Tensor.byteCount(.float32, shape: [images, places, depth + outputs])
        let rows = try context.scratch(byteCount: size).assumingMemoryBound(to: Float.self)
        let sums = rows + images * places * depth
        for first in stride(from: 0, to: x.shape[0], by: images) {
            let count = min(images, x.shape[0] - first)
            for image in 0..<count {
                let windows = rows + image * places * depth
                if isPointwise {
                    let planes = x.floats + (first + image) * places * depth
                    Kernels.transpose(planes, into: windows, rows: depth, columns: places)
                } else {
                    Kernels.windows(convolution(first + image), into: windows)
                }
            }
            let target = result.mutableFloats + first * places * outputs
            try context.multiply([product(rows, places == 1 ? target : sums)], rows: count * places)
            for image in 0..<count where places > 1 {
                let at = image * places * outputs
                Kernels.transpose(sums + at, into: target + at, rows: places, columns: outputs)
            }
            if let residual {
                let added = residual + first * places * outputs
                for index in 0..<count * places * outputs { target[index] += added[index] }
            }
        }
        return true
    }

    /// Whether so few places are better off in rows: always where they fill half a vector at most; in kernels of one element, whose
    /// windows are a mere transposition, also where they fill a panel's vectors badly.
    private func fewPlaces(_ places: Int) -> Bool {
        guard places > 8 else { return true }
        let lanes = (places + 15) / 16 * 16
        return isPointwise && places <= 64 && places * 8 < lanes * 7 && perGroup >= 64 && channels >= 64
    }

    /// Whether a residual may be added when all else is done.
    private var addsPlainly: Bool { activation == .none && scale == 1 && shift == 0 }

    private var isPointwise: Bool {
        axes.allSatisfy {
            $0.kernel == 1 && $0.stride == 1 && $0.before == 0 && $0.after == 0 && $0.input == $0.output
        }
    }

    /// The convolution of one image and group, numbered through.
    private func convolution(_ index: Int) -> Kernels.Convolution {
        let (image, group) = (index / groups, index % groups)
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let outputSize = axes.reduce(1) { $0 * $1.output }
        let target = (image * weights.shape[0] + group * perGroup) * outputSize
        var call = Kernels.Convolution(
            x: x.floats + (image * x.shape[1] + group * channels) * inputSize,
            weights: weights.floats + group * perGroup * weights.shape[1...].reduce(1, *),
            y: result.mutableFloats + target, channels: channels, outputs: perGroup, axes: lines)
        call.bias = bias.map { $0 + group * perGroup }
        call.residual = residual.map { $0 + target }
        (call.activation, call.a, call.b) = (activation, a, b)
        (call.scale, call.shift) = (scale, shift)
        if let minimal {
            call.minimalStep = weights.shape[0] * channels * weights.shape[3]
            call.minimal = UnsafePointer(minimal.floats + group * perGroup * channels * weights.shape[3])
        }
        return call
    }

    /// Axes for the kernels. One element at a time has no rows: all axes are one.
    private var lines: [Kernels.WindowAxis] {
        guard !isPointwise else {
            let places = axes.reduce(1) { $0 * $1.input }
            return [.init(input: places, kernel: 1, stride: 1, dilation: 1, before: 0, output: places)]
        }
        return axes.map {
            .init(
                input: $0.input, kernel: $0.kernel, stride: $0.stride, dilation: $0.dilation, before: $0.before,
                output: $0.output)
        }
    }
}
