/* What AVX-512 processors with the dot products of bytes and of bfloat16 do better: see mk_reduced_product. */
#include "kernel_table.h"
#if MK_X86
#include "half.h"
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#define MK_LEVEL 2
#define MK_VNNI 1
#define MK_BF16 1
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512bf16"))), apply_to = function)
#pragma clang fp contract(fast)
#include "vector.h"
#include "vector_math.h"
#include "finish_body.h"
#include "integer_body.h"
#include "reduced_body.h"
void mk_reduced_product_bf16(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1) {
    reduced_product(r, scratch, m0, m1, n0, n1);
}
#pragma clang attribute pop
#endif
