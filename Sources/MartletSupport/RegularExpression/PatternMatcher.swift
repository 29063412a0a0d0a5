/// Runs a program over one text by backtracking, in Oniguruma's order of ways: so with its matches.
///
/// A text that makes it walk far more than its length turns on `PatternMemo`, from when on each state is walked once at each
/// position: time is bounded by length times program. There are no groups and no references to them, so what a state leads
/// to depends on nothing but the position.
struct PatternMatcher: ~Copyable {
    private enum Kind: UInt8 {
        /// Goes on at `state`.
        case branch
        /// Gives back one scalar after the other, down to `extra`.
        case run
        /// Takes one more scalar of the class of the instruction `state`.
        case lazyRun
        /// The branches of the dispatch `state` that `extra` has bits for.
        case dispatch
        /// Puts `extra` back into the register `state`.
        case register
        /// All ways from `state` at `position` stand above it: when it is reached, they have failed.
        case memo
    }
    private struct Frame {
        var kind: Kind
        var state: Int32
        var position: Int
        var extra: UInt64 = 0
    }
    private let program: PatternProgram
    private let text: UnsafePointer<UInt8>
    private let count: Int
    private var frames: UnsafeMutablePointer<Frame>
    private var frameCount = 0
    private var frameCapacity = 64
    private var registers: [Int]
    private var searchStart = 0
    private(set) var steps = 0
    private let stepLimit: Int
    private var memo: PatternMemo?
    /// Once there is a memo: the last stretch that a held run took, by instruction.
    private var stretches: [Range<Int>] = []

    /// Deeper stacks, half a gigabyte, count as failure.
    private static let frameLimit = 1 << 24

    /// `text` must be well-formed UTF-8 and outlive the matcher.
    init(_ program: PatternProgram, _ text: UnsafePointer<UInt8>, count: Int) {
        self.program = program
        self.text = text
        self.count = count
        frames = .allocate(capacity: frameCapacity)
        registers = [Int](repeating: 0, count: program.registerCount)
        stepLimit = 4096 + count * 32
    }

    deinit {
        frames.deallocate()
    }

    /// Where the match that starts at `start` ends, or -1; `search` is where looking for it began.
    @inline(__always)
    mutating func end(from start: Int, search: Int) -> Int {
        if steps > stepLimit, memo == nil { startRecording() }
        searchStart = search
        return run(0, start, recordsSuccess: false)
    }

    private mutating func startRecording() {
        memo = PatternMemo(states: program.count, positions: count + 1)
        stretches = [Range<Int>](repeating: 0..<0, count: program.count)
    }

    /// False if the stack is too deep.
    @inline(__always)
    private mutating func push(_ frame: Frame) -> Bool {
        if frameCount == frameCapacity {
            guard frameCapacity < Self.frameLimit else { return false }
            let larger = UnsafeMutablePointer<Frame>.allocate(capacity: frameCapacity * 2)
            larger.moveInitialize(from: frames, count: frameCount)
            frames.deallocate()
            frames = larger
            frameCapacity *= 2
        }
        (frames + frameCount).initialize(to: frame)
        frameCount += 1
        return true
    }

    /// Runs from the instruction `entry` to an `accept`: the position there, or -1.
    private mutating func run(_ entry: Int, _ start: Int, recordsSuccess: Bool) -> Int {
        let base = frameCount
        let code = program.code
        var state = entry
        var position = start
        while true {
            let instruction = code[state]
            var goesOn = true
            if memo != nil, instruction.operation.isState {
                let known = memo?.end(state, position) ?? PatternMemo.unknown
                if known == PatternMemo.failed {
                    goesOn = false
                } else if known >= 0, recordsSuccess {
                    return succeed(base, known, recordsSuccess)
                } else {
                    goesOn = push(Frame(kind: .memo, state: Int32(state), position: position))
                }
            }
            if goesOn {
                switch instruction.operation {
                case .accept: return succeed(base, position, recordsSuccess)
                case .byte:
                    if position < count, text[position] == UInt8(truncatingIfNeeded: instruction.a) {
                        position += 1
                        state += 1
                    } else {
                        goesOn = false
                    }
                case .set:
                    let length = program.classes[Int(instruction.a)].length(text, position, count)
                    position += length
                    state += 1
                    goesOn = length > 0
                case .heldRun:
                    let end = heldRun(instruction, state, position)
                    goesOn = end >= 0
                    position = end
                    state += 1
                case .run:
                    goesOn = take(instruction, &state, &position)
                case .lazyRun:
                    goesOn = push(Frame(kind: .lazyRun, state: Int32(state), position: position))
                    state += 1
                case .split:
                    goesOn = push(Frame(kind: .branch, state: instruction.b, position: position))
                    state = Int(instruction.a)
                case .dispatch:
                    let next = position < count ? Int(text[position]) : 256
                    let mask = program.masks[Int(instruction.a) * PatternProgram.masksPerDispatch + next]
                    if mask == 0 {
                        goesOn = false
                    } else {
                        let others = mask & (mask - 1)
                        if others != 0 {
                            goesOn = push(
                                Frame(kind: .dispatch, state: instruction.a, position: position, extra: others))
                        }
                        state = target(instruction.a, mask)
                    }
                case .jump: state = Int(instruction.a)
                case .mark:
                    let old = UInt64(bitPattern: Int64(registers[Int(instruction.a)]))
                    goesOn = push(Frame(kind: .register, state: instruction.a, position: position, extra: old))
                    registers[Int(instruction.a)] = position
                    state += 1
                case .unlessMoved: state = registers[Int(instruction.a)] == position ? Int(instruction.b) : state + 1
                case .look, .lookBehind:
                    goesOn = looks(instruction, state, position)
                    state = Int(instruction.a)
                case .atomic:
                    position = run(state + 1, position, recordsSuccess: program.registerCount == 0)
                    goesOn = position >= 0
                    state = Int(instruction.a)
                case .assert:
                    goesOn = holds(PatternAssertion(rawValue: UInt8(truncatingIfNeeded: instruction.a)), position)
                    state += 1
                }
            }
            if !goesOn, !backtrack(to: base, &state, &position) { return -1 }
        }
    }

    /// Ends a run; what led to success is remembered if `records`.
    private mutating func succeed(_ base: Int, _ position: Int, _ records: Bool) -> Int {
        if records, memo != nil {
            for index in base..<frameCount where frames[index].kind == .memo {
                memo?.insert(Int(frames[index].state), frames[index].position, end: position)
            }
        }
        frameCount = base
        return position
    }

    /// Takes up the next way that is left above `base`; false if there is none.
    private mutating func backtrack(to base: Int, _ state: inout Int, _ position: inout Int) -> Bool {
        steps += 1
        if steps > stepLimit, memo == nil { startRecording() }
        while frameCount > base {
            let top = frames + (frameCount - 1)
            switch top.pointee.kind {
            case .branch:
                state = Int(top.pointee.state)
                position = top.pointee.position
                frameCount -= 1
                return true
            case .run:
                position = top.pointee.position - 1
                while text[position] & 0xC0 == 0x80 { position -= 1 }
                state = Int(top.pointee.state)
                if position > Int(top.pointee.extra) { top.pointee.position = position } else { frameCount -= 1 }
                return true
            case .lazyRun:
                state = Int(top.pointee.state)
                position = top.pointee.position
                frameCount -= 1
                let length = program.classes[Int(program.code[state].a)].length(text, position, count)
                position += length
                if length > 0 { return true }
            case .dispatch:
                let mask = top.pointee.extra
                state = target(top.pointee.state, mask)
                position = top.pointee.position
                if mask & (mask - 1) == 0 { frameCount -= 1 } else { top.pointee.extra = mask & (mask - 1) }
                return true
            case .register:
                registers[Int(top.pointee.state)] = Int(Int64(bitPattern: top.pointee.extra))
                frameCount -= 1
            case .memo:
                memo?.insert(Int(top.pointee.state), top.pointee.position, end: PatternMemo.failed)
                frameCount -= 1
            }
        }
        return false
    }

    @inline(__always)
    private func target(_ dispatch: Int32, _ mask: UInt64) -> Int {
        Int(program.targets[Int(dispatch) * PatternProgram.branchLimit + mask.trailingZeroBitCount])
    }

    /// A greedy run: at once, or with a memo scalar by scalar, so that each place is a state.
    private mutating func take(
        _ instruction: PatternProgram.Instruction, _ state: inout Int, _ position: inout Int
    ) -> Bool {
        let set = program.classes[Int(instruction.a)]
        if memo != nil {
            let length = set.length(text, position, count)
            if length == 0 {
                state += 1
                return true
            }
            defer { position += length }
            return push(Frame(kind: .branch, state: Int32(state + 1), position: position))
        }
        let start = position
        position = end(of: set, from: start, to: count)
        steps += position - start
        state += 1
        return position == start
            || push(Frame(kind: .run, state: Int32(state), position: position, extra: UInt64(start)))
    }

    /// Where the scalars of `set` that begin at `start` end, or the first place from `limit` on.
    @inline(__always)
    private func end(of set: ScalarClass, from start: Int, to limit: Int) -> Int {
        var position = start
        while position < limit {
            let length = set.length(text, position, count)
            if length == 0 { break }
            position += length
        }
        return position
    }

    private mutating func heldRun(_ instruction: PatternProgram.Instruction, _ state: Int, _ start: Int) -> Int {
        let set = program.classes[Int(instruction.a)]
        if instruction.b == .max, instruction.c <= 1 {
            var position: Int
            if memo == nil {
                position = end(of: set, from: start, to: count)
                steps += position - start
            } else if stretches[state].contains(start) {
                position = stretches[state].upperBound
            } else {
                let known = stretches[state]
                position = end(of: set, from: start, to: start < known.lowerBound ? known.lowerBound : count)
                if position == known.lowerBound, !known.isEmpty { position = known.upperBound }
                stretches[state] = start..<position
            }
            return position - start < Int(instruction.c) ? -1 : position
        }
        var position = start
        var length = 0
        while length < Int(instruction.b) {
            let step = set.length(text, position, count)
            if step == 0 { break }
            position += step
            length += 1
        }
        steps += length
        return length < Int(instruction.c) ? -1 : position
    }

    /// Whether the part after a look matches, or does not if it must not.
    private mutating func looks(_ instruction: PatternProgram.Instruction, _ state: Int, _ position: Int) -> Bool {
        var start = position
        for _ in 0..<instruction.c {
            guard start > 0 else { return instruction.b != 0 }
            start -= 1
            while text[start] & 0xC0 == 0x80 { start -= 1 }
        }
        return (run(state + 1, start, recordsSuccess: true) >= 0) != (instruction.b != 0)
    }

    private func holds(_ assertion: PatternAssertion?, _ position: Int) -> Bool {
        switch assertion {
        case .lineStart: position == 0 || (position < count && text[position - 1] == 0x0A)
        case .lineEnd: position == count || text[position] == 0x0A
        case .textStart: position == 0
        case .textEnd: position == count
        case .textEndOrNewline: position == count || (position == count - 1 && text[position] == 0x0A)
        case .searchStart: position == searchStart
        case .wordBorder: isWord(before: position) != isWord(at: position)
        case .noWordBorder: isWord(before: position) == isWord(at: position)
        case nil: false
        }
    }

    private func isWord(at position: Int) -> Bool {
        position < count && UnicodeProperties.wordScalars.contains(decodeScalar(text, position).scalar)
    }

    private func isWord(before position: Int) -> Bool {
        guard position > 0 else { return false }
        var start = position - 1
        while text[start] & 0xC0 == 0x80 { start -= 1 }
        return isWord(at: start)
    }
}

extension PatternProgram.Operation {
    /// It leaves other ways behind.
    fileprivate var isState: Bool {
        switch self {
        case .run, .lazyRun, .split, .dispatch: true
        default: false
        }
    }
}
