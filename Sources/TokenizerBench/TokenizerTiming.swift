import MartletSupport
import MartletTokenizers

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Times passes of one thread over all texts, in processor time: other work on the machine counts little.
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
            let start = Self.processorSeconds()
            for text in texts {
                try text.withUnsafeBufferPointer { try tokenizer.encode($0, maxTokens: .max, into: &encoding) }
                tokens += encoding.ids.count
            }
            seconds.append(Self.processorSeconds() - start)
        }
        print("{\"seconds\":\(seconds),\"tokens\":\(tokens)}")
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
