import MartletTensor

/// Collects values into a column of a given type. Appending is amortized O(size of the value), without other allocation.
///
/// A value type; not for sharing. Appends that do not fit the type are bugs, except int into float, which widens.
/// List: append elements to `children[0]`, then `closeList()`. Struct: append one value to every child, then `closeStruct()`.
package struct ColumnBuilder {
    package let type: DataType
    package private(set) var count = 0
    /// Of a list its elements; of a struct its fields; else empty.
    package var children: [ColumnBuilder]

    private var validity: Bitmap?
    private var bools: [Bool] = []
    private var ints: [Int64] = []
    private var floats: [Double] = []
    private var offsets: [Int] = []
    private var bytes: [UInt8] = []
    private var tensors: [Tensor?] = []
    private let layout: Layout
    private let rowBytes: Int

    private enum Layout { case none, bools, ints, floats, bytes, list, structure, tensor, tensors }

    package init(_ type: DataType) {
        var type = type
        var children: [ColumnBuilder] = []
        var rowBytes = 0
        switch type {
        case .null: layout = .none
        case .bool: layout = .bools
        case .int, .timestamp: layout = .ints
        case .float: layout = .floats
        case .string, .labels, .bytes: layout = .bytes
        case .list(let element):
            layout = .list
            children = [ColumnBuilder(element)]
        case .structure(let fields):
            layout = .structure
            children = fields.map { ColumnBuilder($0.type) }
        case .tensor(let dtype, let dims):
            if let shape = type.fixedShape {
                layout = .tensor
                rowBytes = shape.reduce(dtype.size, *)
                type = .tensor(dtype, shape: shape)
            } else {
                layout = .tensors
                type = .tensor(dtype, dims)
            }
        }
        self.type = type
        self.children = children
        self.rowBytes = rowBytes
        if layout == .bytes || layout == .list { offsets.append(0) }
    }

    package mutating func reserve(rows: Int, bytes byteCount: Int = 0) {
        switch layout {
        case .none, .structure: break
        case .bools: bools.reserveCapacity(bools.count + rows)
        case .ints: ints.reserveCapacity(ints.count + rows)
        case .floats: floats.reserveCapacity(floats.count + rows)
        case .bytes, .list:
            offsets.reserveCapacity(offsets.count + rows)
            bytes.reserveCapacity(bytes.count + byteCount)
        case .tensor: bytes.reserveCapacity(bytes.count + rows * rowBytes)
        case .tensors: tensors.reserveCapacity(tensors.count + rows)
        }
    }

    @inline(__always)
    private mutating func countValid() {
        count &+= 1
        if validity != nil { validity?.append(true) }
    }

    package mutating func append(bool value: Bool) {
        precondition(layout == .bools, "bug: bool into \(type.text)")
        bools.append(value)
        countValid()
    }

    /// Also microseconds of a timestamp; into float it widens.
    package mutating func append(int value: Int64) {
        if layout == .ints {
            ints.append(value)
        } else {
            precondition(layout == .floats, "bug: int into \(type.text)")
            floats.append(Double(value))
        }
        countValid()
    }

    package mutating func append(float value: Double) {
        precondition(layout == .floats, "bug: float into \(type.text)")
        floats.append(value)
        countValid()
    }

    /// Into string, a label set (membership is not checked), or bytes. The bytes of a string are valid UTF-8.
    package mutating func append(utf8 value: UnsafeBufferPointer<UInt8>) {
        precondition(layout == .bytes, "bug: string into \(type.text)")
        bytes.append(contentsOf: value)
        offsets.append(bytes.count)
        countValid()
    }

    package mutating func append(string value: String) {
        precondition(layout == .bytes, "bug: string into \(type.text)")
        bytes.append(contentsOf: value.utf8)
        offsets.append(bytes.count)
        countValid()
    }

    /// A row of a tensor: elements of its dtype in row-major order, exactly the row's bytes.
    package mutating func append(tensorBytes value: UnsafeRawBufferPointer) {
        precondition(
            layout == .tensor && value.count == rowBytes, "bug: tensor row of \(value.count) bytes, not \(rowBytes)")
        bytes.append(contentsOf: value)
        countValid()
    }

    /// A row of a tensor type, of which open dimensions may differ from row to row.
    package mutating func append(tensor value: Tensor) {
        guard layout == .tensors else {
            return append(tensorBytes: UnsafeRawBufferPointer(start: value.pointer, count: value.byteCount))
        }
        tensors.append(value)
        countValid()
    }

    /// Ends a row that consists of the elements appended to `children[0]` since the last row.
    package mutating func closeList() {
        precondition(layout == .list, "bug: list into \(type.text)")
        offsets.append(children[0].count)
        countValid()
    }

    /// Ends a row; every child has got one more value.
    package mutating func closeStruct() {
        precondition(
            layout == .structure && children.allSatisfy { $0.count == count + 1 }, "bug: struct row incomplete")
        countValid()
    }

    package mutating func appendNull() { appendNulls(1) }

    package mutating func appendNulls(_ rows: Int) {
        guard rows > 0 else { return }
        if validity == nil, layout != .none { validity = Bitmap(repeating: true, count: count) }
        validity?.append(repeating: false, count: rows)
        count += rows
        switch layout {
        case .none: break
        case .bools: bools.append(contentsOf: repeatElement(false, count: rows))
        case .ints: ints.append(contentsOf: repeatElement(0, count: rows))
        case .floats: floats.append(contentsOf: repeatElement(0, count: rows))
        case .bytes, .list: offsets.append(contentsOf: repeatElement(offsets[offsets.count - 1], count: rows))
        case .structure: for child in children.indices { children[child].appendNulls(rows) }
        case .tensor: bytes.append(contentsOf: repeatElement(0, count: rows * rowBytes))
        case .tensors: tensors.append(contentsOf: repeatElement(nil, count: rows))
        }
    }

    /// Drops the rows from `rows` on, and what was appended to children for a row that was not closed.
    package mutating func truncate(to rows: Int) {
        precondition(rows <= count, "bug: truncate \(count) rows to \(rows)")
        let dropped = count - rows
        count = rows
        validity?.truncate(to: rows)
        switch layout {
        case .none: break
        case .bools: bools.removeLast(dropped)
        case .ints: ints.removeLast(dropped)
        case .floats: floats.removeLast(dropped)
        case .bytes:
            offsets.removeLast(dropped)
            bytes.removeLast(bytes.count - offsets[rows])
        case .list:
            offsets.removeLast(dropped)
            children[0].truncate(to: offsets[rows])
        case .structure: for child in children.indices { children[child].truncate(to: rows) }
        case .tensor: bytes.removeLast(dropped * rowBytes)
        case .tensors: tensors.removeLast(dropped)
        }
    }

    /// The column; the builder is empty afterwards and can be used again.
    package mutating func finish() -> Column {
        let storage: Column.Storage
        switch layout {
        case .none: storage = .none
        case .bools: storage = .bools(bools)
        case .ints: storage = .ints(ints)
        case .floats: storage = .floats(floats)
        case .bytes: storage = .bytes(offsets: offsets, bytes: bytes)
        case .list: storage = .list(offsets: offsets, child: children[0].finish())
        case .structure: storage = .structure(children.indices.map { children[$0].finish() })
        case .tensor: storage = .tensor(finishTensor())
        case .tensors:
            let column = Column.shaped(tensors, type: type)
            self = ColumnBuilder(type)
            return column
        }
        let column = Column(type: type, count: count, validity: validity, storage: storage)
        self = ColumnBuilder(type)
        return column
    }

    private func finishTensor() -> Tensor {
        guard case .tensor(let dtype, _) = type, let shape = type.fixedShape else {
            preconditionFailure("bug: tensor layout of \(type.text)")
        }
        let tensor = Tensor(dtype, shape: [count] + shape, storage: TensorStorage(byteCount: bytes.count))
        bytes.withUnsafeBytes {
            if let base = $0.baseAddress { tensor.pointer.copyMemory(from: base, byteCount: $0.count) }
        }
        return tensor
    }

    /// All rows of `column`, whose type is the builder's or widens to it.
    package mutating func append(rowsOf column: Column) {
        guard column.type != .null else { return appendNulls(column.count) }
        let before = count
        switch layout {
        case .none: preconditionFailure("bug: \(column.type.text) into null")
        case .bools: column.withBools { bools.append(contentsOf: $0) }
        case .ints: column.withInts { ints.append(contentsOf: $0) }
        case .floats:
            if case .ints = column.storage {
                column.withInts { floats.append(contentsOf: $0.lazy.map { Double($0) }) }
            } else {
                column.withFloats { floats.append(contentsOf: $0) }
            }
        case .bytes: appendStrings(column)
        case .list: appendLists(column)
        case .structure: for child in children.indices { children[child].append(rowsOf: column.child(child)) }
        case .tensor:
            let tensor = column.tensor
            precondition(tensor.byteCount == column.count * rowBytes, "bug: \(column.type.text) into \(type.text)")
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount))
        case .tensors: tensors += column.tensorRows
        }
        count += column.count
        let theirs = column.validityOfRows
        if theirs != nil, validity == nil { validity = Bitmap(repeating: true, count: before) }
        guard validity != nil else { return }
        if let theirs {
            for row in 0..<column.count { validity?.append(theirs[row]) }
        } else {
            validity?.append(repeating: true, count: column.count)
        }
    }

    private mutating func appendStrings(_ column: Column) {
        column.withStrings { rows in
            guard rows.count > 0 else { return }
            let first = rows.offsets[0]
            let shift = bytes.count - first
            bytes.append(contentsOf: rows.bytes[first..<rows.offsets[rows.count]])
            for row in 1...rows.count { offsets.append(rows.offsets[row] + shift) }
        }
    }

    private mutating func appendLists(_ column: Column) {
        guard case .list(let theirs, let child) = column.storage, column.count > 0 else { return }
        let first = theirs[column.offset]
        let shift = children[0].count - first
        children[0].append(rowsOf: child.slice(first..<theirs[column.offset + column.count]))
        for row in 1...column.count { offsets.append(theirs[column.offset + row] + shift) }
    }
}
