import MartletGraph
import MartletTensor

/// Kernel functions of support vector machines.
extension ONNXCall {
    /// k(x, y) of rows x [rows, n] with each of constant vectors y [count, n]: [rows, count].
    func kernel(_ x: ValueID, _ vectors: [Double], count: Int) throws -> ValueID {
        guard count > 0, vectors.count % count == 0, vectors.count > 0 else {
            throw wrong("\(vectors.count) numbers are no \(count) vectors")
        }
        let type = dtype(x)
        let columns = vectors.count / count
        let y = try emit(ReshapeOp([.fixed(count), .fixed(columns)]), constant(vectors, type))
        let parameters = try floats("kernel_params") ?? []
        let kind = try string("kernel_type", default: "LINEAR")
        guard kind == "LINEAR" || parameters.count >= 3 else {
            throw wrong("attribute kernel_params has \(parameters.count) numbers, not 3")
        }
        func product() throws -> ValueID { try emit(GemmOp(transposeB: true), x, y) }
        func scaledProduct() throws -> ValueID {
            let scaled = try emit(BinaryOp(.mul), product(), constant(Double(parameters[0]), type))
            return try emit(BinaryOp(.add), scaled, constant(Double(parameters[1]), type))
        }
        switch kind {
        case "LINEAR": return try product()
        case "POLY": return try emit(BinaryOp(.pow), scaledProduct(), constant(Double(parameters[2]), type))
        case "SIGMOID": return try emit(UnaryOp(.tanh), scaledProduct())
        case "RBF":
            let square = try emit(UnaryOp(.square), distances(x, y))
            return try emit(UnaryOp(.exp), emit(BinaryOp(.mul), square, constant(-Double(parameters[0]), type)))
        default: throw wrong("attribute kernel_type = `\(kind)` is not supported")
        }
    }

    /// Euclidean distances of each row of x from each row of y: [x's rows, y's rows].
    func distances(_ x: ValueID, _ y: ValueID) throws -> ValueID {
        try emit(RowPairsOp(.l2), emit(UnsqueezeOp(axes: [1]), x), emit(UnsqueezeOp(axes: [0]), y))
    }

    /// x · Wᵀ + b for rows x and constants: W [targets, columns], b nothing or [targets].
    func linear(_ x: ValueID, _ weights: [Double], _ bias: [Double], targets: Int) throws -> ValueID {
        guard targets > 0, !weights.isEmpty, weights.count % targets == 0, bias.isEmpty || bias.count == targets else {
            throw wrong("\(weights.count) coefficients and \(bias.count) intercepts do not fit \(targets) targets")
        }
        let w = try emit(
            ReshapeOp([.fixed(targets), .fixed(weights.count / targets)]), constant(weights, dtype(x)))
        return try emit(
            GemmOp(transposeB: true), x, w, bias.isEmpty ? nil : constant(bias, dtype(x)))
    }
}
