import CFuzzDriver

/// libFuzzer's mutator: changes the model that the bytes are, or, now and then, the bytes.
@c(LLVMFuzzerCustomMutator)
public func customMutator(
    _ data: UnsafeMutablePointer<UInt8>?, _ size: Int, _ maximumSize: Int, _ seed: UInt32
) -> Int {
    guard let data else { return 0 }
    var numbers = SeededNumbers(UInt64(seed))
    let bytes = UnsafeBufferPointer(start: data, count: size)
    guard !numbers.chance(16), let model = WireMessage(.model, Array(bytes)[...]), !model.fields.isEmpty else {
        return LLVMFuzzerMutate(data, size, maximumSize)
    }
    var mutator = ModelMutator(model, seed: numbers.next())
    for _ in 0...numbers.pick([0, 0, 0, 1, 1, 2, 4]) { mutator.mutate() }
    return place(model.bytes, data, maximumSize) ?? LLVMFuzzerMutate(data, size, maximumSize)
}

/// libFuzzer's crossover: the first model with some nodes of the second, and what those may need.
@c(LLVMFuzzerCustomCrossOver)
public func customCrossOver(
    _ first: UnsafePointer<UInt8>?, _ firstSize: Int, _ second: UnsafePointer<UInt8>?, _ secondSize: Int,
    _ target: UnsafeMutablePointer<UInt8>?, _ maximumSize: Int, _ seed: UInt32
) -> Int {
    var numbers = SeededNumbers(UInt64(seed))
    guard let target,
        let model = WireMessage(.model, Array(UnsafeBufferPointer(start: first, count: firstSize))[...]),
        let other = WireMessage(.model, Array(UnsafeBufferPointer(start: second, count: secondSize))[...]),
        let graph = model.messages(7).first, let source = other.messages(7).first
    else { return 0 }
    for field in source.fields where [1, 5, 11, 12].contains(field.number) && !numbers.chance(8) {
        graph.fields.append(field)
    }
    for set in other.messages(8) where !model.messages(8).contains(where: { $0.text(1) == set.text(1) }) {
        model.add(8, .message(set))
    }
    // Something of one flows into the other.
    let made = graph.all(.node).flatMap { $0.texts(2) }
    if let node = graph.messages(1).last, let place = node.positions(1).first, !made.isEmpty {
        node.fields[place].content = .bytes(Array(numbers.pick(made).utf8))
    }
    return place(model.bytes, target, maximumSize) ?? 0
}

/// Writes bytes to libFuzzer's buffer; nil if they do not fit.
private func place(_ bytes: [UInt8], _ target: UnsafeMutablePointer<UInt8>, _ maximumSize: Int) -> Int? {
    guard bytes.count <= maximumSize else { return nil }
    for (index, byte) in bytes.enumerated() { target[index] = byte }
    return bytes.count
}
