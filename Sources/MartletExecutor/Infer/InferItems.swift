import MartletTensor

/// What a model is asked in one window, one item for each row, before duplicates are taken out.
enum InferItems: Sendable {
    /// Token ids of texts.
    case text(TokenRows)
    /// One tensor of rows × shape for each model input.
    case tensors([Tensor], rowCount: Int)

    var rowCount: Int {
        switch self {
        case .text(let tokens): tokens.rowCount
        case .tensors(_, let rowCount): rowCount
        }
    }

    /// Tokens of a row; 1 for tensors.
    func length(_ row: Int) -> Int {
        switch self {
        case .text(let tokens): tokens.length(row)
        case .tensors: 1
        }
    }

    func key(_ row: Int) -> RowKey {
        switch self {
        case .text(let tokens):
            let ids = tokens.withIDs(row) { RowKey(UnsafeRawBufferPointer($0)) }
            guard tokens.hasTypeIDs else { return ids }
            return tokens.withTypeIDs(row) { RowKey(UnsafeRawBufferPointer($0), seed: ids.low ^ ids.high &* 3) }
        case .tensors(let inputs, _):
            var key = RowKey(UnsafeRawBufferPointer(start: nil, count: 0))
            for input in inputs {
                // Equal bytes of another shape are another question.
                for size in input.shape.dropFirst(2) { key.low = key.low &* 31 &+ UInt64(size) }
                if input.dtype == .string {
                    for text in Self.strings(input, row) {
                        key = RowKey(UnsafeRawBufferPointer(text.utf8), seed: key.low ^ key.high &* 3)
                    }
                } else {
                    key = RowKey(Self.bytes(input, row), seed: key.low ^ key.high &* 3)
                }
            }
            return key
        }
    }

    /// Whether two rows ask the same. Both must come from the same operator.
    func isSame(_ row: Int, as other: InferItems, _ otherRow: Int) -> Bool {
        switch (self, other) {
        case (.text(let a), .text(let b)):
            let sameIDs = a.withIDs(row) { x in b.withIDs(otherRow) { y in Self.isEqual(x, y) } }
            guard sameIDs, a.hasTypeIDs || b.hasTypeIDs else { return sameIDs }
            return a.withTypeIDs(row) { x in b.withTypeIDs(otherRow) { y in Self.isEqualPadded(x, y) } }
        case (.tensors(let a, _), .tensors(let b, _)):
            return zip(a, b).allSatisfy { x, y in
                guard x.shape.dropFirst() == y.shape.dropFirst() else { return false }
                if x.dtype == .string {
                    return Self.strings(x, row).elementsEqual(Self.strings(y, otherRow), by: StringElement.isEqual)
                }
                return Self.isEqual(Self.bytes(x, row), Self.bytes(y, otherRow))
            }
        default: return false
        }
    }

    /// Bytes held, for the memory budget.
    var byteCount: Int {
        switch self {
        case .text(let tokens):
            tokens.chunks.reduce(0) { $0 + 4 * ($1.ids.count + $1.typeIDs.count) + 8 * $1.starts.count }
        case .tensors(let inputs, _): inputs.reduce(0) { $0 + $1.byteCount }
        }
    }

    private static func bytes(_ tensor: Tensor, _ row: Int) -> UnsafeRawBufferPointer {
        let size = tensor.shape[0] == 0 ? 0 : tensor.byteCount / tensor.shape[0]
        return UnsafeRawBufferPointer(start: tensor.pointer + row * size, count: size)
    }

    /// The handles of a row; `tensor` is held by the items.
    private static func strings(_ tensor: Tensor, _ row: Int) -> Slice<UnsafeBufferPointer<StringElement>> {
        let size = tensor.shape[0] == 0 ? 0 : tensor.count / tensor.shape[0]
        return tensor.elements(StringElement.self)[row * size..<(row + 1) * size]
    }

    private static func isEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        a.count == b.count && a.elementsEqual(b)
    }

    private static func isEqual(_ a: UnsafeBufferPointer<Int32>, _ b: UnsafeBufferPointer<Int32>) -> Bool {
        a.count == b.count && a.elementsEqual(b)
    }

    /// Type ids where an empty buffer stands for zeros.
    private static func isEqualPadded(_ a: UnsafeBufferPointer<Int32>, _ b: UnsafeBufferPointer<Int32>) -> Bool {
        if a.isEmpty { return b.allSatisfy { $0 == 0 } }
        if b.isEmpty { return a.allSatisfy { $0 == 0 } }
        return isEqual(a, b)
    }
}
