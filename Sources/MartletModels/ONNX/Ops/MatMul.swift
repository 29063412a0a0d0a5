import MartletGraph

extension ONNXOp {
    /// numpy's matrix product.
    static let matMul = ONNXOp("MatMul", inputs: 2...2, one: { try $0.emit(MatMulOp(), $0.input(0), $0.input(1)) })
}
