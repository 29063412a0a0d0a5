import MartletTensor

/// Places of elements among constant keys, int64; the number of keys where an element is none of them, or an error if
/// `isStrict`. Inputs: x, keys (a constant vector of x's type; of equal keys the last one counts). NaN is equal to NaN.
package struct LookupOp: GraphOp {
    package static let name = "Lookup"
    package var isStrict: Bool

    package init(isStrict: Bool = false) { self.isStrict = isStrict }

    package var attributes: String { isStrict ? "strict" : "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let keys = try operand(inputs, 1)
        _ = try requireSameDType(inputs, [x, keys])
        guard keys.constant?.rank == 1 else { throw impossible(inputs, "the keys are no constant vector") }
        guard x.type.dtype == .string || KeyTable.Element(x.type.dtype) != nil else {
            throw impossible(inputs, "does not look up \(x.type.dtype.name)")
        }
        return [ValueType(.int64, x.type.shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        optional(constants, 1).flatMap { KeyTable($0) }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let table = context.prepared as? KeyTable, table.dtype == x.dtype else {
            throw context.invalid(self, inputs, "the keys are no constants of the type \(x.dtype.name)")
        }
        let result = try context.output(0, .int64, x.shape)
        let places = result.mutableElements(Int64.self)
        table.find(x, into: places)
        if isStrict, places.contains(Int64(table.count)) {
            throw context.invalid(self, inputs, "an element is none of the \(table.count) categories")
        }
        return [result]
    }
}

/// Keys by their bits. Immutable.
private final class KeyTable: Sendable {
    let dtype: DType
    let count: Int
    private let numbers: [UInt64: Int64]
    private let strings: [[UInt8]: Int64]

    /// How the elements of a dtype become bits.
    enum Element {
        case integer, float, double

        init?(_ dtype: DType) {
            switch dtype {
            case .float32: self = .float
            case .float64: self = .double
            case .int64, .int32, .int16, .int8, .uint8, .uint16, .uint32, .bool: self = .integer
            default: return nil
            }
        }
    }

    init?(_ keys: Tensor) {
        dtype = keys.dtype
        count = keys.count
        var numbers: [UInt64: Int64] = [:]
        var strings: [[UInt8]: Int64] = [:]
        if keys.dtype == .string {
            withExtendedLifetime(keys) {
                for (place, key) in keys.elements(StringElement.self).enumerated() {
                    strings[Array(key.utf8)] = Int64(place)
                }
            }
        } else {
            guard let element = Element(keys.dtype) else { return nil }
            Self.forEach(keys, element) { numbers[$1] = Int64($0) }
        }
        self.numbers = numbers
        self.strings = strings
    }

    func find(_ x: Tensor, into places: UnsafeMutableBufferPointer<Int64>) {
        let missing = Int64(count)
        if x.dtype == .string {
            // Columns hold the same few strings again and again.
            var last: (bytes: [UInt8], place: Int64) = ([], strings[[]] ?? missing)
            for (index, element) in x.elements(StringElement.self).enumerated() {
                if !last.bytes.elementsEqual(element.utf8) {
                    let bytes = Array(element.utf8)
                    last = (bytes, strings[bytes] ?? missing)
                }
                places[index] = last.place
            }
        } else if let element = Element(x.dtype) {
            Self.forEach(x, element) { places[$0] = numbers[$1] ?? missing }
        }
    }

    private static func forEach(_ x: Tensor, _ element: Element, _ body: (Int, UInt64) -> Void) {
        switch element {
        case .float:
            for (index, value) in x.values(Float.self).enumerated() { body(index, bits(Double(value))) }
        case .double: for (index, value) in x.values(Double.self).enumerated() { body(index, bits(value)) }
        case .integer:
            guard let wide = try? x.converted(to: .int64) else { return }
            for (index, value) in wide.values(Int64.self).enumerated() { body(index, UInt64(bitPattern: value)) }
        }
    }

    /// Equal numbers have equal bits: both zeros, and every NaN.
    private static func bits(_ value: Double) -> UInt64 {
        value.isNaN ? Double.nan.bitPattern : value == 0 ? 0 : value.bitPattern
    }
}
