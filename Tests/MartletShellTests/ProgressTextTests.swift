import Martlet
import MartletShell
import Testing

struct ProgressTextTests {
    @Test(arguments: [
        (0, nil as Double?, 3.0, "working, 0:03"),
        (8_192, 0.5, 4.0, "8,192 rows  2,048 rows/s  50 %  0:04 left"),
        (8_192, nil, 4.0, "8,192 rows  2,048 rows/s"),
        (10, 0.999, 1.0, "10 rows  10 rows/s  99 %  0:00 left"),
        (10, 1.0, 1.0, "10 rows  10 rows/s  100 %"),
        (100, 0.01, 60.0, "100 rows  2 rows/s  1 %  1:39:00 left"),
    ])
    func tellsHowFarItIs(_ rows: Int, _ fraction: Double?, _ seconds: Double, _ text: String) {
        #expect(ProgressText(rows: rows, fraction: fraction, seconds: seconds).text == text)
    }

    @Test(arguments: [
        (0.0, "0:00"), (59.6, "1:00"), (3_599.0, "59:59"), (3_600.0, "1:00:00"), (-1, "0:00"), (.nan, "0:00"),
    ])
    func clock(_ seconds: Double, _ text: String) { #expect(ProgressText.clock(seconds) == text) }
}
