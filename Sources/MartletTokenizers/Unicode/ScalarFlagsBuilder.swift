/// Collects flags of ranges of scalars into blocks of 256 that are shared where they are uniform.
struct ScalarFlagsBuilder {
    private static let blockCount = 0x110000 / 256
    /// Uniform blocks have only their flags; the others an index into `mixed`.
    private enum Block {
        case uniform(UInt16)
        case mixed(Int)
    }
    private var blocks = [Block](repeating: .uniform(0), count: blockCount)
    private var mixed: [[UInt16]] = []

    mutating func insert(_ flag: ScalarFlags, _ range: ClosedRange<UInt32>) {
        var first = range.lowerBound
        while first <= range.upperBound {
            let block = Int(first >> 8)
            let last = min(range.upperBound, first | 0xFF)
            if case .uniform(let flags) = blocks[block], last - first == 0xFF {
                blocks[block] = .uniform(flags | flag.rawValue)
            } else {
                let index = mixedIndex(of: block)
                for scalar in first...last { mixed[index][Int(scalar & 0xFF)] |= flag.rawValue }
            }
            first = last + 1
        }
    }

    private mutating func mixedIndex(of block: Int) -> Int {
        switch blocks[block] {
        case .mixed(let index): return index
        case .uniform(let flags):
            blocks[block] = .mixed(mixed.count)
            mixed.append([UInt16](repeating: flags, count: 256))
            return mixed.count - 1
        }
    }

    /// Lays the blocks out in memory that is never freed.
    func freeze() -> (blocks: UnsafePointer<UInt16>, flags: UnsafePointer<UInt16>) {
        var uniform: [UInt16: UInt16] = [:]
        var flags = mixed.flatMap { $0 }
        let index = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.blockCount)
        for (number, block) in blocks.enumerated() {
            switch block {
            case .mixed(let place): index[number] = UInt16(place)
            case .uniform(let value):
                if uniform[value] == nil {
                    uniform[value] = UInt16(flags.count / 256)
                    flags.append(contentsOf: repeatElement(value, count: 256))
                }
                index[number] = uniform[value]!
            }
        }
        let frozen = UnsafeMutablePointer<UInt16>.allocate(capacity: flags.count)
        frozen.initialize(from: flags, count: flags.count)
        return (UnsafePointer(index), UnsafePointer(frozen))
    }
}
