import MartletSupport
import MartletTokenizers

/// Times passes of one thread over all texts.
struct TokenizerTiming {
    let tokenizer: Tokenizer
    let texts: [[UInt8]]

    init(tokenizer: String, texts: String) throws {
        self.tokenizer = try Tokenizer.load(path: tokenizer)
        self.texts = try JSONLines.values(texts).map { Array(($0.string ?? $0["text"]?.string ?? "").utf8) }
    }

    func run(repeats: Int) throws {
        var seconds: [Double] = []
        var tokens = 0
        var encoding = Encoding()
        for _ in 0..<repeats {
            tokens = 0
            let start = ContinuousClock.now
            for text in texts {
                try text.withUnsafeBufferPointer { try tokenizer.encode($0, maxTokens: .max, into: &encoding) }
                tokens += encoding.ids.count
            }
            let time = ContinuousClock.now - start
            seconds.append(Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
        }
        print("{\"seconds\":\(seconds),\"tokens\":\(tokens)}")
    }
}
