import MartletGraph

extension ONNXOp {
    /// x repeated along each axis.
    static let tile = ONNXOp("Tile", inputs: 2...2, one: { try $0.emit(TileOp(), $0.input(0), $0.input(1)) })
}
