import MartletTensor

/// One kind of computation with its attributes. Two ops that are equal and have equal inputs compute the same.
///
/// Each op lives in `Ops/<Name>Op.swift`. Inputs that may be left out are nil in the arrays.
package protocol GraphOp: Hashable, Sendable {
    /// The name in dumps and profiles.
    static var name: String { get }

    /// Whether inputs may be sequences and optionals; false by default.
    static var takesContainers: Bool { get }

    /// Attributes for dumps, such as `axis=1`; empty if there are none.
    var attributes: String { get }

    /// Types of the outputs as far as they follow from the inputs; also checks what can be checked.
    /// Throws `GraphError.invalidInput` for impossible inputs.
    func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType]

    /// Elements of output 0 if it is an integer tensor of rank 0 or 1 that follows from shapes; nil if not (default).
    func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]?

    /// Work to be done once for constant inputs (nil where an input is not constant), shared by all workers:
    /// packed weights, compiled programs. nil (default) if there is none.
    func prepare(_ constants: [Tensor?]) throws -> AnyObject?

    /// Computes the outputs. Takes memory for them from `context.output(…)`; may return views of inputs only if
    /// `aliasedInput` says so. Must check everything that `inferTypes` could not, and never trap.
    func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor]

    /// The input whose storage output 0 shares (reshapes, identity), nil (default) if outputs are new memory.
    var aliasedInput: Int? { get }

    /// Inputs that output 0 may overwrite, element by element, if they have its type and are not needed again.
    var inPlaceInputs: [Int] { get }

    /// Inputs whose constants the op reads at any alignment: those that it packs, or copies row by row.
    var unalignedInputs: Range<Int> { get }

    /// Floating-point operations for inputs of these shapes; a multiply-add counts as two. Default: elements of output 0.
    func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int
}

extension GraphOp {
    package static var takesContainers: Bool { false }
    package var attributes: String { "" }
    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? { nil }
    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? { nil }
    package var aliasedInput: Int? { nil }
    package var inPlaceInputs: [Int] { [] }
    package var unalignedInputs: Range<Int> { 0..<0 }
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { outputs.first?.reduce(1, *) ?? 0 }

    package func isEqual(to other: any GraphOp) -> Bool { (other as? Self) == self }
}
