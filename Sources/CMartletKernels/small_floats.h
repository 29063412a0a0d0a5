#pragma once
/* Floats of 8 and 4 bits to fp32, exactly, and back with one rounding. Layouts of OCP and of the ONNX standard. */
#include "half.h"
#include "martlet_kernels.h"

/* A sign, an exponent and `mantissa` bits, from the high to the low. */
typedef struct {
    uint32_t mantissa, bias;
    uint32_t sign;          /* its bit */
    uint32_t top;           /* the largest finite number */
    uint32_t over, nan;     /* what numbers above it become where they do not saturate, and what a NaN becomes */
    uint32_t special_signs; /* whether those two, and zero, have a sign */
    uint32_t has_infinity;
} small_float;

static inline small_float small_float_of(int32_t type) {
    switch (type) {
    case MK_F8E4M3FN: return (small_float){3, 7, 0x80, 0x7e, 0x7f, 0x7f, 1, 0};
    case MK_F8E4M3FNUZ: return (small_float){3, 8, 0x80, 0x7f, 0x80, 0x80, 0, 0};
    case MK_F8E5M2: return (small_float){2, 15, 0x80, 0x7b, 0x7c, 0x7e, 1, 1};
    case MK_F8E5M2FNUZ: return (small_float){2, 16, 0x80, 0x7f, 0x80, 0x80, 0, 0};
    default: return (small_float){1, 1, 0x8, 0x7, 0x7, 0x8, 1, 0}; /* MK_F4E2M1: no NaN, which becomes -0 */
    }
}

static inline float widen_small_float(small_float t, uint32_t code) {
    const uint32_t magnitude = code & (t.sign - 1), sign = (code & t.sign) ? 0x80000000u : 0;
    const uint32_t exponent = magnitude >> t.mantissa, fraction = magnitude & ((1u << t.mantissa) - 1);
    if (!t.special_signs && code == t.nan) return f32_of_bits(0x7fc00000u);
    if (magnitude > t.top)
        return f32_of_bits(sign | 0x7f800000u | (t.has_infinity && magnitude == t.over ? 0 : 0x400000u));
    if (exponent) return f32_of_bits(sign | (exponent + 127 - t.bias) << 23 | fraction << (23 - t.mantissa));
    const float unit = f32_of_bits((127 + 1 - t.bias - t.mantissa) << 23);
    return f32_of_bits(sign | bits_of_f32((float)fraction * unit));
}

static inline uint8_t narrow_small_float(small_float t, int32_t options, float x) {
    const uint32_t bits = bits_of_f32(x), u = bits & 0x7fffffffu;
    const uint32_t sign = bits >> 31 ? t.sign : 0, special_sign = t.special_signs ? sign : 0;
    if (u > 0x7f800000u) return (uint8_t)(t.sign == 0x8 ? t.nan : t.nan | special_sign);
    uint32_t code;
    if (u >= (128 - t.bias) << 23) {
        const uint32_t dropped = 23 - t.mantissa;
        code = ((u + (1u << (dropped - 1)) - 1 + ((u >> dropped) & 1)) >> dropped) - ((127 - t.bias) << t.mantissa);
    } else {
        /* subnormal: at 2^23 the last kept bit is the last of the fraction, rounded by the addition itself */
        const float scaled = f32_of_bits(u) * f32_of_bits((127 + t.bias - 1 + t.mantissa) << 23);
        code = bits_of_f32(scaled + 8388608.0f) - bits_of_f32(8388608.0f);
    }
    if (code > t.top) {
        if (options & MK_CONVERT_OVERFLOWS) return (uint8_t)(t.over | (t.sign == 0x8 ? sign : special_sign));
        code = t.top;
    }
    return (uint8_t)(code ? code | sign : special_sign);
}

/* E8M0: code c is 2^(c - 127), 255 is NaN. It has neither zero nor sign: what is below its range, zero too, is the least
 * number, or a NaN where numbers do not saturate; negative numbers are NaN. */
static inline float widen_e8m0(uint32_t code) {
    return f32_of_bits(code == 255 ? 0x7fc00000u : code ? code << 23 : 0x400000u);
}

static inline uint8_t narrow_e8m0(int32_t options, float x) {
    const uint32_t u = bits_of_f32(x);
    const int overflows = (options & MK_CONVERT_OVERFLOWS) != 0;
    if (u == 0 || u == 0x80000000u) return overflows ? 255 : 0;
    if (u > 0x7f800000u) return 255;
    if (u < 0x400000u) return overflows ? 255 : 0;
    if (u == 0x7f800000u) return overflows ? 255 : 254;
    uint32_t code = u >> 23;
    /* the fraction of the power of two below x, in 23 bits */
    const uint32_t fraction = code ? u & 0x7fffffu : (u & 0x3fffffu) << 1;
    if (options & MK_CONVERT_NEAREST) code += fraction >= 0x400000u;
    else if (!(options & MK_CONVERT_DOWN)) code += fraction != 0;
    return (uint8_t)(code < 255 ? code : overflows ? 255 : 254);
}

static inline void widen_small_floats(int32_t type, const uint8_t *x, float *y, size_t n) {
    const small_float t = small_float_of(type);
    if (type == MK_F8E8M0)
        for (size_t i = 0; i < n; i++) y[i] = widen_e8m0(x[i]);
    else
        for (size_t i = 0; i < n; i++) y[i] = widen_small_float(t, x[i] & (t.sign * 2 - 1));
}

static inline void narrow_small_floats(int32_t type, int32_t options, const float *x, uint8_t *y, size_t n) {
    const small_float t = small_float_of(type);
    if (type == MK_F8E8M0)
        for (size_t i = 0; i < n; i++) y[i] = narrow_e8m0(options, x[i]);
    else
        for (size_t i = 0; i < n; i++) y[i] = narrow_small_float(t, options, x[i]);
}
