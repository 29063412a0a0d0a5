/* The structure of separated text, 64 bytes at a time: a word of bits for each kind of byte, bit i for byte i. */

#if MK_LEVEL == 2
typedef __m512i text_block;
INLINE text_block text_load(const uint8_t *p) { return _mm512_loadu_si512(p); }
INLINE uint64_t text_equal(text_block a, uint8_t byte) {
    return _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8((char)byte));
}
INLINE uint64_t text_high(text_block a) { return _mm512_movepi8_mask(a); }
#elif MK_LEVEL == 1
typedef struct {
    __m256i low, high;
} text_block;
INLINE text_block text_load(const uint8_t *p) {
    return (text_block){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}
INLINE uint64_t text_pair(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}
INLINE uint64_t text_equal(text_block a, uint8_t byte) {
    const __m256i b = _mm256_set1_epi8((char)byte);
    return text_pair(_mm256_cmpeq_epi8(a.low, b), _mm256_cmpeq_epi8(a.high, b));
}
INLINE uint64_t text_high(text_block a) { return text_pair(a.low, a.high); }
#else
typedef struct {
    uint64_t words[8];
} text_block;
INLINE text_block text_load(const uint8_t *p) {
    text_block a;
    memcpy(&a, p, 64);
    return a;
}
/* The top bits of eight bytes, in order; the product moves bit 8i + 7 to bit 56 + i. */
INLINE uint64_t text_tops(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return ((word >> 7 & 0x0101010101010101u) * 0x0102040810204080u) >> 56;
}
INLINE uint64_t text_equal(text_block a, uint8_t byte) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        const uint64_t x = a.words[i] ^ 0x0101010101010101u * byte, low = 0x7f7f7f7f7f7f7f7fu;
        bits |= text_tops(~(((x & low) + low) | x)) << 8 * i;
    }
    return bits;
}
INLINE uint64_t text_high(text_block a) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits |= text_tops(a.words[i]) << 8 * i;
    return bits;
}
#endif

/* Bit i: the parity of the bits up to and with i. */
INLINE uint64_t text_parity(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

static size_t count_bytes(const uint8_t *text, size_t n, uint8_t byte) {
    size_t count = 0, at = 0;
    for (; at + 64 <= n; at += 64) count += (size_t)__builtin_popcountll(text_equal(text_load(text + at), byte));
    for (; at < n; at++) count += text[at] == byte;
    return count;
}

/* What one block leaves for the next. */
typedef struct {
    uint64_t inside;      /* all ones: the next byte is inside quotes */
    uint64_t after_end;   /* 1: the byte before ended a field, or closed quotes */
    uint64_t after_close; /* 1: the byte before closed quotes */
} text_state;

/* The bits of the bytes that end fields; `valid` has a bit for each byte of the text, `next_is_lf` is about the byte
 * behind the block. */
INLINE uint64_t text_ends(text_block block, uint64_t valid, int next_is_lf, uint8_t separator, int32_t quote,
                          text_state *state, mk_field_facts *facts) {
    const uint64_t lf = text_equal(block, '\n') & valid, cr = text_equal(block, '\r') & valid;
    const uint64_t line = lf | (cr & ~(lf >> 1 | (uint64_t)next_is_lf << 63));
    uint64_t ends = (text_equal(block, separator) & valid) | line;
    const uint64_t quotes = quote < 0 ? 0 : text_equal(block, (uint8_t)quote) & valid;
    if (text_equal(block, 0) & valid) facts->flags |= MK_TEXT_NUL;
    if (text_high(block) & valid) facts->flags |= MK_TEXT_HIGH;
    if (!(quotes | state->inside | state->after_close)) {
        facts->lines += (size_t)__builtin_popcountll(line);
        state->after_end = ends >> 63;
        return ends;
    }
    const uint64_t inside = text_parity(quotes) ^ state->inside;
    const uint64_t opening = quotes & inside, closing = quotes & ~inside;
    const uint64_t all = ends;
    ends &= ~inside;
    const uint64_t may_open = (ends | closing) << 1 | state->after_end;
    const uint64_t behind = (closing << 1 | state->after_close) & valid;
    if ((opening & ~may_open) | (behind & ~(all | cr | quotes))) facts->flags |= MK_TEXT_MISPLACED;
    facts->lines += (size_t)__builtin_popcountll(line & ~inside);
    facts->inner_lines += (size_t)__builtin_popcountll(line & inside);
    state->inside = (uint64_t)((int64_t)inside >> 63);
    state->after_end = (ends | closing) >> 63;
    state->after_close = closing >> 63;
    return ends;
}

static size_t scan_fields(const uint8_t *text, size_t n, uint8_t separator, int32_t quote, uint32_t *ends,
                          mk_field_facts *facts) {
    text_state state = {0, 1, 0};
    uint32_t *out = ends;
    *facts = (mk_field_facts){0, 0, 0};
    for (size_t at = 0; at < n; at += 64) {
        uint8_t tail[64];
        const size_t left = n - at;
        const uint8_t *from = text + at;
        if (left < 64) {
            memset(tail, 0, sizeof tail);
            memcpy(tail, from, left);
            from = tail;
        }
        const uint64_t valid = left < 64 ? ((uint64_t)1 << left) - 1 : ~(uint64_t)0;
        const int next_is_lf = left > 64 && text[at + 64] == '\n';
        uint64_t bits = text_ends(text_load(from), valid, next_is_lf, separator, quote, &state, facts);
        const int count = __builtin_popcountll(bits);
        /* Eight at a time without asking; what is written beyond the count is written over by the next block. */
        for (int done = 0; done < count; done += 8) {
            for (int i = 0; i < 8; i++) {
                out[done + i] = (uint32_t)at + (uint32_t)(bits ? __builtin_ctzll(bits) : 0);
                bits &= bits - 1;
            }
        }
        out += count;
    }
    if (state.inside) facts->flags |= MK_TEXT_OPEN;
    return (size_t)(out - ends);
}
