/// What the command line asks for.
struct Options {
    var model: String
    var threads: Int
    var rounds: Int
    /// Of each input; one for all of a text model.
    var shapes: [[Int]]
    var isText: Bool
    var inputs: [String] = []
    var output: String?
    var frames = 1
    var carried: [(output: Int, input: Int)] = []
    var isWall = false
    var profiles = false
    var dumps = false
    var leavesOpen = false

    /// nil if the words are not those of the usage.
    init?(_ words: [String]) {
        guard words.count >= 4, let threads = Int(words[1]), let rounds = Int(words[2]), rounds > 0 else { return nil }
        isText = words[3].hasPrefix("tokens:")
        let shapes = words[3].split(separator: ":").last?.split(separator: ",").map { text -> [Int]? in
            if text == "scalar" { return [] }
            let sizes = text.split(separator: "x").map { Int($0) }
            return sizes.contains(nil) ? nil : sizes.compactMap(\.self)
        }
        guard let shapes, !shapes.isEmpty, !shapes.contains(nil) else { return nil }
        (model, self.threads, self.rounds, self.shapes) = (words[0], threads, rounds, shapes.compactMap(\.self))
        isWall = threads > 1
        var rest = words[4...]
        while let word = rest.popFirst() {
            switch word {
            case "--wall": isWall = true
            case "--profile": profiles = true
            case "--dump": dumps = true
            case "--open": leavesOpen = true
            case "--input", "--output", "--frames", "--carry":
                guard let value = rest.popFirst(), take(word, value) else { return nil }
            default: return nil
            }
        }
    }

    private mutating func take(_ word: String, _ value: String) -> Bool {
        switch word {
        case "--input": inputs.append(value)
        case "--output": output = value
        case "--frames":
            guard let count = Int(value), count > 0 else { return false }
            frames = count
        default:
            let pair = value.split(separator: ":").compactMap { Int($0) }
            guard pair.count == 2 else { return false }
            carried.append((pair[0], pair[1]))
        }
        return true
    }
}
