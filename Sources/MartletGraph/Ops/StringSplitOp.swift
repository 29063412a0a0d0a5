import MartletTensor

/// Each string cut at a delimiter: parts [… shape, most parts of an element] padded by empty strings, and their numbers, int64
/// [… shape]. Input: x (strings).
package struct StringSplitOp: GraphOp {
    package static let name = "StringSplit"
    /// Nil: at any run of white space, none of it at the start and end.
    package var delimiter: String?
    /// How often an element is cut at most; the last part is what is left. Nil: at every place.
    package var limit: Int?

    package init(delimiter: String? = nil, limit: Int? = nil) {
        self.delimiter = delimiter?.isEmpty ?? true ? nil : delimiter
        self.limit = limit
    }

    package var attributes: String {
        (delimiter.map { "at `\($0)`" } ?? "at spaces") + (limit.map { " at most \($0) times" } ?? "")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .string else { throw impossible(inputs, "cuts strings only") }
        return [
            ValueType(.string, x.type.shape.map { $0 + [.unknown] }), ValueType(.int64, x.type.shape),
        ]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == .string, x.rank < Tensor.maximumRank else {
            throw context.invalid(self, inputs, "cuts strings only, of a rank that leaves room for the parts")
        }
        let parts = withExtendedLifetime(x) {
            x.elements(StringElement.self).map { delimiter == nil ? words(Array($0.utf8)) : pieces(Array($0.utf8)) }
        }
        let width = parts.lazy.map(\.count).max() ?? 0
        let shape = x.shape + [width]
        try TensorStorage.check(byteCount: Tensor.byteCount(.string, shape: shape))
        let padded = parts.flatMap { $0 + [[UInt8]](repeating: [], count: width - $0.count) }
        let counts = try context.output(1, .int64, x.shape)
        for (index, part) in parts.enumerated() { counts.mutableElements(Int64.self)[index] = Int64(part.count) }
        return [Tensor(utf8: padded, shape: shape), counts]
    }

    private func mayCut(_ parts: [[UInt8]]) -> Bool { limit.map { parts.count < max($0, 0) } ?? true }

    /// An empty string has no parts.
    private func pieces(_ text: [UInt8]) -> [[UInt8]] {
        guard !text.isEmpty else { return [] }
        let mark = Array((delimiter ?? "").utf8)
        var parts: [[UInt8]] = []
        var start = 0
        var place = 0
        while place + mark.count <= text.count, mayCut(parts) {
            if text[place..<(place + mark.count)].elementsEqual(mark) {
                parts.append(Array(text[start..<place]))
                place += mark.count
                start = place
            } else {
                place += 1
            }
        }
        return parts + [Array(text[start...])]
    }

    private func words(_ text: [UInt8]) -> [[UInt8]] {
        let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        func bytes(_ range: Range<Int>) -> [UInt8] {
            var word = String.UnicodeScalarView()
            word.append(contentsOf: scalars[range])
            return Array(String(word).utf8)
        }
        var parts: [[UInt8]] = []
        var place = 0
        while true {
            while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
            guard place < scalars.count else { return parts }
            guard mayCut(parts) else { return parts + [bytes(place..<scalars.count)] }
            let start = place
            while place < scalars.count, !scalars[place].properties.isWhitespace { place += 1 }
            parts.append(bytes(start..<place))
        }
    }
}
