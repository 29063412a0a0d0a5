import MartletGraph

/// Which dimension of each tensor counts rows.
///
/// Most tensors have rows first; recurrent state often has them second, as in `state [2, batch, 128]`. Rows are the dimension
/// that the option `batch_dim` names, else the first name that some input begins with. An input of rank 0, or one whose
/// first dimension is a number while other inputs take any number of rows, has none: its value is the same for all rows.
struct BatchAxes {
    /// The name of the dimension, if it has one.
    let symbol: String?
    /// The only number of rows that the inputs take; nil if they take any.
    let fixed: Int?

    init(_ inputs: [ValueType], named option: String? = nil) {
        let first = inputs.map(Self.content).compactMap { $0.shape?.first }
        let sizes = first.compactMap(\.fixedValue)
        if let option {
            symbol = option
            fixed = nil
            return
        }
        symbol = first.lazy.compactMap { if case .symbol(let name) = $0 { name } else { nil } }.first
        fixed = sizes.count == first.count ? (sizes.contains(1) ? 1 : sizes.first) : nil
    }

    /// The place of rows in an input; nil if it has none.
    func axis(ofInput type: ValueType) -> Int? {
        guard let shape = Self.content(type).shape else { return 0 }
        guard let first = shape.first else { return nil }
        if let place = named(shape) { return place }
        guard let size = first.fixedValue else { return 0 }
        if let fixed { return size == fixed ? 0 : shape.firstIndex(of: .fixed(fixed)) }
        let open = shape.indices.filter { shape[$0].fixedValue == nil }
        return open.count == 1 ? open[0] : nil
    }

    /// The place of rows in an output, 0 where nothing tells.
    func axis(ofOutput type: ValueType) -> Int {
        guard let shape = type.shape, let first = shape.first else { return 0 }
        if let place = named(shape) { return place }
        if let fixed, let size = first.fixedValue, size != fixed { return shape.firstIndex(of: .fixed(fixed)) ?? 0 }
        return 0
    }

    /// What an optional holds, or the value itself.
    private static func content(_ type: ValueType) -> ValueType {
        type.dtype == .optional ? type.element ?? type : type
    }

    private func named(_ shape: [Dim]) -> Int? { symbol.flatMap { shape.firstIndex(of: .symbol($0)) } }
}
