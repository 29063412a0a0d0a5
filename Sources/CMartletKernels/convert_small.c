/* Every element type to every other: those of 8 bits and less here, the rest in convert.c. */
#include "kernel_table.h"
#include "small_floats.h"

static int is_small_float(int32_t type) { return type >= MK_F8E4M3FN && type <= MK_F4E2M1; }

/* Bits of an integer of less than a byte; 0 for others. */
static int small_integer_bits(int32_t type) {
    return type == MK_I4 || type == MK_U4 ? 4 : type == MK_I2 || type == MK_U2 ? 2 : 0;
}
static int is_signed_small(int32_t type) { return type == MK_I4 || type == MK_I2; }

/* The low bits of integers, sign-extended where the type has a sign. */
static void keep_low_bits(int32_t type, const int64_t *x, uint8_t *y, size_t n) {
    const unsigned range = 1u << small_integer_bits(type), sign = is_signed_small(type) ? range / 2 : 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned low = (unsigned)x[i] & (range - 1);
        y[i] = (uint8_t)((low ^ sign) - sign);
    }
}

int32_t mk_convert(int32_t from, int32_t to, int32_t options, const void *x, void *y, size_t n) {
    enum { BLOCK = 256 };
    const size_t in = mk_type_size(from), out = mk_type_size(to);
    if (!in || !out) return 0;
    const uint8_t *p = x;
    uint8_t *q = y;
    if (from == to) {
        if (n) memmove(q, p, n * in);
        return 1;
    }
    if (small_integer_bits(from)) from = is_signed_small(from) ? MK_I8 : MK_U8;
    if (!is_small_float(from) && !is_small_float(to) && !small_integer_bits(to)) {
        if (from != to) return mk_convert_wide(from, to, p, q, n);
        if (n) memmove(q, p, n);
        return 1;
    }
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        const uint8_t *source = p + i * in;
        float floats[BLOCK];
        int32_t type = from;
        if (is_small_float(from)) {
            widen_small_floats(from, source, floats, m);
            source = (const uint8_t *)floats;
            type = MK_F32;
        } else if (is_small_float(to)) {
            mk_to_odd_f32(from, source, floats, m);
        }
        if (is_small_float(to)) {
            narrow_small_floats(to, options, floats, q + i, m);
        } else if (small_integer_bits(to)) {
            int64_t whole[BLOCK];
            if (type == MK_I64) memcpy(whole, source, m * sizeof *whole);
            else mk_convert_wide(type, MK_I64, source, (uint8_t *)whole, m);
            keep_low_bits(to, whole, q + i, m);
        } else if (type == to) {
            memcpy(q + i * out, source, m * out);
        } else {
            mk_convert_wide(type, to, source, q + i * out, m);
        }
    }
    return 1;
}
