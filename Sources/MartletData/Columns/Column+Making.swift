import MartletTensor

extension Column {
    package init(bools: [Bool], validity: Bitmap? = nil) {
        self.init(type: .bool, count: bools.count, validity: validity, storage: .bools(bools))
    }

    package init(ints: [Int64], validity: Bitmap? = nil) {
        self.init(type: .int, count: ints.count, validity: validity, storage: .ints(ints))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    package init(timestamps: [Int64], validity: Bitmap? = nil) {
        self.init(type: .timestamp, count: timestamps.count, validity: validity, storage: .ints(timestamps))
    }

    package init(floats: [Double], validity: Bitmap? = nil) {
        self.init(type: .float, count: floats.count, validity: validity, storage: .floats(floats))
    }

    /// `type` is string, a label set, or bytes. `offsets` rise from row to row, have one entry more than there are rows,
    /// and stay inside `bytes`.
    package init(type: DataType = .string, offsets: [Int], bytes: [UInt8], validity: Bitmap? = nil) {
        precondition(!offsets.isEmpty, "bug: offsets have one entry more than rows")
        self.init(
            type: type, count: offsets.count - 1, validity: validity, storage: .bytes(offsets: offsets, bytes: bytes))
    }

    package init(strings: [String], validity: Bitmap? = nil) {
        var builder = ColumnBuilder(.string)
        for string in strings { builder.append(string: string) }
        let column = builder.finish()
        self.init(type: .string, count: column.count, validity: validity, storage: column.storage)
    }

    /// The first dimension of `tensor` is rows.
    package init(tensor: Tensor, validity: Bitmap? = nil) {
        precondition(tensor.rank > 0, "bug: a tensor column needs a dimension of rows")
        self.init(
            type: .tensor(tensor.dtype, shape: Array(tensor.shape.dropFirst())), count: tensor.shape[0],
            validity: validity, storage: .tensor(tensor))
    }

    /// Children have `count` rows each and the types of `fields`.
    package init(fields: [Field], children: [Column], count: Int, validity: Bitmap? = nil) {
        precondition(
            children.count == fields.count && children.allSatisfy { $0.count == count }, "bug: struct children")
        self.init(type: .structure(fields), count: count, validity: validity, storage: .structure(children))
    }

    /// Row `i` is `child[offsets[i]..<offsets[i + 1]]`.
    package init(listOffsets offsets: [Int], child: Column, validity: Bitmap? = nil) {
        precondition(!offsets.isEmpty && offsets[offsets.count - 1] <= child.count, "bug: list offsets")
        self.init(
            type: .list(child.type), count: offsets.count - 1, validity: validity,
            storage: .list(offsets: offsets, child: child))
    }

    /// No rows.
    package static func empty(_ type: DataType) -> Column { nulls(type, count: 0) }

    /// `count` nulls. A tensor type's open dimensions become 0.
    package static func nulls(_ type: DataType, count: Int) -> Column {
        let validity = count > 0 && type != .null ? Bitmap(repeating: false, count: count) : nil
        var type = type
        let storage: Storage
        switch type {
        case .null: storage = .none
        case .bool: storage = .bools(Array(repeating: false, count: count))
        case .int, .timestamp: storage = .ints(Array(repeating: 0, count: count))
        case .float: storage = .floats(Array(repeating: 0, count: count))
        case .string, .labels, .bytes: storage = .bytes(offsets: Array(repeating: 0, count: count + 1), bytes: [])
        case .list(let element):
            storage = .list(offsets: Array(repeating: 0, count: count + 1), child: .empty(element))
        case .structure(let fields): storage = .structure(fields.map { .nulls($0.type, count: count) })
        case .tensor(let dtype, let dims):
            let shape = dims.map { $0.size ?? 0 }
            type = .tensor(dtype, shape: shape)
            storage = .tensor(Tensor.zeros(dtype, shape: [count] + shape))
        }
        return Column(type: type, count: count, validity: validity, storage: storage)
    }

    /// `count` times the same value, as a column of `type`, to which the value's type widens.
    package static func constant(_ value: Value, type: DataType? = nil, count: Int) -> Column {
        let type = type ?? value.type
        if value.isNull { return nulls(type, count: count) }
        switch (value, type) {
        case (.bool(let x), .bool): return Column(bools: Array(repeating: x, count: count))
        case (.int(let x), .int): return Column(ints: Array(repeating: x, count: count))
        case (.int(let x), .float): return Column(floats: Array(repeating: Double(x), count: count))
        case (.float(let x), .float): return Column(floats: Array(repeating: x, count: count))
        case (.timestamp(let x), .timestamp): return Column(timestamps: Array(repeating: x, count: count))
        default:
            var builder = ColumnBuilder(type)
            builder.append(value)
            return builder.finish().gather(Array(repeating: 0, count: count))
        }
    }

    /// A column of `type` (the unified type of the values if nil) with these cells, to which their types widen.
    package init(_ values: [Value], type: DataType? = nil) {
        let type =
            type ?? values.reduce(DataType?.some(.null)) { type, value in type?.unified(with: value.type) } ?? .null
        var builder = ColumnBuilder(type)
        for value in values { builder.append(value) }
        self = builder.finish()
    }

    /// The same rows under a type of the same layout: string for a label set, renamed struct fields.
    package func retyped(_ type: DataType) -> Column {
        Column(type: type, count: count, offset: offset, validity: validity, storage: storage)
    }

    /// The same rows, null also where `validity` (one bit per row of this column) is 0.
    package func masked(by mask: Bitmap) -> Column {
        precondition(mask.count == count, "bug: a mask of \(mask.count) bits for \(count) rows")
        guard type != .null else { return self }
        if offset == 0, let validity, validity.count == count {
            return Column(type: type, count: count, validity: validity.intersection(mask), storage: storage)
        }
        guard offset == 0, validity == nil else {
            var merged = Bitmap(repeating: true, count: offset + count)
            for row in 0..<count where isNull(row) || !mask[row] { merged[offset + row] = false }
            return Column(type: type, count: count, offset: offset, validity: merged, storage: storage)
        }
        return Column(type: type, count: count, validity: mask, storage: storage)
    }

    /// One bit per row: 1 for a value, 0 for a null. nil: no nulls.
    package var validityOfRows: Bitmap? {
        guard let validity else { return type == .null && count > 0 ? Bitmap(repeating: false, count: count) : nil }
        if offset == 0, validity.count == count { return validity }
        return validity.slice(offset..<offset + count)
    }
}

extension Tensor {
    /// All bytes zero. The size was checked by whoever made the shape.
    static func zeros(_ dtype: DType, shape: [Int]) -> Tensor {
        let bytes = shape.reduce(dtype.size, *)
        let tensor = Tensor(dtype, shape: shape, storage: TensorStorage(byteCount: bytes))
        tensor.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return tensor
    }
}
