import MartletTensor

/// The inverse of `WindowColumns` ("col2im"): each element of a column is added to the place of the image that the window
/// saw it at. Here an axis's `input` is the image's length, and `output` counts the columns.
struct WindowScatter<Element: TensorElement & BinaryFloatingPoint> {
    private let axes: [Window.Axis]
    private let strides: [Int]
    private let imageSize: Int
    /// Kernel places, and columns.
    let kernelSize: Int
    let columnCount: Int

    init(_ axes: [Window.Axis]) {
        self.axes = axes
        strides = rowMajorStrides(axes.map(\.input))
        imageSize = axes.reduce(1) { $0 * $1.input }
        kernelSize = axes.reduce(1) { $0 * $1.kernel }
        columnCount = axes.reduce(1) { $0 * $1.output }
    }

    /// Adds the columns [kernel places, columns] of one channel to its image.
    func add(_ columns: UnsafePointer<Element>, to image: UnsafeMutablePointer<Element>) {
        guard let last = axes.last, imageSize > 0 else {
            if axes.isEmpty { image[0] += columns[0] }
            return
        }
        let rows = columnCount / max(last.output, 1)
        for place in 0..<kernelSize {
            var rest = place
            var offsets = [Int](repeating: 0, count: axes.count)
            for (index, axis) in axes.enumerated().reversed() {
                offsets[index] = rest % axis.kernel * axis.dilation - axis.before
                rest /= axis.kernel
            }
            // Columns whose place on the last axis lies inside the image.
            let shift = offsets[axes.count - 1]
            let first = shift >= 0 ? 0 : (-shift + last.stride - 1) / last.stride
            let end = last.input - shift <= 0 ? 0 : min(last.output, (last.input - shift - 1) / last.stride + 1)
            guard first < end else { continue }
            for row in 0..<rows {
                var rest = row
                var base = shift
                var isInside = true
                for index in (0..<(axes.count - 1)).reversed() {
                    let along = rest % axes[index].output * axes[index].stride + offsets[index]
                    rest /= axes[index].output
                    if along < 0 || along >= axes[index].input { isInside = false }
                    base += along * strides[index]
                }
                guard isInside else { continue }
                let from = columns + place * columnCount + row * last.output
                if last.stride == 1 {
                    let to = image + base
                    for column in first..<end { to[column] += from[column] }
                } else {
                    for column in first..<end { image[base + column * last.stride] += from[column] }
                }
            }
        }
    }
}
