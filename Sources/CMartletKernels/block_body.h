/* Products with weights that stay as they are stored: a few rows of weights are decoded into a buffer that stays in cache, and
 * meet all rows of the left side by inner products.
 *
 * Every element is summed in W lanes, lane l over k = l, l + W, …, and the lanes in one order at the end: the same sum whatever
 * the number of rows and wherever the element stands in a tile, so that one row alone gives what it gives among others. */
#include "block_formats.h"

#define DOT_ROWS 4
#if MK_LEVEL == 2
#define DOT_COLUMNS 6
#else
#define DOT_COLUMNS 3
#endif

/* Bytes of decoded weights that stay in L2 while all rows meet them. */
#define DECODED_BYTES (384 * 1024)

#if MK_LEVEL > 0
#define LOAD(x, address) __asm__ volatile("vmovups %1, %0" : "=v"(x) : "m"(*(const vf_unaligned *)(address)))
#else
#define LOAD(x, address) (x) = v_load(address)
#endif

#if MK_LEVEL == 2
/* The sums of four vectors' lanes. */
INLINE __m128 sum_each(vf a, vf b, vf c, vf d) {
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const __m512 lo = (__m512)_mm512_unpacklo_pd((__m512d)ab, (__m512d)cd);
    const __m512 hi = (__m512)_mm512_unpackhi_pd((__m512d)ab, (__m512d)cd);
    const __m512 all = _mm512_add_ps(lo, hi);
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
    return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}
#define STORE_SUMS(to, a, b, c, d) _mm_storeu_ps(to, sum_each(a, b, c, d))
#else
#define STORE_SUMS(to, a, b, c, d)                                                                                     \
    do {                                                                                                               \
        (to)[0] = v_sum(a), (to)[1] = v_sum(b), (to)[2] = v_sum(c), (to)[3] = v_sum(d);                                \
    } while (0)
#endif

/* out[j*DOT_ROWS + i] = Σ A[i][k] B[j][k] */
INLINE void dot_tile(const int rows, const int columns, size_t K, const float *A, size_t lda, const float *B, size_t ldb,
                     float *out) {
    vf sum[DOT_ROWS][DOT_COLUMNS];
    UNROLL for (int i = 0; i < DOT_ROWS; i++) UNROLL for (int j = 0; j < columns; j++) sum[i][j] = v_set(0.0f);
    size_t k = 0;
    for (; k + W <= K; k += W) {
        vf b[DOT_COLUMNS];
        UNROLL for (int j = 0; j < columns; j++) LOAD(b[j], B + (size_t)j * ldb + k);
        UNROLL for (int i = 0; i < rows; i++) {
            vf a;
            LOAD(a, A + (size_t)i * lda + k);
            UNROLL for (int j = 0; j < columns; j++) MULTIPLY_ADD(sum[i][j], a, b[j]);
        }
    }
    if (k < K)
        UNROLL for (int i = 0; i < rows; i++) {
            const vf a = v_loadn(A + (size_t)i * lda + k, K - k);
            UNROLL for (int j = 0; j < columns; j++)
                sum[i][j] = v_fma(a, v_loadn(B + (size_t)j * ldb + k, K - k), sum[i][j]);
        }
    UNROLL for (int j = 0; j < columns; j++)
        STORE_SUMS(out + j * DOT_ROWS, sum[0][j], sum[1][j], sum[2][j], sum[3][j]);
}

typedef void (*dot_function)(size_t K, const float *A, size_t lda, const float *B, size_t ldb, float *out);
#define DOT(rows, columns)                                                                                             \
    static void dot_##rows##x##columns(size_t K, const float *A, size_t lda, const float *B, size_t ldb, float *out) { \
        dot_tile(rows, columns, K, A, lda, B, ldb, out);                                                               \
    }
#define EACH_DOT(X, columns) X(1, columns) X(2, columns) X(3, columns) X(4, columns)
EACH_DOT(DOT, 1)
EACH_DOT(DOT, 2)
EACH_DOT(DOT, 3)
#if MK_LEVEL == 2
EACH_DOT(DOT, 4)
EACH_DOT(DOT, 5)
EACH_DOT(DOT, 6)
#endif
#define DOT_NAME(rows, columns) dot_##rows##x##columns,
/* [columns - 1][rows - 1] */
static const dot_function dots[DOT_COLUMNS][DOT_ROWS] = {
    {EACH_DOT(DOT_NAME, 1)}, {EACH_DOT(DOT_NAME, 2)}, {EACH_DOT(DOT_NAME, 3)},
#if MK_LEVEL == 2
    {EACH_DOT(DOT_NAME, 4)}, {EACH_DOT(DOT_NAME, 5)}, {EACH_DOT(DOT_NAME, 6)},
#endif
};

/* Distance of decoded rows: whole cache lines, and not a power of two, which would crowd one set of the cache. */
INLINE size_t decoded_stride(size_t K) { return (K + 15) / 16 * 16 + 16; }

/* Rows of weights that are decoded at a time. */
INLINE size_t decoded_rows(size_t K, size_t rows) {
    const size_t tiles = DECODED_BYTES / sizeof(float) / decoded_stride(K) / DOT_COLUMNS;
    return DOT_COLUMNS * (rows <= DOT_ROWS || !tiles ? 1 : tiles < 16 ? tiles : 16);
}

static size_t block_scratch(size_t K, size_t rows) {
    const size_t columns = decoded_rows(K, rows);
    return columns * decoded_stride(K) + DOT_ROWS * columns + 16;
}

/* activation(sums + bias) + residual for `m` rows and `n` columns; sums[column*DOT_ROWS + row]. */
static void finish_sums(const mk_block_gemm *g, const float *sums, size_t row, size_t column, size_t m, size_t n) {
    for (size_t i = 0; i < m; i++) {
        float *c = g->c + (row + i) * g->ldc + column;
        const float *residual = g->residual ? g->residual + (row + i) * g->ldr + column : NULL;
        for (size_t j = 0; j < n; j += W) {
            const size_t left = n - j < W ? n - j : W;
            vf x = v_set(0.0f);
            for (size_t l = 0; l < left; l++) x[l] = sums[(j + l) * DOT_ROWS + i];
            if (g->bias) x += v_loadn(g->bias + column + j, left);
            x = apply_activation(g->activation, x, v_set(0.0f), v_set(0.0f));
            if (residual) x += v_loadn(residual + j, left);
            v_storen(c + j, x, left);
        }
    }
}

static void block_product(const mk_block_gemm *g, float *scratch, size_t m0, size_t m1, size_t n0, size_t n1) {
    const size_t K = g->b.columns, stride = decoded_stride(K);
    if (m0 >= m1 || n0 >= n1) return;
    const size_t wide = decoded_rows(K, m1 - m0);
    float *decoded = scratch, *sums = scratch + wide * stride;
    for (size_t p = n0; p < n1; p += wide) {
        const size_t n = n1 - p < wide ? n1 - p : wide;
        for (size_t j = 0; j < n; j++) block_row(&g->b, p + j, decoded + j * stride);
        for (size_t row = m0; row < m1; row += DOT_ROWS) {
            const size_t m = m1 - row < DOT_ROWS ? m1 - row : DOT_ROWS;
            for (size_t j = 0; j < n; j += DOT_COLUMNS) {
                const size_t columns = n - j < DOT_COLUMNS ? n - j : DOT_COLUMNS;
                dots[columns - 1][m - 1](K, g->a + row * g->lda, g->lda, decoded + j * stride, stride,
                                         sums + j * DOT_ROWS);
            }
            finish_sums(g, sums, row, p, m, n);
        }
    }
}

/* Rows b[ids[r]], decoded. */
static void block_gather(const mk_block_matrix *b, const int32_t *ids, float *y, size_t ldy, size_t rows) {
    for (size_t r = 0; r < rows; r++) block_row(b, (size_t)ids[r], y + r * ldy);
}
