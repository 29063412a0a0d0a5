import MartletModels
import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The input is a safetensors file. Every byte of its tensors can be read, or there is one explained error.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let path = "/tmp/martlet-fuzz-\(getpid()).safetensors"
    guard let file = fopen(path, "wb") else { return 0 }
    fwrite(data, 1, size, file)
    fclose(file)
    defer { unlink(path) }
    do {
        var sum = 0
        for tensor in try SafetensorsFile(path: path).tensors.values {
            for byte in UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount) { sum &+= Int(byte) }
        }
        precondition(sum >= 0, "bytes have no sign")
    } catch let error as any Explainable {
        precondition(!error.explanation.message.isEmpty, "an error without words")
    } catch {
        preconditionFailure("an error that cannot be explained: \(error)")
    }
    return 0
}
