#pragma once
/* IEEE binary16 and bfloat16 by integer arithmetic, as any CPU can. A NaN stays one, quiet, with its upper payload bits. */
#include <stdint.h>
#include <string.h>

static inline float f32_of_bits(uint32_t u) {
    float f;
    memcpy(&f, &u, 4);
    return f;
}
static inline uint32_t bits_of_f32(float f) {
    uint32_t u;
    memcpy(&u, &f, 4);
    return u;
}

static inline float f16_to_f32(uint16_t h) {
    const uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = (h >> 10) & 31, fraction = h & 0x3ff;
    if (exponent == 31) return f32_of_bits(sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
    if (exponent) return f32_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
    /* zero or subnormal: fraction · 2^-24 is exact */
    return f32_of_bits(sign | bits_of_f32((float)fraction * 5.9604644775390625e-8f));
}

static inline uint16_t f32_to_f16(float f) {
    const uint32_t u = bits_of_f32(f), sign = (u >> 16) & 0x8000, m = u & 0x7fffffff;
    if (m > 0x7f800000) return (uint16_t)(sign | 0x7e00 | ((m >> 13) & 0x3ff));
    if (m >= 0x477ff000) return (uint16_t)(sign | 0x7c00); /* 65520 and above round to infinity */
    if (m >= 0x38800000) return (uint16_t)(sign | ((m - 0x38000000 + 0xfff + ((m >> 13) & 1)) >> 13));
    /* subnormal: adding 0.5 puts the last kept bit at the end of the fraction, rounded by the addition itself */
    return (uint16_t)(sign | (bits_of_f32(f32_of_bits(m) + 0.5f) - 0x3f000000));
}

static inline float bf16_to_f32(uint16_t h) { return f32_of_bits((uint32_t)h << 16); }

static inline uint16_t f32_to_bf16(float f) {
    const uint32_t u = bits_of_f32(f);
    if ((u & 0x7fffffff) > 0x7f800000) return (uint16_t)(u >> 16 | 0x40);
    return (uint16_t)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
}
