import MartletSupport
import MartletTensor
import Testing

@Suite struct TensorTests {
    @Test func rowsShareStorage() {
        let tensor = Tensor([Float](stride(from: 0, to: 12, by: 1)), shape: [4, 3])
        let rows = tensor.rows(1..<3)
        #expect(rows.shape == [2, 3])
        #expect(rows.storage === tensor.storage)
        withExtendedLifetime(rows) { #expect(Array(rows.elements(Float.self)) == [3, 4, 5, 6, 7, 8]) }
    }

    @Test func reshapingKeepsOrder() {
        let tensor = Tensor([Int64](0..<6), shape: [2, 3]).reshaped([3, 2])
        withExtendedLifetime(tensor) { #expect(Array(tensor.elements(Int64.self)) == [0, 1, 2, 3, 4, 5]) }
    }

    /// Shapes from files: each is an error, none an allocation or a trap.
    @Test(arguments: [[-1], [1 << 40, 1 << 40], [Int.max, 2], [1 << 37], [0, Int.max, Int.max]])
    func impossibleShapesAreErrors(_ shape: [Int]) {
        #expect(throws: TensorError.self) { try Tensor(.float32, shape: shape) }
    }

    @Test func tooManyDimensionsAreAnError() {
        #expect(throws: TensorError.tooManyDimensions(rank: 33)) {
            try Tensor(.int8, shape: [Int](repeating: 1, count: 33))
        }
    }

    @Test func nothingHasNoBytes() throws {
        let tensor = try Tensor(.float32, shape: [0, 384])
        #expect(tensor.count == 0)
        #expect(tensor.byteCount == 0)
    }

    @Test func unalignedViewsAreCopiedOnce() {
        let storage = TensorStorage(byteCount: 9)
        let bytes: [UInt8] = [255, 1, 0, 0, 0, 2, 0, 0, 0]
        bytes.withUnsafeBytes {
            storage.base.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(storage.base), byteCount: 9)
        }
        let view = Tensor(.int32, shape: [2], storage: storage, byteOffset: 1)
        #expect(!view.isAligned)
        let copy = view.aligned()
        #expect(copy.isAligned)
        withExtendedLifetime(copy) { #expect(Array(copy.elements(Int32.self)) == [1, 2]) }
        #expect(copy.aligned().storage === copy.storage)
    }

    @Test(arguments: DType.allCases)
    func sizesAddUp(_ dtype: DType) throws {
        #expect(try Tensor.byteCount(dtype, shape: [3, 5]) == 15 * dtype.size)
        #expect(!(dtype.isFloat && dtype.isInteger))
    }
}
