import MartletTensor

/// Arithmetic that floats and integers share: integers wrap.
protocol ElementArithmetic: TensorElement, Comparable {
    static var zero: Self { get }
    static var one: Self { get }
    static func plus(_ a: Self, _ b: Self) -> Self
    static func times(_ a: Self, _ b: Self) -> Self
}

extension ElementArithmetic where Self: FixedWidthInteger {
    static var one: Self { 1 }
    @inline(__always) static func plus(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func times(_ a: Self, _ b: Self) -> Self { a &* b }
}

extension ElementArithmetic where Self: BinaryFloatingPoint {
    static var one: Self { 1 }
    @inline(__always) static func plus(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func times(_ a: Self, _ b: Self) -> Self { a * b }
}

extension Float: ElementArithmetic {}
extension Double: ElementArithmetic {}
extension Int8: ElementArithmetic {}
extension UInt8: ElementArithmetic {}
extension Int16: ElementArithmetic {}
extension UInt16: ElementArithmetic {}
extension Int32: ElementArithmetic {}
extension UInt32: ElementArithmetic {}
extension Int64: ElementArithmetic {}
extension UInt64: ElementArithmetic {}

/// A body for each type of number that a processor computes with, under one name.
protocol NumberVisitor {
    associatedtype Result
    func visit<T: ElementArithmetic>(_ type: T.Type) throws -> Result
}

/// Calls the visitor with the Swift type of an integer, float32 or float64 dtype; nil for the half floats and bool.
func visitNumber<V: NumberVisitor>(_ dtype: DType, _ visitor: V) throws -> V.Result? {
    switch dtype {
    case .float32: try visitor.visit(Float.self)
    case .float64: try visitor.visit(Double.self)
    case .int8: try visitor.visit(Int8.self)
    case .uint8: try visitor.visit(UInt8.self)
    case .int16: try visitor.visit(Int16.self)
    case .uint16: try visitor.visit(UInt16.self)
    case .int32: try visitor.visit(Int32.self)
    case .uint32: try visitor.visit(UInt32.self)
    case .int64: try visitor.visit(Int64.self)
    case .uint64: try visitor.visit(UInt64.self)
    default: nil
    }
}
