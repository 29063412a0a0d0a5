import MartletKernels
import Testing

extension KernelTests {
    @Suite struct FieldScanTests {
        private struct Found: Equatable {
            var ends: [Int] = []
            var lines = 0
            var innerLines = 0
            var hasNUL = false
            var isBeyondASCII = false
            var hasMisplacedQuote = false
            var endsInQuotes = false
        }

        /// One byte after the other.
        private func reference(_ text: [UInt8], quote: UInt8?) -> Found {
            var found = Found()
            var inQuotes = false
            for (index, byte) in text.enumerated() {
                if byte == 0 { found.hasNUL = true }
                if byte >= 0x80 { found.isBeyondASCII = true }
                let before = index > 0 ? text[index - 1] : 10
                let closed = !inQuotes && before == quote && index > 0
                let line = byte == 10 || (byte == 13 && !(index + 1 < text.count && text[index + 1] == 10))
                if byte == quote {
                    let endsBefore = found.ends.last == index - 1 || index == 0
                    if !inQuotes, !endsBefore, !closed { found.hasMisplacedQuote = true }
                    inQuotes.toggle()
                    continue
                }
                if closed, byte != 44, byte != 10, byte != 13 { found.hasMisplacedQuote = true }
                if line { if inQuotes { found.innerLines += 1 } else { found.lines += 1 } }
                if !inQuotes, line || byte == 44 { found.ends.append(index) }
            }
            found.endsInQuotes = inQuotes
            return found
        }

        private func scan(_ text: [UInt8], quote: UInt8?) -> Found {
            var ends = [UInt32](repeating: 0, count: text.count + 8)
            let scan = text.withUnsafeBufferPointer { text in
                ends.withUnsafeMutableBufferPointer {
                    FieldScan(text, separator: 44, quote: quote, ends: $0.baseAddress!)
                }
            }
            return Found(
                ends: ends.prefix(scan.count).map { Int($0) }, lines: scan.lines, innerLines: scan.innerLines,
                hasNUL: scan.hasNUL, isBeyondASCII: scan.isBeyondASCII, hasMisplacedQuote: scan.hasMisplacedQuote,
                endsInQuotes: scan.endsInQuotes)
        }

        @Test func findsWhatALoopOverBytesFinds() {
            var random = Random(5)
            var texts: [[UInt8]] = []
            let alphabets: [[UInt8]] = [
                Array("ab,\n".utf8), Array("a,\"\n".utf8), Array("a,\"\"\r\n".utf8), Array("ab,\"\r\n\0é".utf8),
            ]
            for length in 0...200 {
                for alphabet in alphabets {
                    texts.append((0..<length).map { _ in alphabet[Int(random.bits() % UInt64(alphabet.count))] })
                }
                // Long runs in quotes, over the borders of blocks.
                texts.append(Array("x,\"".utf8) + Array(repeating: 10, count: length) + Array("\"\r\n1,2\n".utf8))
            }
            atEachISA { isa in
                for text in texts {
                    #expect(scan(text, quote: 34) == reference(text, quote: 34), "\(isa) \(text)")
                    #expect(scan(text, quote: nil) == reference(text, quote: nil), "\(isa) \(text)")
                    #expect(
                        text.withUnsafeBufferPointer { FieldScan.count(34, in: $0) } == text.filter { $0 == 34 }.count)
                }
            }
        }

        /// A column of one field per line.
        private func column(
            _ fields: [String], _ body: (FieldColumn, UnsafeMutablePointer<UInt64>) -> Int
        ) -> (rows: Int, valid: [Bool]) {
            let text = Array(fields.joined(separator: "\n").utf8) + [10] + [UInt8](repeating: 55, count: 16)
            var ends: [UInt32] = [.max]
            for (index, byte) in text.dropLast(16).enumerated() where byte == 10 { ends.append(UInt32(index)) }
            var valid = [UInt64](repeating: .max, count: fields.count / 64 + 1)
            let rows = text.withUnsafeBufferPointer { text in
                ends.withUnsafeBufferPointer { ends in
                    valid.withUnsafeMutableBufferPointer {
                        body(
                            FieldColumn(
                                text: text.baseAddress!, ends: ends.baseAddress!, columns: 1, column: 0,
                                rows: fields.count, quote: 34), $0.baseAddress!)
                    }
                }
            }
            return (rows, fields.indices.map { valid[$0 / 64] >> UInt64($0 % 64) & 1 != 0 })
        }

        private func float(_ field: String) -> Double? {
            var value = 0.0
            let (rows, _) = column([field]) { $0.floats(from: 0, to: &value, valid: $1) }
            return rows == 1 ? value : nil
        }

        private func int(_ field: String) -> Int64? {
            var value: Int64 = 0
            let (rows, _) = column([field]) { $0.ints(from: 0, to: &value, valid: $1) }
            return rows == 1 ? value : nil
        }

        @Test func decimalsAreRoundedAsTheLibraryDoes() {
            var random = Random(9)
            for _ in 0..<40_000 {
                let digits = 1 + Int(random.bits() % 19)
                var text = String(1 + random.bits() % 9)
                for _ in 1..<digits { text.append(String(random.bits() % 10)) }
                let point = Int(random.bits() % UInt64(digits + 1))
                let zeros = String(repeating: "0", count: Int(random.bits() % 5))
                if point == 0 {
                    text = "0." + zeros + text
                } else if point < digits {
                    text.insert(".", at: text.index(text.startIndex, offsetBy: point))
                }
                if random.bits() % 2 == 0 { text = "-" + text }
                if let value = float(text) {
                    #expect(value.bitPattern == Double(text)?.bitPattern, "\(text)")
                } else {
                    #expect(digits > 15, "\(text) is usual")
                }
            }
            // Halfway between two doubles: ties go to even.
            for text in ["562949953421312.0625", "562949953421312.1875", "0.9007199254740993", "-0", "-0.0", "0.50"] {
                #expect(float(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
            }
        }

        @Test func whatIsNotUsualIsLeft() {
            for text in [
                "-", ".", "1.", ".5", "1e5", "+1", "007", "00.5", "1.2.3", "12a", "a", " 1", "1 ", "nan", "inf", "0x1",
                "1234567890123456789", "99999999999999999999.5", "--1", "1-", "1.5-", "123456789.12345678a",
            ] {
                #expect(float(text) == nil, "\(text)")
            }
            for text in ["-", "+1", "007", "-01", "1.0", "12345678901234567", "1a", "a1", "12345678x", " 1", "1e3"] {
                #expect(int(text) == nil, "\(text)")
            }
            for text in ["0", "-0", "7", "-12345678", "123456789", "9999999999999999", "-1234567890123456"] {
                #expect(int(text) == Int64(text), "\(text)")
            }
            #expect(int("\"42\"") == 42)
        }

        @Test func emptyFieldsAreNull() {
            var values = [Int64](repeating: 9, count: 4)
            let numbers = column(["1", "", "\"\"", "4"]) { $0.ints(from: 0, to: &values, valid: $1) }
            #expect(numbers.rows == 4 && numbers.valid == [true, false, false, true] && values == [1, 0, 0, 4])
            var offsets = [Int](repeating: 0, count: 5)
            var bytes = [UInt8](repeating: 0, count: 64)
            let texts = column(["ab", "", "\"\"", "\"c,\""]) {
                $0.text(from: 0, offsets: &offsets, to: &bytes, valid: $1)
            }
            #expect(texts.rows == 4 && texts.valid == [true, false, true, true] && offsets == [0, 2, 2, 2, 4])
            #expect(String(decoding: bytes.prefix(4), as: UTF8.self) == "abc,")
            // A doubled quote is the caller's.
            #expect(
                column(["ab", "\"c\"\"d\""]) { $0.text(from: 0, offsets: &offsets, to: &bytes, valid: $1) }.rows == 1)
        }

        @Test func datesCountFromTheEpoch() {
            let day: Int64 = 86_400_000_000
            var values = [Int64](repeating: 0, count: 5)
            let dates = ["1970-01-01", "2024-02-29", "1969-12-31", "0001-01-01", "9999-12-31"]
            #expect(column(dates) { $0.dates(from: 0, to: &values, valid: $1) }.rows == 5)
            #expect(values == [0, 19_782 * day, -day, -719_162 * day, 2_932_896 * day])
            for text in [
                "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "0000-01-01", "2024-1-1", "2024/01/01",
            ] {
                #expect(column([text]) { $0.dates(from: 0, to: &values, valid: $1) }.rows == 0, "\(text)")
            }
        }
    }
}
