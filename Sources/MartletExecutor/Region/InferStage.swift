import MartletData
import MartletGraph
import MartletPlanner
import MartletSupport
import MartletTensor

/// A compiled region within a query: turns windows of rows into output columns.
final class InferStage {
    let plan: InferPlan
    let title: String
    var profileIndex = 0
    private let region: CompiledRegion
    private let runner: any RegionRunner
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private let arguments: [BoundExpr]

    struct Result {
        var columns: [ColumnID: Column]
        var failures: [RowFailure]
    }

    init(_ plan: InferPlan, _ context: QueryContext) throws {
        self.plan = plan
        self.context = context
        title = plan.title
        arguments = plan.call.arguments
        region = try context.models.region(plan, disabled: context.settings.disabled, packs: context.settings.pack)
        evaluation = ExpressionRunner(context, stage: "infer \(plan.title)", columns: plan.columns)
        var options = InferOptions()
        options.advice =
            switch plan.batch == .auto ? context.settings.batch : plan.batch {
            case .auto: .auto
            case .rows(let rows): .rows(rows)
            case .tokens(let tokens): .tokens(tokens)
            }
        if let bytes = context.settings.memoryLimit { options.limits.memory = bytes }
        if let count = context.settings.maxIterations { options.limits.iterations = count }
        options.padding = !context.settings.pack
        options.allowsPadding = !context.settings.pack
        options.sharesDuplicates = context.settings.allows(.shareDuplicates)
        options.stopsSharing = context.settings.allows(.stopSharing) && context.settings.memo == nil
        options.asksOnce =
            context.settings.allows(.askConstantsOnce) && arguments.allSatisfy(\.columns.isEmpty)
        options.answerKey = region.key
        if let recurrence = plan.recurrence {
            let states = try StreamStates(
                region.program.states(recurrence),
                byteLimit: context.settings.memoryLimit ?? StreamStates.defaultByteLimit)
            runner = RecurrentRunner(
                program: region.program, states: states, options: options, pool: context.pool,
                cancellation: context.cancellation, meter: context.profile.meter)
        } else {
            runner = InferRunner(
                program: region.program, options: options, pool: context.pool, cancellation: context.cancellation,
                answers: context.settings.allows(.shareAnswers) ? context.answers : AnswerStore(),
                profile: context.profile)
        }
    }

    /// Output columns for all rows of `block`; rows that failed or had a null argument have nulls.
    func run(_ block: RowBlock) throws -> Result {
        try context.checkCancelled()
        let columns = try arguments.map { try evaluation.column($0.withoutWidening, block) }
        let streams = try plan.recurrence?.key.map { try evaluation.column($0, block) }
        let answers = try runner.run(columns, streams: streams, rowCount: block.rowCount)
        var result: [ColumnID: Column] = [:]
        for (column, source) in region.outputs {
            result[column.id] = try answers.column(source, type: column.type)
        }
        let counters = runner.counters
        context.profile.update(profileIndex) { [title] in $0.infer = [(title, counters)] }
        return Result(columns: result, failures: answers.failures)
    }
}

extension BoundExpr {
    /// The expression below a cast of a tensor's elements: as an argument it takes its input's type anyway, all rows at once.
    fileprivate var withoutWidening: BoundExpr {
        guard case .cast(let value, .tensor, isTry: false) = self, case .tensor = value.type else { return self }
        return value
    }
}

/// How a column is made from a region's answers.
enum AnswerSource: Hashable, Sendable {
    /// Output number `n` of the graph, as it is.
    case tensor(Int)
    /// Output number `n` holds indexes into `labels`.
    case label(Int, labels: [String])
}

extension WindowAnswers {
    /// The column of `source` for all rows of the window.
    func column(_ source: AnswerSource, type: DataType) throws -> Column {
        let count = answerOfRow.count
        let hasNulls = answerOfRow.contains { $0 < 0 }
        let validity = hasNulls ? Bitmap(answerOfRow.map { $0 >= 0 }) : nil
        guard !outputs.isEmpty else { return Column.nulls(type, count: count) }
        switch source {
        case .label(let index, let labels):
            let indexes = labelIndexes(outputs[index])
            let bytes = labels.map { Array($0.utf8) }
            var offsets = [0]
            offsets.reserveCapacity(count + 1)
            var text: [UInt8] = []
            for answer in answerOfRow {
                if answer >= 0, bytes.indices.contains(Int(indexes[answer])) { text += bytes[Int(indexes[answer])] }
                offsets.append(text.count)
            }
            return Column(type: type, offsets: offsets, bytes: text, validity: validity)
        case .tensor(let index):
            switch outputs[index] {
            case .uniform(let tensor): return try tensorColumn(tensor, type: type, validity: validity)
            case .shaped(let rows): return try shapedColumn(rows, type: type)
            }
        }
    }

    private func labelIndexes(_ output: Answers) -> [Int64] {
        switch output {
        case .uniform(let tensor): withExtendedLifetime(tensor) { Array(tensor.elements(Int64.self)) }
        case .shaped(let rows): rows.map { $0?.values(Int64.self).first ?? -1 }
        }
    }

    /// Rows of shapes of their own; single values where the type is of one.
    private func shapedColumn(_ rows: [Tensor?], type: DataType) throws -> Column {
        let answered = answerOfRow.map { $0 < 0 ? nil : rows[$0] }
        guard let sample = answered.lazy.compactMap({ $0 }).first else { return .nulls(type, count: answered.count) }
        guard case .tensor(_, let dims) = type else {
            // Stacked they are a tensor as any batch gives it.
            let shaped = Column.shaped(answered, type: .tensor(sample.dtype, shape: sample.shape))
            guard !shaped.hasOwnShapes else { throw AnswerError.shape(first: sample.shape, then: []) }
            var whole = self
            whole.answerOfRow = answered.indices.map { answered[$0] == nil ? -1 : $0 }
            return try whole.tensorColumn(shaped.tensor, type: type, validity: shaped.validityOfRows)
        }
        for case let row? in answered where row.rank != dims.count {
            throw AnswerError.shape(first: sample.shape, then: row.shape)
        }
        return .shaped(answered, type: .tensor(sample.dtype, dims))
    }

    private func tensorColumn(_ tensor: Tensor, type: DataType, validity: Bitmap?) throws -> Column {
        func scalars<T: TensorElement, V>(_ element: T.Type, _ zero: V, _ convert: (T) -> V) -> [V] {
            let values = tensor.elements(element)
            return answerOfRow.map { $0 >= 0 ? convert(values[$0]) : zero }
        }
        guard case .tensor = type else {
            guard tensor.count == tensor.shape[0] else {
                throw AnswerError.shape(first: [], then: Array(tensor.shape.dropFirst()))
            }
            switch (tensor.dtype, type) {
            case (.string, _): return stringColumn(tensor, validity)
            case (.float16, _), (.bfloat16, _), (.int16, _), (.uint16, _), (.uint32, _):
                let wide = try tensor.converted(to: tensor.dtype.isFloat ? .float32 : .int64)
                return try tensorColumn(wide, type: type, validity: validity)
            case (.float32, _): return Column(floats: scalars(Float.self, 0) { Double($0) }, validity: validity)
            case (.float64, _): return Column(floats: scalars(Double.self, 0) { $0 }, validity: validity)
            case (.int64, _): return Column(ints: scalars(Int64.self, 0) { $0 }, validity: validity)
            case (.int32, _): return Column(ints: scalars(Int32.self, 0) { Int64($0) }, validity: validity)
            case (.int8, _): return Column(ints: scalars(Int8.self, 0) { Int64($0) }, validity: validity)
            case (.uint8, _): return Column(ints: scalars(UInt8.self, 0) { Int64($0) }, validity: validity)
            case (.bool, _): return Column(bools: scalars(Bool.self, false) { $0 }, validity: validity)
            default: throw AnswerError.dtype(tensor.dtype.name)
            }
        }
        // The common case, all rows asked once and answered in order, shares the answers' memory.
        let isIdentity = answerOfRow.count == tensor.shape[0] && answerOfRow.enumerated().allSatisfy { $0 == $1 }
        if isIdentity {
            return Column(
                type: .tensor(tensor.dtype, shape: Array(tensor.shape.dropFirst())), count: answerOfRow.count,
                storage: .tensor(tensor))
        }
        let rows = try Tensor(tensor.dtype, shape: [answerOfRow.count] + tensor.shape.dropFirst())
        let size = answerOfRow.isEmpty || tensor.shape[0] == 0 ? 0 : tensor.byteCount / tensor.shape[0]
        for (row, answer) in answerOfRow.enumerated() {
            let target = rows.pointer + row * size
            if answer >= 0 {
                target.copyMemory(from: tensor.pointer + answer * size, byteCount: size)
            } else {
                target.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            }
        }
        return Column(tensor: rows, validity: validity)
    }
    private func stringColumn(_ tensor: Tensor, _ validity: Bitmap?) -> Column {
        withExtendedLifetime(tensor) {
            let texts = tensor.elements(StringElement.self)
            var offsets = [0]
            offsets.reserveCapacity(answerOfRow.count + 1)
            var bytes: [UInt8] = []
            for answer in answerOfRow {
                if answer >= 0 { bytes += texts[answer].utf8 }
                offsets.append(bytes.count)
            }
            return Column(type: .string, offsets: offsets, bytes: bytes, validity: validity)
        }
    }
}
