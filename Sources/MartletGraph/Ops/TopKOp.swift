import MartletTensor

/// The k largest (or smallest) elements along an axis, best first, equal ones in order of place.
/// Inputs: x, k (int64, one element) unless an attribute. Outputs: values, places (int64).
package struct TopKOp: GraphOp {
    package static let name = "TopK"
    package var axis: Int
    package var largest: Bool
    package var k: Int?

    package init(axis: Int = -1, largest: Bool = true, k: Int? = nil) {
        self.axis = axis
        self.largest = largest
        self.k = k
    }

    package var attributes: String { "axis=\(axis)\(largest ? "" : " smallest")\(k.map { " k=\($0)" } ?? "")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard var shape = x.type.shape else { return [ValueType(x.type.dtype, nil), ValueType(.int64, nil)] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        let wanted: Dim
        if let k { wanted = .fixed(k) } else { wanted = try operand(inputs, 1).integers?.first ?? .unknown }
        if let count = wanted.fixedValue {
            guard count >= 0 else { throw impossible(inputs, "k is \(count)") }
            if let length = shape[at].fixedValue, count > length {
                throw impossible(inputs, "k is \(count), of \(length) elements")
            }
        }
        shape[at] = wanted
        return [ValueType(x.type.dtype, shape), ValueType(.int64, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        let length = x.shape[at]
        guard let count = try k ?? operand(inputs, 1, context).integerValues(limit: 1)?.first, count >= 0,
            count <= length
        else { throw context.invalid(self, inputs, "k is not among 0 to \(length)") }
        var shape = x.shape
        shape[at] = count
        let values = try context.output(0, x.dtype, shape)
        let places = try context.output(1, .int64, shape)
        guard values.count > 0 else { return [values, places] }
        let selection = Selection(op: self, x: x, axis: at, count: count, values: values, places: places)
        switch x.dtype {
        case .float16, .bfloat16: selection.byKey(try x.converted(to: .float32), Float.self, Self.key)
        case .float32: selection.byKey(x, Float.self, Self.key)
        case .int8: selection.byKey(x, Int8.self) { UInt32(bitPattern: Int32($0)) ^ 0x8000_0000 }
        case .int16: selection.byKey(x, Int16.self) { UInt32(bitPattern: Int32($0)) ^ 0x8000_0000 }
        case .int32: selection.byKey(x, Int32.self) { UInt32(bitPattern: $0) ^ 0x8000_0000 }
        case .uint8: selection.byKey(x, UInt8.self) { UInt32($0) }
        case .uint16: selection.byKey(x, UInt16.self) { UInt32($0) }
        case .uint32: selection.byKey(x, UInt32.self) { $0 }
        case .float64: selection.byValue(Double.self)
        case .int64: selection.byValue(Int64.self)
        case .uint64: selection.byValue(UInt64.self)
        default: throw context.invalid(self, inputs, "\(x.dtype.name) has no order")
        }
        return [values, places]
    }

    /// NaN counts as the largest, as in numpy.
    private static func key(_ x: Float) -> UInt32 { orderedBits(x, nan: .max) }

    private struct Selection {
        let op: TopKOp
        let x: Tensor
        let axis: Int
        let count: Int
        let values: Tensor
        let places: Tensor

        /// Calls `select` for each row along the axis with the place of its first element and the distance to the next;
        /// it gives the row's best, in order.
        @inline(__always)
        private func forEachRow(_ select: (_ start: Int, _ step: Int, _ length: Int) -> [Int]) {
            let inner = x.shape[(axis + 1)...].reduce(1, *)
            let length = x.shape[axis]
            let size = x.dtype.size
            let to = places.mutableElements(Int64.self)
            for row in 0..<(x.count / length) {
                let start = row / inner * length * inner + row % inner
                let target = row / inner * count * inner + row % inner
                for (rank, place) in select(start, inner, length).enumerated() {
                    to[target + rank * inner] = Int64(place)
                    (values.pointer + (target + rank * inner) * size).copyMemory(
                        from: x.pointer + (start + place * inner) * size, byteCount: size)
                }
            }
        }

        /// For types whose order fits 32 bits: key and place as one number, the least of which are wanted.
        @inline(__always)
        func byKey<T: TensorElement>(_ x: Tensor, _ type: T.Type, _ key: (T) -> UInt32) {
            let from = x.elements(T.self)
            let flip: UInt32 = op.largest ? .max : 0
            forEachRow { start, step, length in
                let isSmall = count < length / 8
                var best: [UInt64] = []
                best.reserveCapacity(isSmall ? count : length)
                for place in 0..<length {
                    let number =
                        UInt64(key(from[start + place * step]) ^ flip) << 32 | UInt64(UInt32(truncatingIfNeeded: place))
                    guard isSmall, best.count == count else {
                        best.append(number)
                        if isSmall, best.count == count { best.sort(by: >) }
                        continue
                    }
                    // A heap with the worst of the best on top.
                    if number < best[0] { Self.replaceTop(&best, number) }
                }
                best.sort()
                return best.prefix(count).map { Int($0 & 0xffff_ffff) }
            }
        }

        private static func replaceTop(_ heap: inout [UInt64], _ number: UInt64) {
            var place = 0
            while true {
                var child = 2 * place + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
                guard heap[child] > number else { break }
                heap[place] = heap[child]
                place = child
            }
            heap[place] = number
        }

        func byValue<T: TensorElement & Comparable>(_ type: T.Type) {
            let from = x.elements(T.self)
            forEachRow { start, step, length in
                (0..<length).sorted { a, b in
                    let (left, right) = (from[start + a * step], from[start + b * step])
                    let (leftIsNaN, rightIsNaN) = (left != left, right != right)
                    if leftIsNaN || rightIsNaN {
                        return leftIsNaN == rightIsNaN ? a < b : leftIsNaN == op.largest
                    }
                    if left == right { return a < b }
                    return op.largest ? left > right : left < right
                }.prefix(count).map { $0 }
            }
        }
    }
}

/// Bits that are ordered as the numbers are, -0 with +0; all NaNs give `nan`.
func orderedBits(_ x: Float, nan: UInt32) -> UInt32 {
    guard x == x else { return nan }
    let bits = (x == 0 ? Float(0) : x).bitPattern
    return bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
}
