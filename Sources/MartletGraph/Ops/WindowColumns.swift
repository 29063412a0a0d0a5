import MartletTensor

/// The input of a convolution laid out so that it becomes a matrix product ("im2col"): a column for each output place, a
/// row for each channel and kernel place. For any element type: quantized convolutions pad with their zero point.
struct WindowColumns<Element: TensorElement> {
    private let axes: [Window.Axis]
    private let channels: Int
    private let padding: Element
    /// Rows: channels times kernel places.
    let height: Int
    /// Output places along the last axis, and the number of such rows of places.
    private let rowLength: Int
    private let rowCount: Int
    /// Rows of places in one block, so that a block stays within about 4 MiB.
    private let rowsPerBlock: Int

    init(_ axes: [Window.Axis], channels: Int, padding: Element) throws {
        self.axes = axes
        self.channels = channels
        self.padding = padding
        let kernel = axes.map(\.kernel)
        height = try Tensor.byteCount(.int8, shape: [channels] + kernel)
        rowLength = axes.last?.output ?? 1
        rowCount = axes.dropLast().reduce(1) { $0 * $1.output }
        let rowBytes = try Tensor.byteCount(Element.dtype, shape: [max(height, 1), rowLength])
        rowsPerBlock = max(1, (4 << 20) / max(rowBytes, 1))
    }

    /// Calls `body` with each block [height, width], its first output place and its width. `source` is [channels, …input].
    func forEachBlock(
        of source: UnsafePointer<Element>, _ context: RunContext,
        _ body: (_ block: UnsafePointer<Element>, _ start: Int, _ width: Int) -> Void
    ) throws {
        let capacity = max(height, 1) * min(rowsPerBlock, rowCount) * rowLength
        let block = try context.scratch(byteCount: capacity * Element.dtype.size)
            .assumingMemoryBound(to: Element.self)
        var row = 0
        while row < rowCount {
            let count = min(rowsPerBlock, rowCount - row)
            fill(block, source, rows: row..<row + count)
            body(block, row * rowLength, count * rowLength)
            row += count
        }
    }

    private func fill(_ block: UnsafeMutablePointer<Element>, _ source: UnsafePointer<Element>, rows: Range<Int>) {
        let width = rows.count * rowLength
        let inputSize = axes.reduce(1) { $0 * $1.input }
        let strides = rowMajorStrides(axes.map(\.input))
        let kernelSize = axes.reduce(1) { $0 * $1.kernel }
        var offsets = [Int](repeating: 0, count: axes.count)
        for line in 0..<height {
            var rest = line % kernelSize
            for (index, axis) in axes.enumerated().reversed() {
                offsets[index] = rest % axis.kernel * axis.dilation - axis.before
                rest /= axis.kernel
            }
            let plane = source + line / kernelSize * inputSize
            for (position, row) in rows.enumerated() {
                let to = block + line * width + position * rowLength
                var rest = row
                var base = 0
                var isInside = true
                for index in (0..<max(axes.count - 1, 0)).reversed() {
                    let place = rest % axes[index].output * axes[index].stride + offsets[index]
                    rest /= axes[index].output
                    if place < 0 || place >= axes[index].input { isInside = false }
                    base += place * strides[index]
                }
                guard isInside else {
                    to.update(repeating: padding, count: rowLength)
                    continue
                }
                guard let last = axes.last else {
                    to[0] = plane[0]
                    continue
                }
                let shift = offsets[axes.count - 1]
                for column in 0..<rowLength {
                    let place = column * last.stride + shift
                    to[column] = place >= 0 && place < last.input ? plane[base + place] : padding
                }
            }
        }
    }
}
