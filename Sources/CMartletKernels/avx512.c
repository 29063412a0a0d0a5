/* AVX-512 F, BW, VL, DQ: 16 lanes, 32 registers. */
#include "kernel_table.h"
#if MK_X86
#include "half.h"
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#define MK_LEVEL 2
#define MK_TABLE mk_table_avx512
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq"))), apply_to = function)
#include "level_body.h"
#pragma clang attribute pop
#endif
