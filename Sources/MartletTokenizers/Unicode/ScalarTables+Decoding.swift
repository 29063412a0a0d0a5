import MartletSupport

/// Entries: gap since the last source, number of outputs, each output from the one at its place before.
func decodeMap(_ table: StaticString) -> ScalarMap {
    var reader = CompactTableReader(table)
    var scalars: [UInt32] = []
    var starts: [Int] = []
    var outputs: [UInt32] = []
    var previous: [UInt32] = []
    var last: UInt32 = 0
    while let gap = reader.next() {
        last += gap
        scalars.append(last)
        starts.append(outputs.count)
        for place in 0..<Int(reader.number()) {
            if place == previous.count { previous.append(0) }
            previous[place] = reader.number(from: previous[place])
            outputs.append(previous[place])
        }
    }
    starts.append(outputs.count)
    return ScalarMap(scalars: scalars, starts: starts, outputs: outputs)
}

/// Entries: gap since the last first scalar, second scalar and composite, both from the last ones.
func decodeCompositions(_ table: StaticString) -> CompositionMap {
    var reader = CompactTableReader(table)
    var pairs: [UInt64] = []
    var composites: [UInt32] = []
    var (first, second, composite): (UInt32, UInt32, UInt32) = (0, 0, 0)
    while let gap = reader.next() {
        first += gap
        second = reader.number(from: second)
        composite = reader.number(from: composite)
        pairs.append(UInt64(first) << 32 | UInt64(second))
        composites.append(composite)
    }
    return CompositionMap(pairs: pairs, composites: composites)
}
