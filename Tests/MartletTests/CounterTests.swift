import Martlet
import MartletTestSupport
import Testing

/// What a query's counters prove about inference: nothing padded, nothing asked twice, nothing allocated once warm, no work but the
/// model's own.
@Suite
struct CounterTests {
    init() { ProjectFiles.enter() }

    /// Distinct texts of one to forty words.
    private func texts(_ count: Int) -> [[String: Value]] {
        let words = [
            "service", "was", "not", "great", "lovely", "food", "waited", "an", "hour", "again", "?", "unbelievably",
        ]
        return (0..<count).map { number in
            let length = 1 + number &* 7919 % 40
            let body = (0..<length).map { words[(number + $0 &* 31) % words.count] }.joined(separator: " ")
            return ["text": .string("\(number) \(body)")] as [String: Value]
        }
    }

    private func profile(
        _ rows: [[String: Value]], threads: Int = 1, _ query: String = "infer tone(text) as (label)"
    ) throws -> Profile.Infer {
        let prepared = try Session(threads: threads).prepare(
            """
            param input table (text string);
            model tone = load 'examples/models/tone';
            from $input |> \(query)
            """)
        try prepared.bind("input", rows: rows)
        let results = try prepared.run()
        return try #require(results.profile.operators.compactMap(\.infer).first)
    }

    @Test func packedSequencesHaveNoPadding() throws {
        let infer = try profile(texts(700))
        #expect(infer.paddingTokens == 0 && infer.batches > 10 && infer.rowsRun == 700)
    }

    @Test(arguments: [1, 2]) func warmBatchesAllocateNothing(threads: Int) throws {
        // Rows of a window go from long to short, so the first batch of each worker is the largest but for the rounding of rows to whole
        // texts, for which arenas have room.
        let few = try profile(texts(200), threads: threads)
        let many = try profile(texts(1600), threads: threads)
        #expect(many.batches > 4 * few.batches)
        #expect(few.allocations > 0)
        if threads == 1 {
            #expect(many.allocations == few.allocations)
        } else {
            // A worker may sleep through a short query.
            #expect(many.allocations <= 2 * few.allocations)
        }
    }

    @Test func equalRowsAreRunOnce() throws {
        let distinct = texts(150)
        let infer = try profile(distinct + distinct.reversed() + distinct)
        #expect(infer.rows == 450 && infer.rowsRun == 150 && infer.duplicates == 300)
    }

    @Test func workIsThatOfTheModel() throws {
        let rows = texts(300)
        let infer = try profile(rows)
        let prepared = try Session().prepare(
            """
            param input table (text string);
            model tone = load 'examples/models/tone';
            from $input |> select token_count(tone, text) as n
            """)
        try prepared.bind("input", rows: rows)
        let lengths = try #require(try prepared.run().values("n")).compactMap(\.int)
        #expect(lengths.count == 300 && lengths.reduce(0, +) == infer.tokens)
        // BERT of 2 layers, hidden 128, inner 512, pooled to a head of 3: the products, and attention in both its products.
        let (h, i) = (128, 512)
        let needed = lengths.reduce(0) { sum, n in
            sum + 2 * (2 * n * (4 * h * h + 2 * h * i) + 4 * n * n * h) + 2 * h * h + 2 * h * 3
        }
        let share = Double(infer.flops) / Double(needed)
        #expect(share >= 1 && share < 1.02, "\(share)")
    }
}
