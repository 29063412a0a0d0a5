/* AVX2 and FMA: 8 lanes, 16 registers. */
#include "kernel_table.h"
#if MK_X86
#include "half.h"
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#define MK_LEVEL 1
#define MK_TABLE mk_table_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2"))), apply_to = function)
#include "level_body.h"
#pragma clang attribute pop
#endif
