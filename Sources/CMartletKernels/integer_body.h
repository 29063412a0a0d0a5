/* Product of 8-bit integers, exact in 32 bits. A is read as uint8 and B as int8; the other signs are the same bits with the
 * highest flipped, which the caller's zero points take back. */

#if defined(MK_VNNI)
#define INTEGER_ROWS 14
#elif MK_LEVEL > 0
#define INTEGER_ROWS 4
#else
#define INTEGER_ROWS 4
#endif

/* Bytes k…k+3 of a row of A, zero past K. */
INLINE uint32_t four_bytes(const uint8_t *a, size_t left) {
    uint32_t x = 0;
    memcpy(&x, a, left < 4 ? left : 4);
    return x;
}

/* Each tile: sums[i][n] = Σ A[i, k] B[k, n] over one panel. */
#if defined(MK_VNNI)
INLINE void integer_tile(const int m, size_t K, const uint8_t *A, size_t lda, uint32_t flip, const int8_t *B,
                         int32_t *sums) {
    __m512i sum[INTEGER_ROWS][2];
    const uint8_t *a[(INTEGER_ROWS + 2) / 3];
    const __m512i flips = _mm512_set1_epi32((int32_t)flip);
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3) a[i / 3] = A + (size_t)i * lda;
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) sum[i][0] = sum[i][1] = _mm512_setzero_si512();
    size_t k = 0;
    for (; k + 4 <= K; k += 4, B += 128) {
        const __m512i b0 = _mm512_loadu_si512(B), b1 = _mm512_loadu_si512(B + 64);
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3) __asm__ volatile("" : "+r"(a[i / 3]));
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {
            __m512i x;
            const uint8_t *row = a[i / 3] + (size_t)(i % 3) * lda;
            __asm__ volatile("vpbroadcastd %1, %0" : "=v"(x) : "m"(*(const uint32_t *)(const void *)row));
            x = _mm512_xor_si512(x, flips);
            __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(sum[i][0]) : "v"(x), "v"(b0));
            __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(sum[i][1]) : "v"(x), "v"(b1));
        }
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3) a[i / 3] += 4;
    }
    if (k < K) {
        const __m512i b0 = _mm512_loadu_si512(B), b1 = _mm512_loadu_si512(B + 64);
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {
            const uint32_t bytes = four_bytes(a[i / 3] + (size_t)(i % 3) * lda, K - k) ^ flip;
            const __m512i x = _mm512_set1_epi32((int32_t)bytes);
            sum[i][0] = _mm512_dpbusd_epi32(sum[i][0], x, b0);
            sum[i][1] = _mm512_dpbusd_epi32(sum[i][1], x, b1);
        }
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {
        _mm512_storeu_si512(sums + i * MK_PANEL, sum[i][0]);
        _mm512_storeu_si512(sums + i * MK_PANEL + 16, sum[i][1]);
    }
}
#elif MK_LEVEL > 0
/* Bytes are widened to 16 bits first: a sum of two products of bytes does not fit there. A register holds, for each of four
 * columns, the sum of the even and that of the odd pairs. */
INLINE void integer_columns(const int m, size_t K, const uint8_t *A, size_t lda, uint32_t flip, const int8_t *B,
                            int32_t *sums) {
    __m256i sum[2][4];
    for (int i = 0; i < m; i++)
        for (int j = 0; j < 4; j++) sum[i][j] = _mm256_setzero_si256();
    for (size_t k = 0; k < K; k += 4, B += 128) {
        __m256i a[2];
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {
            uint32_t bytes;
            if (K - k < 4) bytes = four_bytes(A + (size_t)i * lda + k, K - k);
            else memcpy(&bytes, A + (size_t)i * lda + k, 4);
            a[i] = _mm256_cvtepu8_epi16(_mm_set1_epi32((int32_t)(bytes ^ flip)));
        }
        _Pragma("clang loop unroll(full)") for (int j = 0; j < 4; j++) {
            const __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(B + 16 * j)));
            _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++)
                sum[i][j] = _mm256_add_epi32(sum[i][j], _mm256_madd_epi16(a[i], b));
        }
    }
    for (int i = 0; i < m; i++)
        for (int j = 0; j < 4; j += 2) {
            const __m256i pairs = _mm256_hadd_epi32(sum[i][j], sum[i][j + 1]);
            _mm256_storeu_si256((__m256i *)(void *)(sums + i * MK_PANEL + 4 * j),
                                _mm256_permute4x64_epi64(pairs, 0xd8));
        }
}
INLINE void integer_tile(const int m, size_t K, const uint8_t *A, size_t lda, uint32_t flip, const int8_t *B,
                         int32_t *sums) {
    for (int i = 0; i < m; i += 2)
        for (int half = 0; half < 2; half++) {
            const uint8_t *a = A + (size_t)i * lda;
            int32_t *to = sums + i * MK_PANEL + 16 * half;
            if (i + 1 < m) integer_columns(2, K, a, lda, flip, B + 64 * half, to);
            else integer_columns(1, K, a, lda, flip, B + 64 * half, to);
        }
}
#else
INLINE void integer_tile(const int m, size_t K, const uint8_t *A, size_t lda, uint32_t flip, const int8_t *B,
                         int32_t *sums) {
    for (int i = 0; i < m; i++) {
        int32_t *sum = sums + i * MK_PANEL;
        memset(sum, 0, MK_PANEL * sizeof *sum);
        for (size_t k = 0; k < K; k += 4) {
            const uint32_t bytes = four_bytes(A + (size_t)i * lda + k, K - k) ^ flip;
            const int8_t *b = B + k * MK_PANEL;
            for (int n = 0; n < MK_PANEL; n++) {
                int32_t dot = 0;
                for (int d = 0; d < 4; d++) dot += (int32_t)(bytes >> 8 * d & 255) * b[4 * n + d];
                sum[n] = (int32_t)((uint32_t)sum[n] + (uint32_t)dot);
            }
        }
    }
}
#endif

typedef void (*integer_tile_function)(size_t, const uint8_t *, size_t, uint32_t, const int8_t *, int32_t *);
#define INTEGER_TILE(m)                                                                                                \
    static void integer_tile_##m(size_t K, const uint8_t *A, size_t lda, uint32_t flip, const int8_t *B,               \
                                 int32_t *sums) {                                                                      \
        integer_tile(m, K, A, lda, flip, B, sums);                                                                     \
    }
#define INTEGER_TILE_NAME(m) integer_tile_##m,
#if defined(MK_VNNI)
#define EACH_INTEGER_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#else
#define EACH_INTEGER_HEIGHT(X) X(1) X(2) X(3) X(4)
#endif
EACH_INTEGER_HEIGHT(INTEGER_TILE)
static const integer_tile_function integer_tiles[INTEGER_ROWS] = {EACH_INTEGER_HEIGHT(INTEGER_TILE_NAME)};

/* What is read does not overlap with what is written: the vector loops need not look. */
#define EACH_COLUMN _Pragma("clang loop vectorize(assume_safety)")

/* Zero points, bias, scale and type of `n` sums of one row. Sums wrap as int32 does. */
INLINE void finish_integers(const mk_integer_gemm *g, size_t row, size_t column, size_t n, int32_t *sums) {
    const uint32_t za = g->a_zero ? (uint32_t)g->a_zero[row * g->a_zero_step] : 0;
    uint32_t *x = (uint32_t *)(void *)sums;
    if (za) {
        const int32_t *b = g->column_sums + column;
        EACH_COLUMN for (size_t j = 0; j < n; j++) x[j] -= za * (uint32_t)b[j];
    }
    if (g->b_zero) {
        const uint32_t rest = (uint32_t)g->row_sums[row] - (uint32_t)g->K * za;
        EACH_COLUMN for (size_t j = 0; j < n; j++) x[j] -= (uint32_t)g->b_zero[column + j] * rest;
    }
    if (g->bias)
        EACH_COLUMN for (size_t j = 0; j < n; j++) x[j] += (uint32_t)g->bias[column + j];
    const size_t place = row * g->ldc + column;
    if (g->type == MK_I32) {
        memcpy((int32_t *)g->c + place, sums, n * sizeof *sums);
        return;
    }
    const float *scale = g->scale + column;
    if (g->type == MK_F32) {
        float *y = (float *)g->c + place;
        if (g->float_bias)
            EACH_COLUMN for (size_t j = 0; j < n; j++) y[j] = (float)sums[j] * scale[j] + g->float_bias[column + j];
        else
            EACH_COLUMN for (size_t j = 0; j < n; j++) y[j] = (float)sums[j] * scale[j];
        return;
    }
    const float zero = (float)g->c_zero;
    const float low = (g->type == MK_U8 ? 0.0f : -128.0f) - zero, high = (g->type == MK_U8 ? 255.0f : 127.0f) - zero;
    uint8_t *y = (uint8_t *)g->c + place;
    EACH_COLUMN for (size_t j = 0; j < n; j++) {
        float f = (float)sums[j] * scale[j];
        f = f > low ? f : low; /* NaN too */
        f = f < high ? f : high;
        /* at 2^23 · 1.5 the unit is 1, and the addition rounds to even */
        f = (f + 12582912.0f) - 12582912.0f;
        y[j] = (uint8_t)((int32_t)f + g->c_zero);
    }
}

__attribute__((unused)) static void integer_product(const mk_integer_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1) {
    const size_t first = n0 / MK_PANEL, last = (n1 + MK_PANEL - 1) / MK_PANEL, bytes = (g->K + 3) / 4 * 4 * MK_PANEL;
    if (m0 >= m1 || n0 >= n1) return;
    size_t chunk = 512 * 1024 / (bytes ? bytes : 1);
    if (!chunk) chunk = 1;
    const size_t blocks = (m1 - m0 + INTEGER_ROWS - 1) / INTEGER_ROWS;
    const uint32_t flip = g->a_is_signed ? 0x80808080u : 0;
    int32_t sums[INTEGER_ROWS * MK_PANEL] __attribute__((aligned(64)));
    for (size_t p0 = first; p0 < last; p0 += chunk) {
        const size_t p1 = p0 + chunk < last ? p0 + chunk : last;
        size_t row = m0;
        for (size_t block = 0; block < blocks; block++) {
            const size_t height = (m1 - row) / (blocks - block);
            for (size_t p = p0; p < p1; p++) {
                const size_t column = p * MK_PANEL, n = n1 - column < MK_PANEL ? n1 - column : MK_PANEL;
                integer_tiles[height - 1](g->K, g->a + row * g->lda, g->lda, flip, g->packed + p * bytes, sums);
                for (size_t i = 0; i < height; i++) {
                    /* loops over whole panels have no rest */
                    if (n == MK_PANEL) finish_integers(g, row + i, column, MK_PANEL, sums + i * MK_PANEL);
                    else finish_integers(g, row + i, column, n, sums + i * MK_PANEL);
                }
            }
            row += height;
        }
    }
}

#if !defined(MK_VNNI)
/* saturate(round(x⁄scale) + zero) */
static void quantize_f32(const float *x, uint8_t *y, size_t n, int32_t type, float scale, int32_t zero) {
    const float low = (type == MK_U8 ? 0.0f : -128.0f) - (float)zero, high = (type == MK_U8 ? 255.0f : 127.0f) - (float)zero;
    for (size_t i = 0; i < n; i++) {
        float f = x[i] / scale;
        f = f > low ? f : low;
        f = f < high ? f : high;
        f = (f + 12582912.0f) - 12582912.0f;
        y[i] = (uint8_t)((int32_t)f + zero);
    }
}

/* (x - zero) · scale */
static void dequantize_f32(const void *x, int32_t type, float *y, size_t n, float scale, int32_t zero) {
    if (type == MK_U8)
        for (size_t i = 0; i < n; i++) y[i] = (float)((int32_t)((const uint8_t *)x)[i] - zero) * scale;
    else if (type == MK_I8)
        for (size_t i = 0; i < n; i++) y[i] = (float)((int32_t)((const int8_t *)x)[i] - zero) * scale;
    else
        for (size_t i = 0; i < n; i++)
            y[i] = (float)(int32_t)((uint32_t)((const int32_t *)x)[i] - (uint32_t)zero) * scale;
}
#endif
