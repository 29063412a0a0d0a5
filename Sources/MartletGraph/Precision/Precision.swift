import MartletKernels

/// What the products of a model with its constant weights are made of.
package enum Precision: String, CaseIterable, Hashable, Sendable {
    /// fp32
    case exact
    /// bfloat16 with sums in fp32, where the CPU multiplies them faster; else exact.
    case fast
    /// Rows of activations and columns of weights as 8-bit integers by scales of their own, sums exact.
    case int8

    /// This one, or what takes its place on this CPU.
    package var onThisCPU: Precision { self == .fast && !ReducedMatrix.isFast(.bfloat16) ? .exact : self }
}
