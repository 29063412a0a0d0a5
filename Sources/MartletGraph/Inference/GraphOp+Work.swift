import MartletTensor

extension GraphOp {
    /// What a run on these inputs will cost, in floating-point operations or elements, whichever is more. Nil if the shapes of
    /// outputs follow from more than shapes and small constants, or if the op will refuse the inputs.
    func foreseenWork(_ inputs: [Tensor?]) -> Int? {
        let infos = inputs.map { $0.map { InputInfo(type: ValueType($0), constant: $0) } }
        guard let types = try? inferTypes(infos) else { return nil }
        let shapes = types.compactMap(\.fixedShape)
        guard shapes.count == types.count, zip(types, shapes).allSatisfy({ Self.isPossible($0.dtype, $1) }) else {
            return nil
        }
        let elements = inputs.reduce(0) { $0 + ($1?.count ?? 0) } + shapes.reduce(0) { $0 + $1.reduce(1, *) }
        return max(elements, flops(inputs.map { $0?.shape }, outputs: shapes))
    }

    private static func isPossible(_ dtype: DType, _ shape: [Int]) -> Bool {
        (try? Tensor.byteCount(dtype, shape: shape)) != nil
    }
}
