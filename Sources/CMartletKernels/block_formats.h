/* Rows of quantized weights to fp32, one function for each format of MK_PLAIN and MK_BLOCKS. A block is a run of `elements` weights that
 * share scales; layouts are those of ggml's `block_…` structs, little-endian. Loops have constant bounds, so that the compiler
 * turns them into vectors; what is read may lie at any address. */

INLINE float load_f16(const uint8_t *p) {
    uint16_t h;
    memcpy(&h, p, 2);
#if MK_LEVEL > 0
    return _cvtsh_ss(h);
#else
    return f16_to_f32(h);
#endif
}

/* y[i] = d · (q - zero) + m for 32 nibbles, the low halves of 16 bytes first */
INLINE void decode_nibbles(const uint8_t *q, float d, float m, int32_t zero, float *y) {
    for (int i = 0; i < 16; i++) y[i] = d * (float)((q[i] & 15) - zero) + m;
    for (int i = 0; i < 16; i++) y[i + 16] = d * (float)((q[i] >> 4) - zero) + m;
}

INLINE void decode_q4_0(const uint8_t *p, float *y) { decode_nibbles(p + 2, load_f16(p), 0.0f, 8, y); }
INLINE void decode_q4_1(const uint8_t *p, float *y) { decode_nibbles(p + 4, load_f16(p), load_f16(p + 2), 0, y); }

/* Nibbles with a fifth bit each in a word of 32 bits. */
INLINE void decode_five(const uint8_t *high, const uint8_t *q, float d, float m, int32_t zero, float *y) {
    uint32_t h;
    memcpy(&h, high, 4);
    for (int i = 0; i < 16; i++) y[i] = d * (float)((int32_t)((q[i] & 15) | ((h >> i) & 1) << 4) - zero) + m;
    for (int i = 0; i < 16; i++) y[i + 16] = d * (float)((int32_t)((q[i] >> 4) | ((h >> (i + 16)) & 1) << 4) - zero) + m;
}

INLINE void decode_q5_0(const uint8_t *p, float *y) { decode_five(p + 2, p + 6, load_f16(p), 0.0f, 16, y); }
INLINE void decode_q5_1(const uint8_t *p, float *y) { decode_five(p + 4, p + 8, load_f16(p), load_f16(p + 2), 0, y); }

INLINE void decode_q8_0(const uint8_t *p, float *y) {
    const float d = load_f16(p);
    const int8_t *q = (const int8_t *)p + 2;
    for (int i = 0; i < 32; i++) y[i] = d * (float)q[i];
}

/* 16 groups of 16: scale and minimum of 4 bits each in a byte, then 2-bit weights. */
INLINE void decode_q2_k(const uint8_t *p, float *y) {
    const float d = load_f16(p + 80), least = load_f16(p + 82);
    for (int group = 0; group < 16; group++) {
        const uint8_t *q = p + 16 + group / 8 * 32 + group % 2 * 16;
        const int shift = group / 2 % 4 * 2;
        const float scale = d * (float)(p[group] & 15), m = least * (float)(p[group] >> 4);
        for (int i = 0; i < 16; i++) y[group * 16 + i] = scale * (float)((q[i] >> shift) & 3) - m;
    }
}

/* 16 groups of 16 with scales of 6 bits: low nibbles in 8 bytes, high pairs of bits in 4. Third bits of the weights come first. */
INLINE void decode_q3_k(const uint8_t *p, float *y) {
    const uint8_t *high = p, *low = p + 32, *scales = p + 96;
    const float d = load_f16(p + 108);
    for (int group = 0; group < 16; group++) {
        const int nibble = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4;
        const float scale = d * (float)((nibble | ((scales[8 + group % 4] >> group / 4 * 2) & 3) << 4) - 32);
        const uint8_t *q = low + group / 8 * 32 + group % 2 * 16, *h = high + group % 2 * 16;
        const int shift = group / 2 % 4 * 2, bit = group / 2;
        for (int i = 0; i < 16; i++)
            y[group * 16 + i] = scale * (float)(((q[i] >> shift) & 3) + ((h[i] >> bit) & 1) * 4 - 4);
    }
}

/* Scale and minimum of group 0 … 7, 6 bits each in 12 bytes. */
INLINE void six_bit_pair(const uint8_t *s, int group, float *scale, float *minimum) {
    if (group < 4) {
        *scale = (float)(s[group] & 63);
        *minimum = (float)(s[group + 4] & 63);
    } else {
        *scale = (float)((s[group + 4] & 15) | s[group - 4] >> 6 << 4);
        *minimum = (float)(s[group + 4] >> 4 | s[group] >> 6 << 4);
    }
}

INLINE void decode_q4_k(const uint8_t *p, float *y) {
    const float d = load_f16(p), least = load_f16(p + 2);
    for (int pair = 0; pair < 4; pair++) {
        const uint8_t *q = p + 16 + pair * 32;
        float s0, m0, s1, m1;
        six_bit_pair(p + 4, 2 * pair, &s0, &m0);
        six_bit_pair(p + 4, 2 * pair + 1, &s1, &m1);
        s0 *= d, m0 *= least, s1 *= d, m1 *= least;
        for (int i = 0; i < 32; i++) y[pair * 64 + i] = s0 * (float)(q[i] & 15) - m0;
        for (int i = 0; i < 32; i++) y[pair * 64 + 32 + i] = s1 * (float)(q[i] >> 4) - m1;
    }
}

INLINE void decode_q5_k(const uint8_t *p, float *y) {
    const float d = load_f16(p), least = load_f16(p + 2);
    const uint8_t *high = p + 16;
    for (int pair = 0; pair < 4; pair++) {
        const uint8_t *q = p + 48 + pair * 32;
        float s0, m0, s1, m1;
        six_bit_pair(p + 4, 2 * pair, &s0, &m0);
        six_bit_pair(p + 4, 2 * pair + 1, &s1, &m1);
        s0 *= d, m0 *= least, s1 *= d, m1 *= least;
        for (int i = 0; i < 32; i++)
            y[pair * 64 + i] = s0 * (float)((q[i] & 15) | ((high[i] >> 2 * pair) & 1) << 4) - m0;
        for (int i = 0; i < 32; i++)
            y[pair * 64 + 32 + i] = s1 * (float)((q[i] >> 4) | ((high[i] >> (2 * pair + 1)) & 1) << 4) - m1;
    }
}

/* 16 groups of 16, signed 8-bit scales; low nibbles, then high pairs of bits. */
INLINE void decode_q6_k(const uint8_t *p, float *y) {
    const int8_t *scales = (const int8_t *)p + 192;
    const float d = load_f16(p + 208);
    for (int group = 0; group < 16; group++) {
        const int half = group / 8, place = group % 8, lane = place % 2 * 16;
        const uint8_t *q = p + half * 64 + place / 2 % 2 * 32 + lane, *h = p + 128 + half * 32 + lane;
        const int low = place / 4 * 4, high = place / 2 * 2;
        const float scale = d * (float)scales[group];
        for (int i = 0; i < 16; i++)
            y[group * 16 + i] = scale * (float)((((q[i] >> low) & 15) | ((h[i] >> high) & 3) << 4) - 32);
    }
}

INLINE void decode_q8_k(const uint8_t *p, float *y) {
    float d;
    memcpy(&d, p, 4);
    const int8_t *q = (const int8_t *)p + 4;
    for (int i = 0; i < 256; i++) y[i] = d * (float)q[i];
}

/* The values that 4 bits stand for in iq4_nl and iq4_xs. */
static const float uneven[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

INLINE void decode_uneven(const uint8_t *q, float d, float *y) {
    for (int i = 0; i < 16; i++) y[i] = d * uneven[q[i] & 15];
    for (int i = 0; i < 16; i++) y[i + 16] = d * uneven[q[i] >> 4];
}

INLINE void decode_iq4_nl(const uint8_t *p, float *y) { decode_uneven(p + 2, load_f16(p), y); }

/* 8 groups of 32 with scales of 6 bits: high pairs of bits in a word, low nibbles in 4 bytes. */
INLINE void decode_iq4_xs(const uint8_t *p, float *y) {
    const float d = load_f16(p);
    for (int group = 0; group < 8; group++) {
        const int low = p[4 + group / 2] >> group % 2 * 4 & 15, high = (p[2] | p[3] << 8) >> 2 * group & 3;
        decode_uneven(p + 8 + group * 16, d * (float)((low | high << 4) - 32), y + group * 32);
    }
}

/* Whole rows: `elements` weights in each `bytes`, n a multiple of the first. */
#define MK_X(name, elements, bytes)                                                                                    \
    static void decode_row_##name(const uint8_t *p, float *y, size_t n) {                                              \
        for (size_t k = 0; k < n; k += elements, p += bytes) decode_##name(p, y + k);                                  \
    }
MK_BLOCKS(MK_X)
#undef MK_X
static void decode_row_f32(const uint8_t *p, float *y, size_t n) { memcpy(y, p, n * sizeof(float)); }
static void decode_row_f16(const uint8_t *p, float *y, size_t n) { half_to_f32(MK_F16, p, y, n); }
static void decode_row_bf16(const uint8_t *p, float *y, size_t n) { half_to_f32(MK_BF16, p, y, n); }

static const struct {
    size_t elements, bytes;
    void (*decode)(const uint8_t *, float *, size_t);
} block_kinds[] = {
#define MK_X(name, elements, bytes) {elements, bytes, decode_row_##name},
    MK_PLAIN(MK_X) MK_BLOCKS(MK_X)
#undef MK_X
};

/* Integers of 2, 4 or 8 bits, low bits first, and one scale for each `group` of a row. */
INLINE void decode_packed(const mk_block_matrix *b, size_t row, float *y) {
    const size_t groups = (b->columns + b->group - 1) / b->group, bytes = b->group * b->bits / 8;
    const uint8_t *q = b->data + row * groups * bytes;
    const size_t zero_bytes = (groups * b->bits + 7) / 8;
    const uint32_t mask = (1u << b->bits) - 1;
    for (size_t g = 0; g < groups; g++, q += bytes) {
        const float scale = b->scales[row * groups + g];
        float zero = (float)(1u << (b->bits - 1));
        if (b->float_zeros) zero = b->float_zeros[row * groups + g];
        else if (b->zeros) {
            const size_t bit = g * b->bits;
            zero = (float)(b->zeros[row * zero_bytes + bit / 8] >> bit % 8 & mask);
        }
        const size_t n = b->columns - g * b->group < b->group ? b->columns - g * b->group : b->group;
        float *to = y + g * b->group;
        size_t i = 0;
        if (b->bits == 4)
            for (; i + 16 <= n; i += 16)
                for (size_t j = 0; j < 8; j++) {
                    to[i + 2 * j] = ((float)(q[i / 2 + j] & 15) - zero) * scale;
                    to[i + 2 * j + 1] = ((float)(q[i / 2 + j] >> 4) - zero) * scale;
                }
        else if (b->bits == 8)
            for (; i < n; i++) to[i] = ((float)q[i] - zero) * scale;
        for (; i < n; i++) to[i] = ((float)(q[i * b->bits / 8] >> i * b->bits % 8 & mask) - zero) * scale;
    }
}

/* One row of weights, `columns` floats. */
static void block_row(const mk_block_matrix *b, size_t row, float *y) {
    if (b->format == MK_BLOCK_packed) {
        decode_packed(b, row, y);
        return;
    }
    const size_t bytes = b->columns / block_kinds[b->format].elements * block_kinds[b->format].bytes;
    block_kinds[b->format].decode(b->data + row * bytes, y, b->columns);
}
