import MartletTensor
import Testing

@Suite struct StringTests {
    @Test func stringsComeBack() {
        let texts = ["", "a", "häß", "漢字", String(repeating: "x", count: 1000), ""]
        let tensor = Tensor(strings: texts, shape: [2, 3])
        #expect(tensor.strings == texts)
        #expect(tensor.dtype.size * tensor.count == tensor.byteCount)
    }

    @Test func newStringsAreEmpty() throws {
        #expect(try Tensor(.string, shape: [3]).strings == ["", "", ""])
    }

    /// Handles copied elsewhere are worth what their owner is; an owning copy outlives it.
    @Test func owningCopiesOutliveTheirSource() throws {
        var copy: Tensor?
        do {
            let source = Tensor(strings: ["alpha", "beta"], shape: [2])
            let moved = try Tensor(.string, shape: [2])
            moved.pointer.copyMemory(from: source.pointer, byteCount: 16)
            #expect(!moved.storage.ownsStrings)
            copy = moved.owningHandles()
        }
        #expect(copy?.storage.ownsStrings == true)
        #expect(copy?.strings == ["alpha", "beta"])
    }

    @Test func equalityIsOfBytes() {
        let tensor = Tensor(strings: ["a", "a", "b", "", ""], shape: [5])
        let elements = tensor.elements(StringElement.self)
        #expect(StringElement.isEqual(elements[0], elements[1]))
        #expect(!StringElement.isEqual(elements[0], elements[2]))
        #expect(StringElement.isEqual(elements[3], elements[4]))
        #expect(!StringElement.isEqual(elements[0], elements[3]))
    }

    @Test func containersHoldCopies() {
        let element = Tensor(vector: [1, 2] as [Float])
        let sequence = Tensor(sequence: [element, Tensor(scalar: Float(3))])
        element.mutableElements(Float.self)[0] = 9
        #expect(sequence.sequenceElements?.map(\.shape) == [[2], []])
        #expect(sequence.sequenceElements?[0].elements(Float.self)[0] == 1)
        guard case .some(.none) = Tensor(optional: nil).optionalElement else {
            Issue.record("an empty optional holds something")
            return
        }
        #expect(element.sequenceElements == nil)
    }

    @Test func theLimitIsKept() throws {
        let limit = TensorMemory.limit
        defer { TensorMemory.setLimit(limit) }
        let before = TensorMemory.used
        TensorMemory.setLimit(before + (64 << 20))
        let half = try Tensor(.uint8, shape: [40 << 20])
        #expect(TensorMemory.used >= before + (40 << 20))
        #expect(throws: TensorError.self) { try Tensor(.uint8, shape: [40 << 20]) }
        withExtendedLifetime(half) {}
    }
}
