import CMartletKernels

/// The kernels of the tensor graph, by the name of what they compute.
///
/// All take raw pointers and lengths in elements, run on the calling thread, and allocate nothing: shapes, overlaps and
/// overflow are the caller's to check once per graph, threads are the caller's to spread over ranges. No result depends on
/// how work was split. Inputs and outputs do not overlap, but an elementwise kernel may write exactly over an input.
package enum Kernels {
    /// Instruction sets that the kernels are compiled for, in rising order.
    package enum ISA: Int32, CaseIterable, Comparable, Sendable {
        case scalar, avx2, avx512

        package static func < (a: ISA, b: ISA) -> Bool { a.rawValue < b.rawValue }
    }

    /// The best instruction set of this CPU.
    package static var bestISA: ISA { ISA(rawValue: mk_isa_best()) ?? .scalar }

    /// The instruction set in use by all threads: the best one, or a lower one named by the environment variable
    /// `MARTLET_ISA` or set here. Setting one that the CPU lacks chooses the best below it.
    package static var isa: ISA {
        get { ISA(rawValue: mk_isa_active()) ?? .scalar }
        set { _ = mk_isa_set(newValue.rawValue) }
    }
}

/// Facts about the processor, for reports and cost models.
package enum CPU {
    /// Names of the instruction set extensions found, space separated.
    package static var features: String { String(cString: mk_cpu_features()) }

    /// Measured fp32 multiply-add peak of one core, in FLOP per second, with the instruction set then in use; measured on first
    /// use (about 8 ms) and kept.
    package static let peakFlops: Double = measurePeakFlops()

    /// The same, measured anew: a shared machine's clock and load change.
    package static func measurePeakFlops() -> Double { mk_peak_fp32() }
}
