import MartletGraph

extension ONNXOp {
    /// sin²(πn / N)
    static let hannWindow = ONNXOp("HannWindow", inputs: 1...1, one: { try $0.cosineWindow([0.5, -0.5]) })
}

extension ONNXCall {
    /// Σ aₖ cos(2πkn / N) for n from 0 below the size; N is the size, or one less if the window is symmetric. Computed in
    /// float64.
    func cosineWindow(_ coefficients: [Double]) throws -> ValueID {
        let size = try input(0)
        func number(_ value: Double) throws -> ValueID { try constant(value, .float64) }
        let zero = try constant(0, dtype(size))
        let one = try constant(1, dtype(size))
        // The size is an integer, which the range's dimension is known by.
        let count = try type(size).rank == 0 ? size : emit(ReshapeOp([]), size)
        let n = try cast(emit(RangeOp(), zero, count, one), to: .float64)
        let length = try cast(flag("periodic", default: true) ? count : emit(BinaryOp(.sub), count, one), to: .float64)
        let angle = try emit(BinaryOp(.div), emit(BinaryOp(.mul), n, number(2 * .pi)), length)
        var sum = try number(coefficients[0])
        for (order, coefficient) in coefficients.enumerated().dropFirst() {
            let wave = try emit(UnaryOp(.cos), emit(BinaryOp(.mul), angle, number(Double(order))))
            sum = try emit(BinaryOp(.add), emit(BinaryOp(.mul), wave, number(coefficient)), sum)
        }
        return try cast(sum, to: dtype("output_datatype") ?? .float32)
    }
}
