import MartletTensor

/// The largest or mean element of each window. Input: x [batch, channels, …].
package struct PoolOp: GraphOp {
    package enum Kind: String, Sendable { case max, average }

    package static let name = "Pool"
    package var kind: Kind
    package var kernel: [Int]
    package var window: Window
    /// Whether padding counts in the mean.
    package var countsPadding: Bool

    package init(_ kind: Kind, kernel: [Int], _ window: Window = Window(), countsPadding: Bool = false) {
        self.kind = kind
        self.kernel = kernel
        self.window = window
        self.countsPadding = countsPadding
    }

    package var attributes: String { "\(kind.rawValue) kernel=\(kernel) strides=\(window.strides)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype != .bool, kind == .max || x.type.dtype.isFloat else {
            throw impossible(inputs, "\(kind.rawValue) pooling does not take \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count >= 2,
            let spatial = window.outputDims(input: Array(shape.dropFirst(2)), kernel: kernel)
        else { throw impossible(inputs, "the kernel, strides, dilations and pads do not fit the input") }
        return [ValueType(x.type.dtype, Array(shape[..<2]) + spatial)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (outputs.first?.reduce(1, *) ?? 0) * kernel.reduce(1, *)
    }
}
