import MartletTensor

extension Column {
    /// Rows `range`, sharing storage. O(1).
    package func slice(_ range: Range<Int>) -> Column {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bug: rows \(range) of \(count)")
        return Column(
            type: type, count: range.count, offset: offset + range.lowerBound, validity: validity, storage: storage)
    }

    /// Rows at `indices`, in that order; -1 gives a null. O(result).
    package func gather(_ indices: [Int]) -> Column {
        precondition(indices.allSatisfy { $0 >= -1 && $0 < count }, "bug: gather outside of \(count) rows")
        if case .tensors = storage {
            return .shaped(indices.map { $0 < 0 || isNull($0) ? nil : rowTensor($0) }, type: type)
        }
        var validity: Bitmap?
        if type != .null, self.validity != nil || indices.contains(-1) {
            var bits = Bitmap(repeating: true, count: indices.count)
            for (row, index) in indices.enumerated() where index < 0 || isNull(index) { bits[row] = false }
            validity = bits
        }
        let gathered: Storage
        switch storage {
        case .none: gathered = .none
        case .bools: gathered = .bools(withBools { rows in indices.map { $0 < 0 ? false : rows[$0] } })
        case .ints: gathered = .ints(withInts { rows in indices.map { $0 < 0 ? 0 : rows[$0] } })
        case .floats: gathered = .floats(withFloats { rows in indices.map { $0 < 0 ? 0 : rows[$0] } })
        case .bytes: gathered = gatherBytes(indices)
        case .list(let offsets, let child): gathered = gatherLists(indices, offsets: offsets, child: child)
        case .structure(let children):
            gathered = .structure(children.map { $0.slice(offset..<offset + count).gather(indices) })
        case .tensor(let tensor): gathered = .tensor(gatherTensor(indices, tensor))
        case .tensors: preconditionFailure("bug: tensors of own shapes were gathered above")
        }
        return Column(type: type, count: indices.count, validity: validity, storage: gathered)
    }

    /// The rows whose bit is set; one bit per row.
    package func filter(_ selection: Bitmap) -> Column {
        precondition(selection.count == count, "bug: a selection of \(selection.count) bits for \(count) rows")
        return gather(selection.setIndices)
    }

    private func gatherBytes(_ indices: [Int]) -> Storage {
        withStrings { rows in
            var offsets: [Int] = []
            offsets.reserveCapacity(indices.count + 1)
            offsets.append(0)
            var total = 0
            for index in indices {
                if index >= 0 { total += rows.length(index) }
                offsets.append(total)
            }
            let bytes = [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
                for (row, index) in indices.enumerated() where index >= 0 {
                    let source = rows[index]
                    guard let from = source.baseAddress, let to = buffer.baseAddress, source.count > 0 else { continue }
                    (to + offsets[row]).initialize(from: from, count: source.count)
                }
                initialized = total
            }
            return .bytes(offsets: offsets, bytes: bytes)
        }
    }

    private func gatherLists(_ indices: [Int], offsets: [Int], child: Column) -> Storage {
        var newOffsets = [0]
        newOffsets.reserveCapacity(indices.count + 1)
        var elements: [Int] = []
        for index in indices {
            if index >= 0 { elements.append(contentsOf: offsets[offset + index]..<offsets[offset + index + 1]) }
            newOffsets.append(elements.count)
        }
        return .list(offsets: newOffsets, child: child.gather(elements))
    }

    private func gatherTensor(_ indices: [Int], _ tensor: Tensor) -> Tensor {
        let shape = Array(tensor.shape.dropFirst())
        let rowBytes = shape.reduce(tensor.dtype.size, *)
        let result = Tensor(
            tensor.dtype, shape: [indices.count] + shape, storage: TensorStorage(byteCount: indices.count * rowBytes))
        for (row, index) in indices.enumerated() {
            let target = result.pointer + row * rowBytes
            if index < 0 {
                target.initializeMemory(as: UInt8.self, repeating: 0, count: rowBytes)
            } else {
                target.copyMemory(from: tensor.pointer + (offset + index) * rowBytes, byteCount: rowBytes)
            }
        }
        return result
    }

    /// All rows of `parts` in order, as a column of `type` (the first part's if nil), to which the parts' types widen:
    /// null to anything, int to float. O(rows).
    package static func concat(_ parts: [Column], type: DataType? = nil) -> Column {
        guard let type = type ?? parts.first?.type else { return .empty(.null) }
        if parts.count == 1, parts[0].type == type { return parts[0] }
        let filled = parts.filter { $0.count > 0 }
        if filled.count == 1, filled[0].type == type { return filled[0] }
        if case .tensor = type, type.fixedShape == nil {
            let shape = filled.first?.type.fixedShape
            guard shape != nil, filled.allSatisfy({ $0.type == filled[0].type }) else {
                let rows = filled.flatMap {
                    $0.type == .null ? [Tensor?](repeating: nil, count: $0.count) : $0.tensorRows
                }
                return .shaped(rows, type: type)
            }
            return concat(filled, type: filled[0].type)
        }
        var builder = ColumnBuilder(type)
        builder.reserve(rows: filled.reduce(0) { $0 + $1.count })
        for part in filled { builder.append(rowsOf: part) }
        return builder.finish()
    }

    /// Int rows as floats; any other column as it is.
    package func widenedToFloat() -> Column {
        guard type == .int else { return self }
        return Column(floats: withInts { $0.map { Double($0) } }, validity: validityOfRows)
    }
}

extension Bitmap {
    /// Positions of the set bits, rising.
    package var setIndices: [Int] {
        var result: [Int] = []
        result.reserveCapacity(setBits(in: 0..<count))
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append(index &* 64 &+ rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
        return result
    }
}
