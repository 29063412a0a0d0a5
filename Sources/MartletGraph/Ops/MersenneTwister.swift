#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The 32-bit Mersenne Twister of Matsumoto and Nishimura (1998), seeded and read as numpy's `RandomState` does.
struct MersenneTwister {
    private var state = [UInt32](repeating: 0, count: 624)
    private var next = 624
    private var spare: Double?

    init(seed: UInt32) {
        state[0] = seed
        for index in 1..<624 {
            state[index] = 1_812_433_253 &* (state[index - 1] ^ state[index - 1] >> 30) &+ UInt32(index)
        }
    }

    mutating func bits() -> UInt32 {
        if next == 624 { renew() }
        var y = state[next]
        next += 1
        y ^= y >> 11
        y ^= y << 7 & 0x9d2c_5680
        y ^= y << 15 & 0xefc6_0000
        return y ^ y >> 18
    }

    private mutating func renew() {
        for index in 0..<624 {
            let y = state[index] & 0x8000_0000 | state[(index + 1) % 624] & 0x7fff_ffff
            state[index] = state[(index + 397) % 624] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
        }
        next = 0
    }

    /// 53 random bits in [0, 1).
    mutating func uniform() -> Double {
        let high = Double(bits() >> 5)
        let low = Double(bits() >> 6)
        return (high * 67_108_864 + low) / 9_007_199_254_740_992
    }

    /// Standard normal, by the polar method; every other number comes from the pair before.
    mutating func normal() -> Double {
        if let number = spare {
            spare = nil
            return number
        }
        while true {
            let x = 2 * uniform() - 1
            let y = 2 * uniform() - 1
            let square = x * x + y * y
            guard square < 1, square != 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = factor * x
            return factor * y
        }
    }
}
