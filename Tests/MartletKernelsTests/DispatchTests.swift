import CMartletKernels
import MartletKernels
import Testing

extension KernelTests {
    @Suite struct DispatchTests {
        @Test func settingAnInstructionSetTakesEffectAndIsBounded() {
            atEachISA { #expect(Kernels.isa == $0) }
            #expect(mk_isa_set(99) == Kernels.bestISA.rawValue)
            #expect(mk_isa_set(-1) == 0)
            Kernels.isa = Kernels.bestISA
            for isa in Kernels.ISA.allCases { #expect(String(cString: mk_isa_name(isa.rawValue)) == "\(isa)") }
        }

        @Test func peakIsPlausible() {
            #expect(CPU.peakFlops > 1e8 && CPU.peakFlops < 1e13)
        }

        /// The enums of Swift and the tables of C hold the same names in the same order.
        @Test func tablesAgree() {
            func check<T: CaseIterable & RawRepresentable>(
                _: T.Type, _ name: (Int32) -> UnsafePointer<CChar>?
            ) where T.RawValue == Int32 {
                for value in T.allCases {
                    #expect(name(value.rawValue).map { camel(String(cString: $0)) } == "\(value)")
                }
                #expect(name(Int32(T.allCases.count)) == nil)
            }
            check(Kernels.Activation.self, mk_activation_name)
            check(Kernels.UnaryOp.self, mk_unary_name)
            check(Kernels.BinaryOp.self, mk_binary_name)
            check(Kernels.CompareOp.self, mk_compare_name)
            check(Kernels.Reduction.self, mk_reduction_name)
            for format in BlockFormat.allCases { #expect(camel(format.name) == "\(format)") }
            #expect(BlockFormat.allCases.count == Int(MK_BLOCK_packed))
            #expect(ElementType.allCases.count == Int(MK_TYPE_COUNT))
            #expect(
                ElementType.allCases.map(\.size) == [4, 2, 2, 8, 1, 1, 2, 2, 4, 4, 8, 8, 1]
                    + [Int](repeating: 1, count: 10) + [0])
        }

        private func camel(_ snake: String) -> String {
            let words = snake.split(separator: "_")
            return String(words[0]) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
    }
}
