import MartletGraph

extension ONNXOp {
    /// Parts of each string between delimiters, and their number.
    static let stringSplit = ONNXOp("StringSplit", inputs: 1...1) { call in
        let op = try StringSplitOp(delimiter: call.string("delimiter"), limit: call.int("maxsplit"))
        return try call.emitAll(op, [call.input(0)])
    }
}
