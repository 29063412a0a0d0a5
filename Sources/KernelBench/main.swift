// Ratios of kernels to OpenBLAS and to the measured peak: MARTLET_BENCH=1 swift run -c release KernelBench
import MartletKernels

print("cpu: \(CPU.features); kernels: \(Kernels.isa); OpenBLAS: \(BLAS.coreName)")
benchProducts()
benchSmallProducts()
benchAttention()
benchRows()
