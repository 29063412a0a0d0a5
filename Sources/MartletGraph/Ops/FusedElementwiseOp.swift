import MartletKernels
import MartletTensor

/// A chain of elementwise steps, run block by block so that intermediate results stay in the first cache.
///
/// Inputs: float32; the first ones of the result's full shape, the others scalars or of its trailing shape (bias-like).
/// Step i writes register `inputCount + i`; the result is the last register.
package struct FusedElementwiseOp: GraphOp {
    package enum Step: Hashable, Sendable {
        case unary(UnaryOp, Int)
        case binary(BinaryOp.Kind, Int, Int)
    }

    package static let name = "FusedElementwise"
    package var inputCount: Int
    package var steps: [Step]

    package init(inputCount: Int, steps: [Step]) {
        self.inputCount = inputCount
        self.steps = steps
    }

    package var attributes: String {
        steps.enumerated().map { index, step in
            switch step {
            case .unary(let op, let x): "r\(inputCount + index)=\(op.attributes)(r\(x))"
            case .binary(let kind, let x, let y): "r\(inputCount + index)=\(kind.rawValue)(r\(x),r\(y))"
            }
        }.joined(separator: " ")
    }

    package var inPlaceInputs: [Int] { Array(0..<inputCount) }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard inputs.count == inputCount, !steps.isEmpty else { throw impossible(inputs, "a program without steps") }
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        for operand in operands where operand.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(operand.type.dtype.name)")
        }
        for (index, step) in steps.enumerated() {
            let last = inputCount + index
            switch step {
            case .unary(_, let x): guard (0..<last).contains(x) else { throw impossible(inputs, "a bad register") }
            case .binary(_, let x, let y):
                guard (0..<last).contains(x), (0..<last).contains(y) else {
                    throw impossible(inputs, "a bad register")
                }
            }
        }
        return [ValueType(.float32, try broadcastType(inputs, of: operands))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        steps.count * (outputs.first?.reduce(1, *) ?? 0)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let operands = try inputs.indices.map { try operand(inputs, $0, context) }
        guard operands.count == inputCount, !steps.isEmpty, operands.allSatisfy({ $0.dtype == .float32 }),
            let shape = broadcastShape(operands.map(\.shape))
        else { throw context.invalid(self, inputs, "wants float inputs that go together") }
        let result = try context.output(0, .float32, shape)
        guard result.count > 0 else { return [result] }
        let count = result.count
        // Full inputs walk along, scalars stand, rows repeat at their length; anything else is spread out first.
        var sources: [Tensor] = []
        for operand in operands {
            let trimmed = Array(operand.shape.drop { $0 == 1 })
            if trimmed == Array(shape.suffix(trimmed.count)) {
                sources.append(try detached(operand, from: result))
            } else {
                let spread = try Tensor(.float32, shape: shape)
                copyBroadcast(from: operand, to: spread)
                sources.append(spread)
            }
        }
        let program = Program(op: self, sources: sources, result: result)
        let blocks = (count + Self.blockLength - 1) / Self.blockLength
        context.parallelRows(blocks, work: Self.blockLength * steps.count) { range in
            program.run(range.lowerBound * Self.blockLength..<min(range.upperBound * Self.blockLength, count))
        }
        return [result]
    }

    /// Elements in a block: with a dozen registers all of them fit the first cache.
    static let blockLength = 512

    private struct Program {
        let op: FusedElementwiseOp
        let sources: [Tensor]
        let result: Tensor

        func run(_ range: Range<Int>) {
            let length = FusedElementwiseOp.blockLength
            let registers = op.inputCount + op.steps.count
            guard let memory = try? Tensor(.float32, shape: [registers, length]) else { return }
            var start = range.lowerBound
            while start < range.upperBound {
                let count = min(length, range.upperBound - start)
                step(memory.mutableFloats, start, count)
                start += count
            }
        }

        private func step(_ memory: UnsafeMutablePointer<Float>, _ start: Int, _ count: Int) {
            let length = FusedElementwiseOp.blockLength
            var places: [(base: UnsafePointer<Float>, step: Int)] = []
            for (index, source) in sources.enumerated() {
                let size = source.count
                if size == result.count {
                    places.append((source.floats + start, 1))
                } else if size == 1 {
                    places.append((source.floats, 0))
                } else {
                    // Repeats at its own length: laid out once for this block.
                    let register = memory + index * length
                    var done = 0
                    while done < count {
                        let from = (start + done) % size
                        let run = min(size - from, count - done)
                        (register + done).update(from: source.floats + from, count: run)
                        done += run
                    }
                    places.append((UnsafePointer(register), 1))
                }
            }
            for (index, step) in op.steps.enumerated() {
                let isLast = index == op.steps.count - 1
                let target = isLast ? result.mutableFloats + start : memory + (op.inputCount + index) * length
                var width = count
                switch step {
                case .unary(let unary, let x):
                    if places[x].step == 0 { width = 1 }
                    if let kernel = UnaryOp.kernels[unary.kind] {
                        Kernels.unary(kernel, places[x].base, into: target, count: width, a: unary.a, b: unary.b)
                    }
                case .binary(let kind, let x, let y):
                    if places[x].step == 0, places[y].step == 0 { width = 1 }
                    if let kernel = kind.kernel {
                        _ = Kernels.binary(
                            kernel, type: .f32, places[x].base, xStep: places[x].step, places[y].base,
                            yStep: places[y].step, into: target, count: width)
                    }
                }
                if isLast, width < count { target.update(repeating: target[0], count: count) }
                places.append((UnsafePointer(target), width < count ? 0 : 1))
            }
        }
    }
}
