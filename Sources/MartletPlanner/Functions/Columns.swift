import MartletData

// Making result columns row by row. Strict functions see no nulls, so these have none.

@inline(__always)
func floats(_ count: Int, _ value: (Int) throws -> Double) rethrows -> Column {
    Column(floats: try rows(count, value))
}

@inline(__always)
func ints(_ count: Int, _ value: (Int) throws -> Int64) rethrows -> Column {
    Column(ints: try rows(count, value))
}

@inline(__always)
func bools(_ count: Int, _ value: (Int) throws -> Bool) rethrows -> Column {
    Column(bools: try rows(count, value))
}

@inline(__always)
private func rows<T>(_ count: Int, _ value: (Int) throws -> T) rethrows -> [T] {
    try [T](unsafeUninitializedCapacity: count) { output, initialized in
        for row in 0..<count { output.initializeElement(at: row, to: try value(row)) }
        initialized = count
    }
}

/// Total bytes are capped at 1 GiB.
func strings(_ name: String, _ count: Int, _ value: (Int) throws -> String) throws -> Column {
    var builder = ColumnBuilder(.string)
    builder.reserve(rows: count)
    var total = 0
    for row in 0..<count {
        let text = try value(row)
        total += text.utf8.count
        try checkSize(total, function: name, row: row)
        builder.append(string: text)
    }
    return builder.finish()
}

func checkSize(_ bytes: Int, function: String, row: Int) throws {
    guard bytes <= 1 << 30 else { throw EvaluationError(row: row, .tooLarge(function: function, bytes: bytes)) }
}

/// A float32 tensor column of `shape` per row, filled by `fill` with the row's elements, all zero before.
func tensors(
    _ count: Int, shape: [Int], function: String, _ fill: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void
)
    throws -> Column
{
    let size = shape.reduce(1, *)
    let (elements, overflow) = size.multipliedReportingOverflow(by: count)
    guard !overflow, elements <= 1 << 28 else {
        throw EvaluationError(row: 0, .tooLarge(function: function, bytes: overflow ? Int.max : elements * 4))
    }
    let tensor = Tensor([Float](repeating: 0, count: elements), shape: [count] + shape)
    let all = tensor.mutableElements(Float.self)
    for row in 0..<count {
        try fill(row, UnsafeMutableBufferPointer(rebasing: all[row * size..<(row + 1) * size]))
    }
    return Column(tensor: tensor)
}

/// The rows of a float32 tensor column, each `size` elements.
struct FloatRows {
    let tensor: Tensor
    let shape: [Int]
    let size: Int
    private let elements: UnsafeBufferPointer<Float>

    init(_ column: Column) {
        tensor = column.tensor.aligned()
        shape = Array(tensor.shape.dropFirst())
        size = shape.reduce(1, *)
        elements = tensor.elements(Float.self)
    }

    subscript(row: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(rebasing: elements[row * size..<(row + 1) * size])
    }
}
