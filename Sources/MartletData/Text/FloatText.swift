/// Shortest decimal text of floats: the fewest digits that read back as the same value, nearest to it among those.
///
/// The forms are Swift's own (`1.0`, `0.1`, `1e-05`, `1.5e+20`, `inf`, `-inf`, `nan`), so text always shows that it is a float.
package enum FloatText {
    /// More bytes than any text of a float or double takes.
    package static let maximumLength = 32

    /// Writes the text of `value` to `output`, which has room for `maximumLength` bytes; returns the bytes written.
    ///
    /// Digits are found with Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020), in 32-bit precision.
    @inline(__always)
    package static func write(_ value: Float, to output: UnsafeMutablePointer<UInt8>) -> Int {
        let bits = value.bitPattern
        let fraction = bits & 0x7f_ffff
        let exponent = Int32(truncatingIfNeeded: bits &>> 23 & 0xff)
        var out = output
        if exponent == 255 {
            if fraction != 0 { return write("nan", to: output) }
            return write(bits &>> 31 == 0 ? "inf" : "-inf", to: output)
        }
        if bits &>> 31 != 0 {
            out.pointee = UInt8(ascii: "-")
            out += 1
        }
        if exponent == 0, fraction == 0 { return out - output + write("0.0", to: out) }
        let (digits, power) = shortest(fraction: fraction, exponent: exponent)
        // Swift writes exponents from 2²⁴ on, from where on not every integer is a float.
        out += layOut(digits, power: power, plainLimit: bits & 0x7fff_ffff <= 0x4b80_0000, to: out)
        return out - output
    }

    /// Writes the text of `value`. A double that is a 32-bit float below 2²⁴ is written as that float: it most likely came
    /// from a model, and 0.1 reads better than 0.10000000149011612. Any other has the digits to read back exactly.
    package static func write(_ value: Double, to output: UnsafeMutablePointer<UInt8>) -> Int {
        let narrow = Float(value)
        if Double(narrow) == value, narrow.magnitude < 0x1p24 { return write(narrow, to: output) }
        var count = 0
        for byte in value.description.utf8.prefix(maximumLength) {
            output[count] = byte
            count += 1
        }
        return count
    }

    private static func write(_ text: StaticString, to output: UnsafeMutablePointer<UInt8>) -> Int {
        output.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }

    /// `digits` × 10^`power` is the shortest decimal of a finite non-zero float given by its fields. Trailing zeros may be left.
    @inline(__always)
    private static func shortest(fraction: UInt32, exponent: Int32) -> (digits: UInt32, power: Int32) {
        let c: UInt32
        let q: Int32
        if exponent != 0 {
            c = fraction | 0x80_0000
            q = exponent &- 150
            // A whole number below 2²⁴ is its own shortest text.
            if q <= 0, q > -24, c & ((1 &<< UInt32(-q)) &- 1) == 0 { return (c &>> UInt32(-q), 0) }
        } else {
            c = fraction
            q = -149
        }
        // The interval that rounds to the value ends at the neighbours' midpoints; below a power of two it is half as wide.
        let closer: UInt32 = fraction == 0 && exponent > 1 ? 1 : 0
        let odd = c & 1
        let k = (q &* 1_262_611 &- (closer == 1 ? 524_031 : 0)) &>> 22
        let h = UInt32(truncatingIfNeeded: q &+ ((-k &* 1_741_647) &>> 19) &+ 1)
        let power = powers[Int(31 &- k)]
        let lower = roundToOdd(power, (4 &* c &- 2 &+ closer) &<< h) &+ odd
        let middle = roundToOdd(power, (4 &* c) &<< h)
        let upper = roundToOdd(power, (4 &* c &+ 2) &<< h) &- odd
        let s = middle / 4
        if s >= 10 {
            let tens = s / 10
            let down = lower <= 40 &* tens
            let up = 40 &* tens &+ 40 <= upper
            if down != up { return (tens &+ (up ? 1 : 0), k &+ 1) }
        }
        let down = lower <= 4 &* s
        let up = 4 &* s &+ 4 <= upper
        if down != up { return (s &+ (up ? 1 : 0), k) }
        let half = 4 &* s &+ 2
        return (s &+ (middle > half || (middle == half && s & 1 != 0) ? 1 : 0), k)
    }

    /// floor(g × c / 2⁶⁴), its lowest bit set if anything was cut off that matters.
    @inline(__always)
    private static func roundToOdd(_ g: UInt64, _ c: UInt32) -> UInt32 {
        let product = g.multipliedFullWidth(by: UInt64(c))
        let whole = UInt32(truncatingIfNeeded: product.high)
        return whole | (product.low &>> 32 > 1 ? 1 : 0)
    }

    /// Writes `digits` × 10^`power` in Swift's form.
    @inline(__always)
    private static func layOut(
        _ digits: UInt32, power: Int32, plainLimit: Bool, to output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var digits = digits
        var power = power
        while digits % 10 == 0 {
            digits /= 10
            power &+= 1
        }
        let length = decimalLength(digits)
        // Place of the decimal point, counted from the first digit: 0.00012 has -3.
        let point = length &+ Int(power)
        guard point > -4, plainLimit else { return layOutExponent(digits, length, point &- 1, to: output) }
        if point <= 0 {
            output[0] = UInt8(ascii: "0")
            output[1] = UInt8(ascii: ".")
            for zero in 0..<(-point) { output[2 &+ zero] = UInt8(ascii: "0") }
            writeDigits(digits, length, to: output + 2 - point)
            return 2 &- point &+ length
        }
        if point >= length {
            writeDigits(digits, length, to: output)
            for zero in length..<point { output[zero] = UInt8(ascii: "0") }
            output[point] = UInt8(ascii: ".")
            output[point &+ 1] = UInt8(ascii: "0")
            return point &+ 2
        }
        // One place to the right, then the whole part back over the gap.
        writeDigits(digits, length, to: output + 1)
        for index in 0..<point { output[index] = output[index &+ 1] }
        output[point] = UInt8(ascii: ".")
        return length &+ 1
    }

    private static func layOutExponent(
        _ digits: UInt32, _ length: Int, _ exponent: Int, to output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        writeDigits(digits, length, to: output + 1)
        output[0] = output[1]
        var count = 1
        if length > 1 {
            output[1] = UInt8(ascii: ".")
            count = length &+ 1
        }
        output[count] = UInt8(ascii: "e")
        output[count &+ 1] = exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
        let size = UInt8(truncatingIfNeeded: exponent.magnitude)
        output[count &+ 2] = UInt8(ascii: "0") &+ size / 10
        output[count &+ 3] = UInt8(ascii: "0") &+ size % 10
        return count &+ 4
    }

    @inline(__always)
    private static func writeDigits(_ digits: UInt32, _ length: Int, to output: UnsafeMutablePointer<UInt8>) {
        var rest = digits
        var index = length
        while rest >= 10 {
            index &-= 1
            output[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        output[index &- 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
    }

    @inline(__always)
    private static func decimalLength(_ value: UInt32) -> Int {
        if value < 100_000 {
            if value < 100 { return value < 10 ? 1 : 2 }
            return value < 1_000 ? 3 : value < 10_000 ? 4 : 5
        }
        if value < 10_000_000 { return value < 1_000_000 ? 6 : 7 }
        return value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10
    }

    /// ⌈10^k × 2^-(⌊log₂ 10^k⌋ - 63)⌉ for k = -31 … 45.
    private static let powers: [UInt64] = [
        0x81CE_B32C_4B43_FCF5, 0xA242_5FF7_5E14_FC32, 0xCAD2_F7F5_359A_3B3F, 0xFD87_B5F2_8300_CA0E,
        0x9E74_D1B7_91E0_7E49,
        0xC612_0625_7658_9DDB, 0xF796_87AE_D3EE_C552, 0x9ABE_14CD_4475_3B53, 0xC16D_9A00_9592_8A28,
        0xF1C9_0080_BAF7_2CB2,
        0x971D_A050_74DA_7BEF, 0xBCE5_0864_9211_1AEB, 0xEC1E_4A7D_B695_61A6, 0x9392_EE8E_921D_5D08,
        0xB877_AA32_36A4_B44A,
        0xE695_94BE_C44D_E15C, 0x901D_7CF7_3AB0_ACDA, 0xB424_DC35_095C_D810, 0xE12E_1342_4BB4_0E14,
        0x8CBC_CC09_6F50_88CC,
        0xAFEB_FF0B_CB24_AAFF, 0xDBE6_FECE_BDED_D5BF, 0x8970_5F41_36B4_A598, 0xABCC_7711_8461_CEFD,
        0xD6BF_94D5_E57A_42BD,
        0x8637_BD05_AF6C_69B6, 0xA7C5_AC47_1B47_8424, 0xD1B7_1758_E219_652C, 0x8312_6E97_8D4F_DF3C,
        0xA3D7_0A3D_70A3_D70B,
        0xCCCC_CCCC_CCCC_CCCD, 0x8000_0000_0000_0000, 0xA000_0000_0000_0000, 0xC800_0000_0000_0000,
        0xFA00_0000_0000_0000,
        0x9C40_0000_0000_0000, 0xC350_0000_0000_0000, 0xF424_0000_0000_0000, 0x9896_8000_0000_0000,
        0xBEBC_2000_0000_0000,
        0xEE6B_2800_0000_0000, 0x9502_F900_0000_0000, 0xBA43_B740_0000_0000, 0xE8D4_A510_0000_0000,
        0x9184_E72A_0000_0000,
        0xB5E6_20F4_8000_0000, 0xE35F_A931_A000_0000, 0x8E1B_C9BF_0400_0000, 0xB1A2_BC2E_C500_0000,
        0xDE0B_6B3A_7640_0000,
        0x8AC7_2304_89E8_0000, 0xAD78_EBC5_AC62_0000, 0xD8D7_26B7_177A_8000, 0x8786_7832_6EAC_9000,
        0xA968_163F_0A57_B400,
        0xD3C2_1BCE_CCED_A100, 0x8459_5161_4014_84A0, 0xA56F_A5B9_9019_A5C8, 0xCECB_8F27_F420_0F3A,
        0x813F_3978_F894_0985,
        0xA18F_07D7_36B9_0BE6, 0xC9F2_C9CD_0467_4EDF, 0xFC6F_7C40_4581_2297, 0x9DC5_ADA8_2B70_B59E,
        0xC537_1912_364C_E306,
        0xF684_DF56_C3E0_1BC7, 0x9A13_0B96_3A6C_115D, 0xC097_CE7B_C907_15B4, 0xF0BD_C21A_BB48_DB21,
        0x9676_9950_B50D_88F5,
        0xBC14_3FA4_E250_EB32, 0xEB19_4F8E_1AE5_25FE, 0x92EF_D1B8_D0CF_37BF, 0xB7AB_C627_0503_05AE,
        0xE596_B7B0_C643_C71A,
        0x8F7E_32CE_7BEA_5C70, 0xB35D_BF82_1AE4_F38C,
    ]
}
