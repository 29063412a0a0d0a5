import CMartletKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The discrete Fourier transform of one length, made ready once: by mixed radices, or by Bluestein's algorithm if a prime
/// factor of the length is large, so in O(n log n) for every length.
package final class FourierTransform: @unchecked Sendable {
    package let length: Int
    package let type: ElementType
    private let radices: [Int]
    private let twiddles: Factors
    private let chirp: Chirp?

    /// Radices beyond this cost more than a transform of three or four times the length.
    private static let largestRadix = 31
    package static let maximumLength = 1 << 24

    /// Bluestein (1970): a convolution with e^(iπ k²/n) by transforms of a power of two.
    private struct Chirp {
        let transform: FourierTransform
        /// e^(-iπ k²/n) for k < n
        let sweep: Factors
        /// The transform of its conjugate, divided by the length of the transform
        let filter: Factors
    }

    /// Complex numbers in float32 or float64.
    private final class Factors {
        let base: UnsafeMutableRawPointer

        init(_ numbers: [(Double, Double)], _ type: ElementType) {
            let count = max(numbers.count, 1) * 2
            if type == .f64 {
                let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
                for (place, number) in numbers.enumerated() { (memory[2 * place], memory[2 * place + 1]) = number }
                base = UnsafeMutableRawPointer(memory)
            } else {
                let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
                for (place, number) in numbers.enumerated() {
                    (memory[2 * place], memory[2 * place + 1]) = (Float(number.0), Float(number.1))
                }
                base = UnsafeMutableRawPointer(memory)
            }
        }

        deinit { base.deallocate() }
    }

    /// - Parameter type: f32 or f64, of the data.
    /// - Returns: nil if the length is not in 1 ... `maximumLength` or the type is another.
    package init?(length: Int, type: ElementType) {
        guard length > 0, length <= Self.maximumLength, type == .f32 || type == .f64 else { return nil }
        self.length = length
        self.type = type
        var radices = Self.radices(length)
        if radices.contains(where: { $0 > Self.largestRadix }) {
            var padded = 1
            while padded < 2 * length - 1 { padded *= 2 }
            guard let chirp = Self.chirp(length, padded, type) else { return nil }
            self.chirp = chirp
            radices = []
        } else {
            chirp = nil
        }
        self.radices = radices
        var numbers: [(Double, Double)] = []
        var left = length
        for radix in radices {
            for k in 0..<radix { numbers.append(Self.unit(k, radix)) }
            for p in 0..<(left / radix) { for j in 0..<radix { numbers.append(Self.unit(p * j, left)) } }
            left /= radix
        }
        twiddles = Factors(numbers, type)
    }

    /// e^(-2πi k / n)
    private static func unit(_ k: Int, _ n: Int) -> (Double, Double) {
        let angle = -2 * Double.pi * Double(k % n) / Double(n)
        return (cos(angle), sin(angle))
    }

    private static func radices(_ length: Int) -> [Int] {
        var result: [Int] = []
        var left = length
        while left % 4 == 0 {
            result.append(4)
            left /= 4
        }
        var factor = 2
        while left > 1 {
            while left % factor == 0 {
                result.append(factor)
                left /= factor
            }
            factor = factor * factor > left && left > 1 ? left : factor + 1
        }
        return result
    }

    private static func chirp(_ length: Int, _ padded: Int, _ type: ElementType) -> Chirp? {
        guard let transform = FourierTransform(length: padded, type: type),
            let exact = FourierTransform(length: padded, type: .f64)
        else { return nil }
        let sweep = (0..<length).map { unit($0 * $0 % (2 * length), 2 * length) }
        var re = [Double](repeating: 0, count: padded)
        var im = re
        for (k, number) in sweep.enumerated() {
            for place in [k, (padded - k) % padded] { (re[place], im[place]) = (number.0, -number.1) }
        }
        re.withUnsafeMutableBytes { re in
            im.withUnsafeMutableBytes { im in
                guard let a = re.baseAddress, let b = im.baseAddress else { return }
                let work = UnsafeMutableRawPointer.allocate(byteCount: padded * 16, alignment: 64)
                exact.run(batch: 1, a, b, work: work)
                work.deallocate()
            }
        }
        let filter = zip(re, im).map { ($0 / Double(padded), $1 / Double(padded)) }
        return Chirp(transform: transform, sweep: Factors(sweep, type), filter: Factors(filter, type))
    }

    /// Bytes of working memory for `batch` signals at once.
    package func workByteCount(batch: Int) -> Int {
        let rows = chirp.map { 4 * $0.transform.length } ?? 2 * length
        return rows * batch * type.size
    }

    /// Transforms `batch` signals that lie side by side, in place: element i of signal b is at `i * batch + b` of `re` and
    /// `im`. Exchange the two for the inverse, which is not divided by the length.
    package func run(
        batch: Int, _ re: UnsafeMutableRawPointer, _ im: UnsafeMutableRawPointer, work: UnsafeMutableRawPointer
    ) {
        guard batch > 0 else { return }
        guard let chirp else {
            let half = length * batch * type.size
            radices.withUnsafeBufferPointer { radices in
                var plan = mk_fft(
                    type: type.rawValue, n: length, passes: radices.count, radices: radices.baseAddress,
                    twiddles: twiddles.base)
                mk_fft_run(&plan, batch, re, im, work, work + half)
            }
            return
        }
        let padded = chirp.transform.length * batch * type.size
        let (a, b) = (work, work + padded)
        let used = length * batch * type.size
        mk_fft_scale(type.rawValue, chirp.sweep.base, re, im, length, batch)
        a.copyMemory(from: re, byteCount: used)
        b.copyMemory(from: im, byteCount: used)
        memset(a + used, 0, padded - used)
        memset(b + used, 0, padded - used)
        chirp.transform.run(batch: batch, a, b, work: work + 2 * padded)
        mk_fft_scale(type.rawValue, chirp.filter.base, a, b, chirp.transform.length, batch)
        chirp.transform.run(batch: batch, b, a, work: work + 2 * padded)
        re.copyMemory(from: a, byteCount: used)
        im.copyMemory(from: b, byteCount: used)
        mk_fft_scale(type.rawValue, chirp.sweep.base, re, im, length, batch)
    }

    /// Multiplies each row of signals by a real number, such as a window's.
    package func scale(
        _ factors: [Double], batch: Int, _ re: UnsafeMutableRawPointer, _ im: UnsafeMutableRawPointer
    ) {
        let numbers = Factors(factors.map { ($0, 0) }, type)
        withExtendedLifetime(numbers) { mk_fft_scale(type.rawValue, numbers.base, re, im, factors.count, batch) }
    }
}
