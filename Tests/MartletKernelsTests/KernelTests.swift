import MartletKernels
import Testing

/// The root of all kernel tests: serialized, because the instruction set is one setting of the process.
@Suite(.serialized) enum KernelTests {}

/// Runs `body` at each instruction set that this CPU has, scalar first, and goes back to the one before.
func atEachISA(_ body: (Kernels.ISA) throws -> Void) rethrows {
    let before = Kernels.isa
    defer { Kernels.isa = before }
    for isa in Kernels.ISA.allCases where isa <= Kernels.bestISA {
        Kernels.isa = isa
        try body(isa)
    }
}

/// SplitMix64: the same numbers in every run.
struct Random {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Uniform in [low, high)
    mutating func float(_ low: Float = -1, _ high: Float = 1) -> Float {
        low + (high - low) * Float(bits() >> 40) / Float(1 << 24)
    }

    mutating func floats(_ count: Int, _ low: Float = -1, _ high: Float = 1) -> [Float] {
        (0..<count).map { _ in float(low, high) }
    }
}

/// Distance in units in the last place of `expected` rounded to Float; 0 for two NaN.
func ulps(_ actual: Float, _ expected: Double) -> Double {
    if actual.isNaN || expected.isNaN { return actual.isNaN && expected.isNaN ? 0 : .infinity }
    let rounded = Float(expected)
    if actual == rounded { return 0 }
    if actual.isInfinite || rounded.isInfinite {
        // The largest finite number and infinity are neighbours.
        return abs(actual) > 3.4028e38 && abs(rounded) > 3.4028e38 && actual.sign == rounded.sign ? 1 : .infinity
    }
    return abs(Double(actual) - expected) / Double(rounded.ulp)
}

/// Largest absolute difference; infinity if only one of a pair is NaN.
func largestDifference(_ a: [Float], _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    var worst = 0.0
    for (x, y) in zip(a, b) {
        if x.isNaN != y.isNaN { return .infinity }
        if !x.isNaN && Double(x) != y { worst = max(worst, abs(Double(x) - y)) }
    }
    return worst
}

extension Array {
    /// A pointer to the elements for the length of `body`; never nil, even if there are none.
    func pointed<R>(_ body: (UnsafePointer<Element>) throws -> R) rethrows -> R {
        try withUnsafeBufferPointer { try body($0.baseAddress ?? UnsafePointer(bitPattern: 64)!) }
    }

    mutating func pointedMutably<R>(_ body: (UnsafeMutablePointer<Element>) throws -> R) rethrows -> R {
        try withUnsafeMutableBufferPointer { try body($0.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)!) }
    }
}

/// The array's pointer, or nil.
func withOptional<R>(_ array: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
    guard let array else { return body(nil) }
    return array.pointed(body)
}
