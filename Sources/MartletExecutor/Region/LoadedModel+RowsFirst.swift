import MartletData
import MartletGraph
import MartletModels
import MartletPlanner
import MartletTensor

extension LoadedModel {
    /// What a call makes of a model's inputs.
    struct Inputs {
        /// Values of inputs that are the same for all rows, by place in `inputs`.
        var constants: [Int: Tensor] = [:]
        /// Shapes of one row's state or argument where the model leaves them open, by place in `inputs`.
        var rowShapes: [Int: [Int]] = [:]
        /// Graph outputs that are the next state, with the place in `inputs` that each feeds.
        var links: [Int: Int] = [:]
    }

    /// The graph with just these outputs, in which the first dimension of every input and output is rows.
    ///
    /// Throws `GraphError` if a value does not fit.
    func rowsFirst(outputs wanted: [Int], _ call: Inputs = Inputs()) throws -> Graph {
        var plain = graph
        plain.outputs = wanted.map { graph.outputs[$0] }
        let axes = wanted.map { outputAxis($0, call) }
        let isPlain =
            !inputs.contains { $0.type.dtype == .optional } && call.constants.isEmpty && call.rowShapes.isEmpty
            && !axes.contains { $0 > 0 }
        if isPlain, inputs.allSatisfy({ $0.batchAxis == 0 || $0.batchAxis == nil }) { return plain }
        var result = Graph()
        let values = try inputs.enumerated().map { place, input -> ValueID in
            if let constant = call.constants[place] { return result.addConstant(constant, name: input.name) }
            // A value stands for an optional that holds it.
            let type = input.type.dtype == .optional ? input.type.element ?? input.type : input.type
            guard let axis = input.batchAxis, var shape = type.shape, axis < shape.count else {
                return result.addInput(input.name, type)
            }
            let rows = shape.remove(at: axis)
            if let known = call.rowShapes[place] { shape = known.map { .fixed($0) } }
            let value = result.addInput(input.name, ValueType(type.dtype, [rows] + shape))
            guard axis > 0 else { return value }
            let rest = Array(1...shape.count)
            return try result.add(TransposeOp(rest[..<axis] + [0] + rest[axis...]), value)
        }
        let made = try result.append(plain, inputs: values)
        for (port, (value, axis)) in zip(plain.outputs, zip(made, axes)) {
            guard axis > 0 else {
                result.addOutput(port.name, value)
                continue
            }
            let rank = result.type(value).rank ?? linkedRank(port, call) ?? axis + 1
            let order = [axis] + (0..<rank).filter { $0 != axis }
            result.addOutput(port.name, try result.add(TransposeOp(order), value))
        }
        return result
    }

    /// Shapes of rows that arguments tell and the model leaves open: a graph of known shapes has fewer nodes.
    func rowShapes(of call: ModelCall) -> [Int: [Int]] {
        var result: [Int: [Int]] = [:]
        for (place, argument) in zip(call.positions, call.arguments) {
            guard let axis = inputs[place].batchAxis, let shape = inputs[place].type.shape, axis < shape.count,
                case .tensor(_, let dims) = argument.type
            else { continue }
            let open = shape[..<axis] + shape[(axis + 1)...]
            let known = dims.compactMap(\.size)
            guard known.count == dims.count, open.count == dims.count, open.contains(where: { $0.fixedValue == nil }),
                zip(open, known).allSatisfy({ $0.fixedValue ?? $1 == $1 })
            else { continue }
            result[place] = known
        }
        return result
    }

    /// A state has rows where the input that it feeds has them.
    private func outputAxis(_ index: Int, _ call: Inputs) -> Int {
        if let input = call.links[index], let axis = inputs[input].batchAxis { return axis }
        return outputs.first { $0.index == index }?.batchAxis ?? 0
    }

    private func linkedRank(_ port: Graph.Port, _ call: Inputs) -> Int? {
        call.links.first { graph.outputs[$0.key] == port }.flatMap { inputs[$0.value].type.rank }
    }
}

extension Tensor {
    /// A value that all rows share, as a graph input of type `type` wants it; nil if it is none.
    init?(constant value: Value, for type: ValueType) {
        switch value {
        case .tensor(let tensor):
            guard tensor.dtype == type.dtype else { return nil }
            self = tensor
        case .int, .float, .bool:
            let column = Column([value])
            guard column.rowsBeyond(type.dtype).isEmpty, let number = try? column.numbers(type.dtype) else {
                return nil
            }
            self = number.reshaped([Int](repeating: 1, count: type.rank ?? 0))
        default: return nil
        }
    }
}
