/// Turns a pattern's tree into a program.
struct PatternCompiler {
    private(set) var instructions: [PatternProgram.Instruction] = []
    private(set) var dispatches: [Dispatch] = []
    private(set) var sets: [ScalarSet] = []
    private(set) var registerCount = 0
    private var setPlaces: [ScalarSet: Int32] = [:]

    /// A choice whose branches the next byte narrows down.
    struct Dispatch {
        var targets: [Int32] = []
        var masks: [UInt64]
    }

    /// Counted loops are written out, so a pattern of a few bytes could ask for any number.
    private static let limit = 20_000

    static func compile(_ node: PatternNode) throws(RegularExpressionError) -> PatternProgram {
        var compiler = PatternCompiler()
        try compiler.emit(node, before: .success)
        try compiler.append(.accept)
        let first = PatternFirst(of: node, before: .success)
        let isNullable = first.set == nil || node.isNullable
        return PatternProgram(
            compiler, starts: first.set?.firstBytes ?? [Bool](repeating: true, count: 256), isNullable: isNullable)
    }

    private mutating func append(
        _ operation: PatternProgram.Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0
    ) throws(RegularExpressionError) {
        guard instructions.count < Self.limit else {
            throw RegularExpressionError(reason: .tooLarge(limit: Self.limit), offset: 0)
        }
        instructions.append(.init(operation: operation, a: Int32(a), b: Int32(b), c: Int32(c)))
    }

    private mutating func place(of set: ScalarSet) -> Int {
        if let place = setPlaces[set] { return Int(place) }
        setPlaces[set] = Int32(sets.count)
        sets.append(set)
        return sets.count - 1
    }

    /// Writes `node`; `rest` is what may follow it.
    private mutating func emit(_ node: PatternNode, before rest: PatternFirst) throws(RegularExpressionError) {
        switch node {
        case .sequence(let nodes):
            var rests = [rest]
            for node in nodes.dropFirst().reversed() {
                rests.append(PatternFirst(of: node, before: rests[rests.count - 1]))
            }
            for (node, rest) in zip(nodes, rests.reversed()) { try emit(node, before: rest) }
        case .set(let set):
            if let scalar = set.single, let scalar = Unicode.Scalar(scalar) {
                for byte in String(scalar).utf8 { try append(.byte, Int(byte)) }
            } else {
                try append(.set, place(of: set))
            }
        case .choice(let nodes): try emitChoice(nodes, before: rest)
        case .loop(let body, let loop): try emitLoop(body, loop, before: rest)
        case .look(let body, let isAhead, let isNegated):
            if isAhead {
                try emitPart(.look, body, negated: isNegated)
            } else {
                try emitLookBehind(body, negated: isNegated)
            }
        case .atomic(let body): try emitPart(.atomic, body, negated: false)
        case .assertion(let assertion): try append(.assert, Int(assertion.rawValue))
        }
    }

    /// A part that runs by itself, up to its own `accept`.
    private mutating func emitPart(
        _ operation: PatternProgram.Operation, _ body: PatternNode, negated: Bool, behind: Int = 0
    ) throws(RegularExpressionError) {
        let start = instructions.count
        try append(operation, 0, negated ? 1 : 0, behind)
        try emit(body, before: .success)
        try append(.accept)
        instructions[start].a = Int32(instructions.count)
    }

    /// `(?<=a|bc)` → `(?:(?<=a)|(?<=bc))`, `(?<!a|bc)` → `(?<!a)(?<!bc)`
    private mutating func emitLookBehind(_ body: PatternNode, negated: Bool) throws(RegularExpressionError) {
        var branches = [body]
        if case .choice(let nodes) = body { branches = nodes }
        var lengths: [Int] = []
        for branch in branches {
            guard let length = branch.fixedLength, length <= 255 else {
                throw RegularExpressionError(reason: .unboundedLookbehind, offset: 0)
            }
            lengths.append(length)
        }
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            let isLast = index == branches.count - 1
            let split = instructions.count
            if !negated, !isLast { try append(.split, split + 1) }
            try emitPart(.lookBehind, branch, negated: negated, behind: lengths[index])
            if !negated, !isLast {
                jumps.append(instructions.count)
                try append(.jump)
                instructions[split].b = Int32(instructions.count)
            }
        }
        for jump in jumps { instructions[jump].a = Int32(instructions.count) }
    }

    private mutating func emitChoice(_ nodes: [PatternNode], before rest: PatternFirst) throws(RegularExpressionError) {
        // More branches than a mask has bits: the last one holds the others.
        let limit = PatternProgram.branchLimit
        guard nodes.count <= limit else {
            return try emitChoice(
                Array(nodes[..<(limit - 1)]) + [.choice(Array(nodes[(limit - 1)...]))], before: rest)
        }
        var masks = [UInt64](repeating: 0, count: PatternProgram.masksPerDispatch)
        for (index, node) in nodes.enumerated() {
            let first = PatternFirst(of: node, before: rest)
            let bytes = first.set?.firstBytes
            for byte in 0..<256 where bytes?[byte] ?? true { masks[byte] |= 1 << UInt64(index) }
            if first.set == nil { masks[256] |= 1 << UInt64(index) }
        }
        try append(.dispatch, dispatches.count)
        let place = dispatches.count
        dispatches.append(Dispatch(masks: masks))
        var targets: [Int32] = []
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            targets.append(Int32(instructions.count))
            try emit(node, before: rest)
            if index < nodes.count - 1 {
                jumps.append(instructions.count)
                try append(.jump)
            }
        }
        for jump in jumps { instructions[jump].a = Int32(instructions.count) }
        dispatches[place].targets = targets
    }

    private mutating func emitLoop(
        _ body: PatternNode, _ loop: PatternLoop, before rest: PatternFirst
    ) throws(RegularExpressionError) {
        if loop.maximum == 0 { return }
        if case .set(let set) = body { return try emitRun(set, loop, before: rest) }
        if loop.mode == .possessive {
            return try emitPart(
                .atomic, .loop(body, PatternLoop(minimum: loop.minimum, maximum: loop.maximum)), negated: false)
        }
        for _ in 0..<loop.minimum {
            let before = instructions.count
            try emit(body, before: .unknown)
            // A body without instructions would never reach the limit.
            if instructions.count == before { return }
        }
        if let maximum = loop.maximum {
            // `x{0,2}` → `(?:x(?:x)?)?`
            var splits: [Int] = []
            for index in loop.minimum..<maximum {
                splits.append(instructions.count)
                try append(.split)
                try emit(body, before: index == maximum - 1 ? rest : .unknown)
            }
            for split in splits { set(split, inside: split + 1, outside: instructions.count, loop) }
            return
        }
        let split = instructions.count
        try append(.split)
        if body.isNullable {
            let register = registerCount
            registerCount += 1
            try append(.mark, register)
            try emit(body, before: .unknown)
            try append(.unlessMoved, register, instructions.count + 2)
        } else {
            try emit(body, before: .unknown)
        }
        try append(.jump, split)
        set(split, inside: split + 1, outside: instructions.count, loop)
    }

    private mutating func set(_ split: Int, inside: Int, outside: Int, _ loop: PatternLoop) {
        let isLazy = loop.mode == .lazy
        instructions[split].a = Int32(isLazy ? outside : inside)
        instructions[split].b = Int32(isLazy ? inside : outside)
    }

    /// A loop over one class. It holds what it has taken if nothing that follows could use any of it.
    private mutating func emitRun(
        _ set: ScalarSet, _ loop: PatternLoop, before rest: PatternFirst
    ) throws(RegularExpressionError) {
        let place = place(of: set)
        let holds = loop.mode == .possessive || (loop.mode == .greedy && rest.cannotUse(set))
        if holds { return try append(.heldRun, place, loop.maximum ?? Int(Int32.max), loop.minimum) }
        for _ in 0..<loop.minimum { try append(.set, place) }
        guard let maximum = loop.maximum else { return try append(loop.mode == .lazy ? .lazyRun : .run, place) }
        var splits: [Int] = []
        for _ in loop.minimum..<maximum {
            splits.append(instructions.count)
            try append(.split)
            try append(.set, place)
        }
        for split in splits { self.set(split, inside: split + 1, outside: instructions.count, loop) }
    }
}
