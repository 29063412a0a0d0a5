import MartletData

/// A value under construction in a tensor graph; its meaning is known to the `TensorLowering` that made it. Its first
/// dimension is rows; axes below count the dimensions of one row from 0.
package struct TensorHandle: Hashable, Sendable {
    package let number: Int

    package init(_ number: Int) { self.number = number }
}

/// Builds tensor ops for expressions around models. The executor implements it over a tensor graph; the planner states
/// what each function means and never sees a graph. All values are float32 unless said otherwise.
package protocol TensorLowering {
    /// The type of one row of a value.
    func type(of x: TensorHandle) -> DataType
    /// One number for all rows, broadcast where it meets a tensor.
    mutating func constant(_ value: Double) throws -> TensorHandle
    mutating func unary(_ op: TensorUnary, _ x: TensorHandle) throws -> TensorHandle
    /// Elementwise; a rank-0 side is broadcast.
    mutating func binary(_ op: TensorBinary, _ a: TensorHandle, _ b: TensorHandle) throws -> TensorHandle
    mutating func softmax(_ x: TensorHandle, axis: Int) throws -> TensorHandle
    /// Removes `axis`, or keeps it with size 1.
    mutating func reduce(_ kind: TensorReduction, _ x: TensorHandle, axis: Int, keep: Bool) throws -> TensorHandle
    /// Index of the first greatest element along `axis`, as int64; removes the axis.
    mutating func argmax(_ x: TensorHandle, axis: Int) throws -> TensorHandle
    /// Rows of a vector divided by their Euclidean norm; a zero vector stays zero.
    mutating func normalize(_ x: TensorHandle) throws -> TensorHandle
    /// Elements `range` along `axis`.
    mutating func slice(_ x: TensorHandle, axis: Int, _ range: Range<Int>) throws -> TensorHandle
    mutating func concat(_ parts: [TensorHandle], axis: Int) throws -> TensorHandle
    /// `shape` is that of one row.
    mutating func reshape(_ x: TensorHandle, shape: [Int]) throws -> TensorHandle
    mutating func transpose(_ x: TensorHandle, permutation: [Int]) throws -> TensorHandle
}

package enum TensorUnary: Sendable, CaseIterable {
    case negate, abs, sqrt, exp, ln, sigmoid, relu, tanh
}

package enum TensorBinary: Sendable, CaseIterable {
    case add, subtract, multiply, divide, minimum, maximum
}

package enum TensorReduction: Sendable, CaseIterable {
    case sum, mean, minimum, maximum
}

/// An argument of a lowered function.
package enum LoweringArgument: Sendable {
    case tensor(TensorHandle)
    case constant(Value)
}

/// nil where these arguments cannot be lowered (the function is evaluated over columns then).
package typealias TensorLoweringRule = @Sendable (inout any TensorLowering, [LoweringArgument]) throws -> TensorHandle?
