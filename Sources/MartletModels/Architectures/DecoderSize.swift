import MartletGraph

/// The numbers that describe a decoder of the Llama kind.
struct DecoderSize: Sendable {
    var hidden: Int
    var layers: Int
    var heads: Int
    /// Heads of keys and values; divides `heads`.
    var kvHeads: Int
    /// Columns of a head.
    var headDim: Int
    var intermediate: Int
    var vocabulary: Int
    /// Most tokens of a text.
    var positions: Int
    var epsilon: Float
    var rotation: Rotation
    /// Only the last so many tokens are seen; 0: all.
    var window = 0

    struct Rotation: Sendable {
        /// Columns of a head that are turned; even.
        var columns: Int
        var base: Double
        /// What positions are divided by.
        var stretch: Double = 1
        /// What each pair's frequency is divided by; nil: 1.
        var factors: [Float]?
        /// Whether pairs are neighbours, as in the weights of GGUF's `llama`, not half a head apart.
        var isInterleaved: Bool
    }

    static let maximumWidth = 1 << 17
    static let maximumLayers = 1_000
    static let maximumVocabulary = 1 << 24

    /// Why these numbers cannot be of a decoder; nil if they can.
    var problem: (field: String, reason: String)? {
        if !heads.isMultiple(of: kvHeads) {
            return ("num_key_value_heads", "\(heads) heads do not divide among \(kvHeads)")
        }
        if headDim * heads > Self.maximumWidth * 4 { return ("head_dim", "\(heads) heads of \(headDim) are too wide") }
        if !(epsilon > 0 && epsilon < 1) { return ("rms_norm_eps", "it is \(epsilon)") }
        if rotation.columns < 2 || rotation.columns > headDim || !rotation.columns.isMultiple(of: 2) {
            return ("rope", "\(rotation.columns) columns of a head of \(headDim) are turned")
        }
        if !(rotation.base > 0 && rotation.base.isFinite && rotation.stretch > 0 && rotation.stretch.isFinite) {
            return ("rope", "the base is \(rotation.base), the scaling \(rotation.stretch)")
        }
        if window < 0 { return ("sliding_window", "it is \(window)") }
        return nil
    }
}
