import MartletTensor

/// Checked offsets and lengths of the sequences in a packed batch.
struct Segments: @unchecked Sendable {
    /// Number of sequences.
    let count: Int
    /// First token of each sequence; `count + 1` numbers.
    let starts: UnsafePointer<Int32>
    let lengths: UnsafePointer<Int32>
    private let owners: [Tensor]

    /// nil unless offsets rise from at least 0 to at most `tokens` and each sequence has room for its length.
    init?(offsets: Tensor, lengths: Tensor, tokens: Int) {
        guard offsets.dtype == .int32, lengths.dtype == .int32, offsets.rank == 1, lengths.rank == 1,
            offsets.count == lengths.count + 1
        else { return nil }
        count = lengths.count
        starts = offsets.int32s
        self.lengths = lengths.int32s
        owners = [offsets, lengths]
        for row in 0..<count {
            let (start, end, length) = (Int(starts[row]), Int(starts[row + 1]), Int(self.lengths[row]))
            guard start >= 0, length >= 0, length <= end - start, end <= tokens else { return nil }
        }
    }

    /// The greatest length.
    var longest: Int { (0..<count).reduce(0) { max($0, Int(lengths[$1])) } }

    /// Calls `body` with the runs of tokens that belong to no sequence.
    func forEachGap(tokens: Int, _ body: (Range<Int>) -> Void) {
        var place = 0
        for row in 0..<count {
            if Int(starts[row]) > place { body(place..<Int(starts[row])) }
            place = Int(starts[row]) + Int(lengths[row])
        }
        if place < tokens { body(place..<tokens) }
    }
}
