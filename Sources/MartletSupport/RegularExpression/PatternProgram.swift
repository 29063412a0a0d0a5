/// A compiled pattern: instructions for `PatternMatcher`, and the tables they use.
final class PatternProgram: @unchecked Sendable {
    enum Operation: UInt8 {
        /// Success of the program, or of the part that a look or an atomic group runs.
        case accept
        /// `a`: one byte.
        case byte
        /// `a`: one scalar of a class.
        case set
        /// `a`: as many scalars of a class as there are, giving back one by one.
        case run
        /// `a`: as few scalars of a class as needed.
        case lazyRun
        /// `a`: as many scalars of a class as there are but at most `b`, giving back none; at least `c`.
        case heldRun
        /// Goes to `a`; if that fails, to `b`.
        case split
        /// `a`: a dispatch by the next byte.
        case dispatch
        case jump
        /// `a`: a register that takes the position.
        case mark
        /// `a`: a register; goes to `b` if the position has not moved since.
        case unlessMoved
        /// Runs the part at the next instruction, then goes to `a`; `b` 1 if it must fail.
        case look
        /// The same at `c` scalars before the position.
        case lookBehind
        /// Runs the part at the next instruction and goes to `a` from where that ends.
        case atomic
        /// `a`: a `PatternAssertion`.
        case assert
    }
    struct Instruction {
        var operation: Operation
        var a: Int32 = 0
        var b: Int32 = 0
        var c: Int32 = 0
    }
    let code: UnsafeMutablePointer<Instruction>
    let classes: UnsafeMutablePointer<ScalarClass>
    /// For each dispatch and each next byte, and for the end of the text, the bits of the branches that can match.
    let masks: UnsafeMutablePointer<UInt64>
    /// For each dispatch where its branches begin.
    let targets: UnsafeMutablePointer<Int32>
    let count: Int
    let registerCount: Int
    private let classCount: Int
    /// For each byte whether a match can start with it.
    let starts: [Bool]
    /// A match may be empty, so that any place can start it.
    let isNullable: Bool

    static let masksPerDispatch = 257
    static let branchLimit = 64

    init(_ compiler: PatternCompiler, starts: [Bool], isNullable: Bool) {
        func copy<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
            let copy = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
            copy.initialize(from: values, count: values.count)
            return copy
        }
        count = compiler.instructions.count
        code = copy(compiler.instructions)
        classCount = compiler.sets.count
        classes = copy(compiler.sets.map { ScalarClass($0) })
        masks = copy(compiler.dispatches.flatMap(\.masks))
        targets = copy(
            compiler.dispatches.flatMap {
                $0.targets + [Int32](repeating: 0, count: Self.branchLimit - $0.targets.count)
            })
        registerCount = compiler.registerCount
        self.starts = starts
        self.isNullable = isNullable
    }

    deinit {
        for index in 0..<classCount { classes[index].deallocate() }
        code.deallocate()
        classes.deallocate()
        masks.deallocate()
        targets.deallocate()
    }
}
