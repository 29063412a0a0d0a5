import MartletTensor

/// The input of a convolution of bytes laid out so that it becomes a matrix product with the kernel on the right: a row for
/// each output place, a column for each channel and kernel place.
struct WindowRows {
    private let axes: [Window.Axis]
    private let channels: Int
    private let strides: [Int]
    private let inputSize: Int
    private let kernelSize: Int
    /// Of each kernel place on each axis, from the window's start.
    private let offsets: [[Int]]
    /// Columns: channels times kernel places.
    let length: Int

    init(_ axes: [Window.Axis], channels: Int) throws {
        self.axes = axes
        self.channels = channels
        strides = rowMajorStrides(axes.map(\.input))
        inputSize = axes.reduce(1) { $0 * $1.input }
        length = try Tensor.byteCount(.int8, shape: [channels] + axes.map(\.kernel))
        let size = axes.reduce(1) { $0 * $1.kernel }
        kernelSize = size
        offsets = (0..<(channels == 0 ? 0 : size)).map { place in
            var rest = place
            var result = [Int](repeating: 0, count: axes.count)
            for (index, axis) in axes.enumerated().reversed() {
                result[index] = rest % axis.kernel * axis.dilation
                rest /= axis.kernel
            }
            return result
        }
    }

    /// Fills rows `range` of a block whose row 0 is the first of `places`. `source` is [channels, …input].
    func fill(
        _ block: UnsafeMutablePointer<UInt8>, from source: UnsafePointer<UInt8>, places: Range<Int>,
        _ range: Range<Int>,
        padding: UInt8
    ) {
        var start = [Int](repeating: 0, count: axes.count)
        for row in range {
            var rest = places.lowerBound + row
            for (index, axis) in axes.enumerated().reversed() {
                start[index] = rest % axis.output * axis.stride - axis.before
                rest /= axis.output
            }
            let to = block + row * length
            for (place, offset) in offsets.enumerated() {
                var from = 0
                var isInside = true
                for index in axes.indices {
                    let at = start[index] + offset[index]
                    isInside = isInside && at >= 0 && at < axes[index].input
                    from += at * strides[index]
                }
                var column = place
                if isInside {
                    for _ in 0..<channels {
                        to[column] = source[from]
                        from += inputSize
                        column += kernelSize
                    }
                } else {
                    for _ in 0..<channels {
                        to[column] = padding
                        column += kernelSize
                    }
                }
            }
        }
    }
}
