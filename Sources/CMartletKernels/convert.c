/* The types of arithmetic to each other: halves go through fp32, which holds them exactly. */
#include "half.h"
#include "kernel_table.h"

/* The types but halves. Twice, as a macro does not expand within itself. */
#define TYPES(X)                                                                                                       \
    X(MK_F32, float) X(MK_F64, double) X(MK_I8, int8_t)                                                                \
    X(MK_U8, uint8_t) X(MK_I16, int16_t) X(MK_U16, uint16_t)                                                           \
    X(MK_I32, int32_t) X(MK_U32, uint32_t) X(MK_I64, int64_t)                                                          \
    X(MK_U64, uint64_t) X(MK_BOOL, bool_byte)
#define TARGETS(X, from, source)                                                                                       \
    X(MK_F32, float, from, source) X(MK_F64, double, from, source) X(MK_I8, int8_t, from, source)                      \
    X(MK_U8, uint8_t, from, source) X(MK_I16, int16_t, from, source) X(MK_U16, uint16_t, from, source)                 \
    X(MK_I32, int32_t, from, source) X(MK_U32, uint32_t, from, source) X(MK_I64, int64_t, from, source)                \
    X(MK_U64, uint64_t, from, source) X(MK_BOOL, bool_byte, from, source)

typedef uint8_t bool_byte;

/* Towards zero, saturating: `low` and `high` are the bounds as doubles; the upper one is exclusive, as it is exact. */
#define TRUNCATE(name, type, low, high, max)                                                                           \
    static inline type name(double x) { return x != x ? 0 : x <= low ? (type)low : x >= high ? max : (type)x; }
TRUNCATE(to_int8_t, int8_t, -128.0, 128.0, INT8_MAX)
TRUNCATE(to_uint8_t, uint8_t, 0.0, 256.0, UINT8_MAX)
TRUNCATE(to_int16_t, int16_t, -32768.0, 32768.0, INT16_MAX)
TRUNCATE(to_uint16_t, uint16_t, 0.0, 65536.0, UINT16_MAX)
TRUNCATE(to_int32_t, int32_t, -2147483648.0, 2147483648.0, INT32_MAX)
TRUNCATE(to_uint32_t, uint32_t, 0.0, 4294967296.0, UINT32_MAX)
TRUNCATE(to_int64_t, int64_t, -9223372036854775808.0, 9223372036854775808.0, INT64_MAX)
TRUNCATE(to_uint64_t, uint64_t, 0.0, 18446744073709551616.0, UINT64_MAX)
#define to_float(x) ((float)(x))
#define to_double(x) ((double)(x))
#define to_bool_byte(x) ((x) != 0)

/* A source type and the way its values reach each target: floats by the functions above, integers by a cast. */
#define CAST(from, to, x) _Generic((from)0, float: to_##to(x), double: to_##to(x), default: (to)(x))

#define LOOP(enumerator, to, from, source)                                                                             \
    case enumerator:                                                                                                   \
        for (size_t i = 0; i < n; i++) {                                                                               \
            from a;                                                                                                    \
            memcpy(&a, p + i * sizeof a, sizeof a);                                                                    \
            if (source == MK_BOOL) a = a != 0;                                                                         \
            const to b = enumerator == MK_BOOL ? (to)(a != 0) : (to)CAST(from, to, a);                                 \
            memcpy(q + i * sizeof b, &b, sizeof b);                                                                    \
        }                                                                                                              \
        return 1;
#define FROM(source, from)                                                                                             \
    static int32_t convert_##from(int32_t to, const uint8_t *p, uint8_t *q, size_t n) {                                \
        switch (to) {                                                                                                  \
            TARGETS(LOOP, from, source)                                                                                \
        default: return 0;                                                                                             \
        }                                                                                                              \
    }
TYPES(FROM)

size_t mk_type_size(int32_t type) {
    switch (type) {
#define SIZE(enumerator, type) case enumerator: return sizeof(type);
        TYPES(SIZE)
    case MK_F16:
    case MK_BF16: return 2;
    default: return type >= MK_F8E4M3FN && type < MK_OPAQUE;
    }
}

static int32_t convert_plain(int32_t from, int32_t to, const uint8_t *p, uint8_t *q, size_t n) {
    switch (from) {
#define DISPATCH(enumerator, type) case enumerator: return convert_##type(to, p, q, n);
        TYPES(DISPATCH)
    default: return 0;
    }
}

static int is_half(int32_t type) { return type == MK_F16 || type == MK_BF16; }

/* To fp32 with the last bit sticky (round to odd): a further rounding, to any narrower float, is then the only one. */
static float odd_f32(double x) {
    float f = (float)x;
    if ((double)f == x || x != x) return f;
    uint32_t u = bits_of_f32(f);
    if (u & 1) return f;
    const int above = (double)f > x ? 1 : 0, negative = (int)(u >> 31);
    return f32_of_bits(above != negative ? u - 1 : u + 1);
}

/* More bits than a double holds: those that it drops become one sticky bit. */
static void jam(int32_t type, int64_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const int is_wide = type == MK_U64 ? (uint64_t)x[i] >> 53 != 0 : x[i] >> 53 != 0 && x[i] >> 53 != -1;
        if (is_wide && (x[i] & 0x7ff)) x[i] = (int64_t)(((uint64_t)x[i] & ~(uint64_t)0x7ff) | 0x800);
    }
}

void mk_to_odd_f32(int32_t from, const uint8_t *p, float *y, size_t n) {
    enum { BLOCK = 256 };
    if (is_half(from)) {
        mk_kernels()->half_to_f32(from, p, y, n);
        return;
    }
    if (from == MK_F32) {
        if (n) memcpy(y, p, n * sizeof(float));
        return;
    }
    const size_t size = mk_type_size(from);
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        const uint8_t *source = p + i * size;
        int64_t whole[BLOCK];
        double wide[BLOCK];
        if (from == MK_I64 || from == MK_U64) {
            memcpy(whole, source, m * sizeof *whole);
            jam(from, whole, m);
            source = (const uint8_t *)whole;
        }
        convert_plain(from, MK_F64, source, (uint8_t *)wide, m);
        for (size_t j = 0; j < m; j++) y[i + j] = odd_f32(wide[j]);
    }
}

int32_t mk_convert_wide(int32_t from, int32_t to, const uint8_t *p, uint8_t *q, size_t n) {
    enum { BLOCK = 256 };
    if (!is_half(from) && !is_half(to)) return convert_plain(from, to, p, q, n);
    const kernel_table *table = mk_kernels();
    if (to == MK_F32 && ((uintptr_t)q & 3) == 0) {
        table->half_to_f32(from, p, (float *)q, n);
        return 1;
    }
    if (from == MK_F32 && ((uintptr_t)p & 3) == 0) {
        table->f32_to_half(to, (const float *)p, q, n);
        return 1;
    }
    const size_t in = mk_type_size(from), out = mk_type_size(to);
    float block[BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        mk_to_odd_f32(from, p + i * in, block, m);
        if (is_half(to)) table->f32_to_half(to, block, q + i * out, m);
        else if (to == MK_F32) memcpy(q + i * out, block, m * sizeof(float));
        else convert_plain(MK_F32, to, (const uint8_t *)block, q + i * out, m);
    }
    return 1;
}
