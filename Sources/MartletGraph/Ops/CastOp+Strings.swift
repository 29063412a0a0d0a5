import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Numbers to text and back. Floats are written with 8 significant digits (17 for float64), not finite ones as NaN, INF and
/// -INF. Text is read as C's `strtod` and decimal integers are written; anything behind the number is an error.
extension CastOp {
    func runStrings(_ x: Tensor, _ inputs: [Tensor?], _ context: RunContext) throws -> Tensor {
        guard x.dtype != dtype else { return x }
        return dtype == .string ? try texts(of: x) : try numbers(in: x, inputs, context)
    }

    private func texts(of x: Tensor) throws -> Tensor {
        if x.dtype == .bool { return Tensor(strings: x.values(Bool.self).map { $0 ? "1" : "0" }, shape: x.shape) }
        if x.dtype == .uint64 { return Tensor(strings: x.values(UInt64.self).map { "\($0)" }, shape: x.shape) }
        if x.dtype.isInteger {
            return Tensor(strings: try x.converted(to: .int64).values(Int64.self).map { "\($0)" }, shape: x.shape)
        }
        let digits: Int32 = x.dtype == .float64 ? 17 : 8
        let values = try x.converted(to: .float64).values(Double.self)
        return Tensor(strings: values.map { Self.text(of: $0, digits: digits) }, shape: x.shape)
    }

    private static func text(of value: Double, digits: Int32) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-INF" : "INF" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let length = withVaList([digits, value]) { vsnprintf(buffer.baseAddress, buffer.count, "%.*g", $0) }
            return String(decoding: buffer[..<Int(max(length, 0))].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private func numbers(in x: Tensor, _ inputs: [Tensor?], _ context: RunContext) throws -> Tensor {
        let wide: Tensor
        if dtype == .uint64 {
            wide = Tensor(try parsed(x, inputs, context) { UInt64(Self.unsigned($0)) }, shape: x.shape)
        } else if dtype.isInteger {
            wide = Tensor(try parsed(x, inputs, context) { Int64(Self.unsigned($0)) }, shape: x.shape)
        } else {
            wide = Tensor(try parsed(x, inputs, context, Self.double), shape: x.shape)
        }
        return try wide.converted(to: dtype)
    }

    /// Swift's integers take no leading plus with spaces around.
    private static func unsigned(_ text: String) -> String { String(text.drop { $0 == " " }) }

    private static func double(_ text: String) -> Double? {
        guard !text.isEmpty else { return nil }
        return text.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            return end.map { UnsafePointer($0) != start && $0.pointee == 0 } ?? false ? value : nil
        }
    }

    private func parsed<T>(
        _ x: Tensor, _ inputs: [Tensor?], _ context: RunContext, _ parse: (String) -> T?
    ) throws -> [T] {
        try x.strings.enumerated().map { index, text in
            guard let value = parse(text) else {
                throw context.invalid(self, inputs, "element \(index), `\(text.prefix(40))`, is no \(dtype.name)")
            }
            return value
        }
    }
}
