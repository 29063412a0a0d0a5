import MartletTensor

/// A sequence with one element more or less. Inputs: sequence, element (only to insert), place (integer)?; without a place
/// at the end. Negative places count from the end.
package struct SequenceEditOp: GraphOp {
    package enum Kind: String, Sendable { case insert, erase }

    package static let name = "SequenceEdit"
    package static let takesContainers = true
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let sequence = try operand(inputs, 0).type
        guard sequence.dtype == .sequence, let element = sequence.element else {
            throw impossible(inputs, "input 0 is no sequence")
        }
        guard kind == .insert else { return [sequence] }
        let added = try operand(inputs, 1).type
        // An empty sequence's elements have no shape yet.
        guard added.dtype == element.dtype else {
            throw impossible(inputs, "a \(added.dtype.name) tensor in a sequence of \(element.dtype.name)")
        }
        return [.sequence(of: element.shape == nil ? ValueType(element.dtype, nil) : element.union(added))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        var elements = try sequence(inputs, 0, context)
        let last = elements.count - (kind == .insert ? 0 : 1)
        let place = optional(inputs, kind == .insert ? 2 : 1)
        let at = try place.map { try position($0, upTo: last, of: elements.count, inputs, context) } ?? last
        switch kind {
        case .insert: elements.insert(try operand(inputs, 1, context).copied(), at: at)
        case .erase:
            guard elements.indices.contains(at) else { throw context.invalid(self, inputs, "the sequence is empty") }
            elements.remove(at: at)
        }
        return [Tensor(ownedSequence: elements)]
    }
}

extension GraphOp {
    /// The elements of an input that is a sequence.
    func sequence(_ inputs: [Tensor?], _ index: Int, _ context: RunContext) throws -> [Tensor] {
        guard let elements = try operand(inputs, index, context).sequenceElements else {
            throw context.invalid(self, inputs, "input \(index) is no sequence")
        }
        return elements
    }

    /// A place in `0...last` of a sequence of `count` elements, counted from the end if negative.
    func position(
        _ tensor: Tensor, upTo last: Int, of count: Int, _ inputs: [Tensor?], _ context: RunContext
    ) throws -> Int {
        guard tensor.count == 1, let value = tensor.integerValues(limit: 1)?.first else {
            throw context.invalid(self, inputs, "the position is not one integer")
        }
        let (place, overflow) = value < 0 ? value.addingReportingOverflow(count) : (value, false)
        guard !overflow, place >= 0, place <= last else {
            throw context.invalid(self, inputs, "position \(value) is outside a sequence of \(count)")
        }
        return place
    }
}
