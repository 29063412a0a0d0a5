/// Changes of tensors, and of the types and shapes of values.
extension ModelMutator {
    // MARK: Values

    mutating func changeValueShape() {
        guard let shape = any(.shape) else { return }
        let places = shape.positions(1)
        guard !places.isEmpty, !numbers.chance(5) else { return shape.add(1, .message(newDimension())) }
        let place = numbers.pick(places)
        switch numbers.below(5) {
        case 0: shape.fields.remove(at: place)
        case 1: shape.fields.swapAt(place, numbers.pick(places))
        default: shape.fields[place].content = .message(newDimension())
        }
    }

    private mutating func newDimension() -> WireMessage {
        let dim = WireMessage(.dimension)
        switch numbers.below(6) {
        case 0: dim.add(2, numbers.pick(["n", "m", "batch", "?", "", "n*m"]))
        case 1: break
        default: dim.add(1, .varint(anyInteger()))
        }
        return dim
    }

    /// Sequences and optionals around types; ranks that are not told.
    mutating func changeContainers() {
        guard let value = any(.value) else { return }
        guard let type = value.messages(2).first, !numbers.chance(3) else {
            if let tensor = value.all(.tensorType).first { tensor.remove(2) }
            return
        }
        let container = WireMessage(.container, [.init(number: 1, content: .message(type))])
        let outer = WireMessage(.type, [.init(number: numbers.pick([4, 9]), content: .message(container))])
        value.set(2, .message(outer))
    }

    mutating func changeElementType() {
        let values = model.all(.tensorType).map { ($0, 1) } + model.all(.tensor).map { ($0, 2) }
        guard !values.isEmpty else { return }
        let (message, field) = numbers.pick(values)
        message.set(field, numbers.pick(Words.types))
    }

    mutating func changeOutputs() {
        guard let graph = any(.graph) else { return }
        let field = numbers.pick([11, 12, 12])
        let places = graph.positions(field)
        if field == 12, numbers.chance(3) {
            return graph.add(12, .message(WireMessage(.value, [text(1, anyName(near: graph))])))
        }
        guard !places.isEmpty else { return }
        let place = numbers.pick(places)
        switch numbers.below(4) {
        case 0: graph.fields.remove(at: place)
        case 1: graph.fields.append(graph.fields[place])
        case 2: graph.fields.swapAt(place, numbers.pick(places))
        default: if case .message(let value) = graph.fields[place].content { value.set(1, anyName()) }
        }
    }

    // MARK: Tensors

    mutating func changeInitializers() {
        guard let graph = any(.graph) else { return }
        let inputs = graph.positions(11)
        if !inputs.isEmpty, numbers.chance(2) {
            // What was given becomes known.
            guard case .message(let value) = graph.fields[numbers.pick(inputs)].content else { return }
            return graph.add(5, .message(newTensor(value.text(1))))
        }
        let places = graph.positions(5)
        guard !places.isEmpty else { return graph.add(5, .message(newTensor(anyName()))) }
        let place = numbers.pick(places)
        switch numbers.below(4) {
        case 0: graph.fields.remove(at: place)
        case 1: graph.fields.append(graph.fields[place])
        case 2:
            guard case .message(let tensor) = graph.fields[place].content else { return }
            graph.fields.remove(at: place)
            graph.add(11, .message(WireMessage(.value, [text(1, tensor.text(8)), Self.type(tensor)])))
        default:
            guard case .message(let tensor) = graph.fields[place].content else { return }
            graph.fields[place].content = .message(newTensor(tensor.text(8)))
        }
    }

    /// The type of a value like a tensor, of unknown rank.
    private static func type(_ tensor: WireMessage) -> WireMessage.Field {
        let inner = WireMessage(
            .tensorType, tensor.fields.filter { $0.number == 2 }.map { .init(number: 1, content: $0.content) })
        let type = WireMessage(.type, [.init(number: 1, content: .message(inner))])
        return .init(number: 2, content: .message(type))
    }

    /// A tensor whose data fits its shape.
    mutating func newTensor(_ name: String) -> WireMessage {
        let tensor = WireMessage(.tensor)
        if !name.isEmpty { tensor.add(8, name) }
        let shape = (0..<numbers.pick([0, 1, 1, 1, 2, 2, 3, 4])).map { _ in numbers.pick([0, 1, 1, 2, 3, 4]) }
        for dim in shape { tensor.add(1, .varint(UInt64(dim))) }
        fill(
            tensor, shape.reduce(1, *),
            type: numbers.pick([1, 1, 1, 6, 7, 7, 7, 9, 2, 3, 10, 11, 8] + [numbers.below(27)]))
        return tensor
    }

    private mutating func fill(_ tensor: WireMessage, _ count: Int, type: Int) {
        for number in [4, 5, 6, 7, 9, 10, 11] { tensor.remove(number) }
        tensor.set(2, type)
        let count = min(count, 64)
        if type == 8 {
            for _ in 0..<count { tensor.add(6, numbers.pick(Words.strings)) }
            return
        }
        var bytes: [UInt8] = []
        for _ in 0..<count {
            switch type {
            case 1: bytes += Self.bytes(numbers.chance(4) ? numbers.pick(Words.floats) : Float(numbers.below(9)) - 4)
            case 7: bytes += withUnsafeBytes(of: anyInteger().littleEndian, Array.init)
            case 6, 12: bytes += withUnsafeBytes(of: UInt32(truncatingIfNeeded: anyInteger()).littleEndian, Array.init)
            case 11:
                bytes += withUnsafeBytes(of: Double(numbers.pick(Words.floats)).bitPattern.littleEndian, Array.init)
            case 13: bytes += withUnsafeBytes(of: anyInteger().littleEndian, Array.init)
            case 4, 5, 10, 16: bytes += [UInt8(numbers.below(256)), UInt8(numbers.pick([0, 60, 124, 128, 255]))]
            default: bytes.append(UInt8(numbers.pick([0, 1, 2, 127, 128, 255])))
            }
        }
        tensor.add(9, .bytes(bytes))
    }

    mutating func changeTensorShape() {
        guard let tensor = any(.tensor) else { return }
        let dims = dimensions(tensor)
        var changed = dims
        if changed.isEmpty || numbers.chance(4) {
            changed.append(Int(Int64(bitPattern: anyInteger())))
        } else {
            let place = numbers.below(changed.count)
            switch numbers.below(5) {
            case 0: changed.remove(at: place)
            case 1: changed.swapAt(place, numbers.below(changed.count))
            case 2: changed[place] = numbers.pick([0, 1, 2, 3])
            default: changed[place] = Int(Int64(bitPattern: anyInteger()))
            }
        }
        tensor.remove(1)
        for dim in changed { tensor.add(1, .varint(UInt64(bitPattern: Int64(dim)))) }
        // Often the data follows, so that the file is believed.
        let count = changed.reduce(1) { ($0 <= 64 && (0...64).contains($1)) ? $0 * $1 : 1000 }
        if count <= 64, !numbers.chance(4) { fill(tensor, count, type: type(of: tensor)) }
    }

    private func dimensions(_ tensor: WireMessage) -> [Int] {
        var result: [Int] = []
        for field in tensor.fields where field.number == 1 {
            switch field.content {
            case .varint(let value): result.append(Int(Int64(bitPattern: value)))
            case .bytes(let bytes):
                var rest = bytes[...]
                while let value = WireMessage.varint(&rest) { result.append(Int(Int64(bitPattern: value))) }
            default: break
            }
        }
        return result
    }

    private func type(of tensor: WireMessage) -> Int {
        for field in tensor.fields.reversed() where field.number == 2 {
            if case .varint(let value) = field.content { return Int(truncatingIfNeeded: value) }
        }
        return 1
    }

    mutating func changeTensorData() {
        guard let tensor = any(.tensor) else { return }
        let places = tensor.fields.indices.filter { [4, 5, 6, 7, 9, 10, 11].contains(tensor.fields[$0].number) }
        if numbers.chance(12) {
            tensor.set(14, 1)
            return tensor.add(
                13, .message(WireMessage(.entry, [text(1, "location"), text(2, numbers.pick(["w.bin", "../w", ""]))])))
        }
        guard !places.isEmpty, !numbers.chance(4) else {
            let dims = dimensions(tensor)
            let count = dims.reduce(1) { ($0 <= 64 && (0...64).contains($1)) ? $0 * $1 : 1000 }
            return fill(tensor, count, type: numbers.chance(3) ? numbers.pick(Words.types) : type(of: tensor))
        }
        let place = numbers.pick(places)
        switch tensor.fields[place].content {
        case .bytes(let bytes):
            let size = [6, 12, 1].contains(type(of: tensor)) ? 4 : [7, 11, 13].contains(type(of: tensor)) ? 8 : 1
            tensor.fields[place].content = .bytes(changed(bytes, size: size))
        case .varint: tensor.fields[place].content = .varint(anyInteger())
        case .fixed32: tensor.fields[place].content = .fixed32(Self.bytes(numbers.pick(Words.floats)))
        default: break
        }
    }

    /// Bytes of elements with one changed, or, seldom, of another length.
    mutating func changed(_ bytes: [UInt8], size: Int) -> [UInt8] {
        var result = bytes
        guard bytes.count >= size, !numbers.chance(6) else {
            if numbers.chance(2) {
                result += [UInt8](repeating: 0, count: size)
            } else {
                result.removeLast(min(size, bytes.count))
            }
            return result
        }
        let place = numbers.below(bytes.count / size) * size
        let value: UInt64
        switch size {
        case 4 where numbers.chance(2): value = UInt64(numbers.pick(Words.floats).bitPattern)
        default: value = anyInteger()
        }
        for index in 0..<size { result[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        return result
    }
}
