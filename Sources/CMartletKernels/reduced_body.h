/* Products with weights of lower precision: see mk_reduced_gemm.
 *
 * Rows of A are rounded once for each block of rows, into scratch that stays in L2: to bfloat16, or to bytes by a scale and a
 * zero point of each row. Tiles then have the form of the packed product; a panel is [⌈K/2⌉][MK_PANEL][2] or
 * [⌈K/4⌉][MK_PANEL][4], and rounded rows are padded by zeros to whole groups. */

#include "reduced.h"

#define REDUCED_ROWS INTEGER_ROWS

/* Rounds K floats to bfloat16, zeros up to `padded`. */
INLINE void round_row(const float *x, size_t K, size_t padded, uint16_t *y) {
    size_t k = 0;
#if defined(MK_BF16)
    for (; k + W <= K; k += W) _mm256_storeu_si256((__m256i *)(void *)(y + k), (__m256i)_mm512_cvtneps_pbh(v_load(x + k)));
    if (k < K) {
        _mm256_storeu_si256((__m256i *)(void *)(y + k), (__m256i)_mm512_cvtneps_pbh(v_loadn(x + k, K - k)));
        k = K;
    }
#endif
    for (; k < K; k++) y[k] = f32_to_bf16(x[k]);
    for (; k < padded; k++) y[k] = 0;
}

/* Rounds K floats to 0…255: x ≈ (y - zero) · scale, 0 being one of the levels. Zeros up to `padded`, which take no part as the
 * weights are zero there. Levels of a row with NaN or infinities mean nothing. */
INLINE row_levels quantize_row(const float *x, size_t K, size_t padded, uint8_t *y) {
    vf low = v_set(0.0f), high = low, other = low;
    size_t k = 0;
    for (; k + W <= K; k += W) {
        const vf v = v_load(x + k);
        low = v_min(low, v);
        high = v_max(high, v);
        other = v_fma(v, v_set(0.0f), other);
    }
    if (k < K) {
        const vf v = v_loadn(x + k, K - k);
        low = v_min(low, v);
        high = v_max(high, v);
        other = v_fma(v, v_set(0.0f), other);
    }
    const float least = v_min_lane(low), range = v_max_lane(high) - least;
    row_levels result = {.scale = range * (1.0f / 255.0f), .is_finite = v_sum(other) == 0.0f && range <= 3.4e38f};
    if (!result.is_finite) {
        memset(y, 0, padded);
        return result;
    }
    /* so that its reciprocal is finite */
    if (result.scale < 0x1p-126f) result.scale = 0x1p-126f;
    const float inverse = 1.0f / result.scale;
    const float zero = rintf(-least * inverse);
    result.zero = (int32_t)zero;
    k = 0;
#if MK_LEVEL == 2
    const __m512 factor = v_set(inverse), shift = v_set(zero);
    for (; k + W <= K; k += W) {
        const __m512i level = _mm512_cvtps_epi32(_mm512_fmadd_ps(v_load(x + k), factor, shift));
        _mm_storeu_si128((__m128i *)(void *)(y + k), _mm512_cvtusepi32_epi8(_mm512_max_epi32(level, _mm512_setzero_si512())));
    }
#endif
    for (; k < K; k++) {
        float f = fmaf(x[k], inverse, zero);
        f = f > 0.0f ? f : 0.0f;
        f = f < 255.0f ? f : 255.0f;
        y[k] = (uint8_t)(int32_t)((f + 12582912.0f) - 12582912.0f);
    }
    for (; k < padded; k++) y[k] = 0;
    return result;
}

/* sums[i][n] = Σ A[i, k] B[k, n] over one panel, the sums of even and of odd k in one accumulator. */
#if defined(MK_BF16)
INLINE void bf16_tile(const int m, size_t pairs, const uint16_t *A, size_t lda, const uint16_t *B, float *sums) {
    __m512 sum[REDUCED_ROWS][2];
    const uint16_t *a[(REDUCED_ROWS + 2) / 3];
    UNROLL for (int i = 0; i < m; i += 3) a[i / 3] = A + (size_t)i * lda;
    UNROLL for (int i = 0; i < m; i++) sum[i][0] = sum[i][1] = _mm512_setzero_ps();
    for (size_t k = 0; k < pairs; k++, B += 2 * MK_PANEL) {
        const __m512i b0 = _mm512_loadu_si512(B), b1 = _mm512_loadu_si512(B + MK_PANEL);
        UNROLL for (int i = 0; i < m; i += 3) HIDE(a[i / 3]);
        UNROLL for (int i = 0; i < m; i++) {
            __m512i x;
            const uint16_t *pair = a[i / 3] + (size_t)(i % 3) * lda;
            __asm__ volatile("vpbroadcastd %1, %0" : "=v"(x) : "m"(*(const uint32_t *)(const void *)pair));
            __asm__ volatile("vdpbf16ps %2, %1, %0" : "+v"(sum[i][0]) : "v"(x), "v"(b0));
            __asm__ volatile("vdpbf16ps %2, %1, %0" : "+v"(sum[i][1]) : "v"(x), "v"(b1));
        }
        UNROLL for (int i = 0; i < m; i += 3) a[i / 3] += 2;
    }
    UNROLL for (int i = 0; i < m; i++) {
        v_store(sums + i * MK_PANEL, sum[i][0]);
        v_store(sums + i * MK_PANEL + W, sum[i][1]);
    }
}
#else
INLINE void bf16_tile(const int m, size_t pairs, const uint16_t *A, size_t lda, const uint16_t *B, float *sums) {
    for (int i = 0; i < m; i++) {
        vf sum[MK_PANEL / W];
        for (int j = 0; j < MK_PANEL / W; j++) sum[j] = v_set(0.0f);
        for (size_t k = 0; k < pairs; k++) {
            const uint16_t *pair = A + (size_t)i * lda + 2 * k;
            const vf even = v_set(bf16_to_f32(pair[0])), odd = v_set(bf16_to_f32(pair[1]));
            for (int j = 0; j < MK_PANEL / W; j++) {
                const vi both = *(const vi_unaligned *)(const void *)(B + 2 * (k * MK_PANEL + (size_t)j * W));
                sum[j] = v_fma(odd, v_float_of_bits(both & (int32_t)0xffff0000), sum[j]);
                sum[j] = v_fma(even, v_float_of_bits(both << 16), sum[j]);
            }
        }
        for (int j = 0; j < MK_PANEL / W; j++) v_store(sums + i * MK_PANEL + (size_t)j * W, sum[j]);
    }
}
#endif

typedef void (*bf16_tile_function)(size_t, const uint16_t *, size_t, const uint16_t *, float *);
#define BF16_TILE(m)                                                                                                   \
    static void bf16_tile_##m(size_t pairs, const uint16_t *A, size_t lda, const uint16_t *B, float *sums) {           \
        bf16_tile(m, pairs, A, lda, B, sums);                                                                          \
    }
#define BF16_TILE_NAME(m) bf16_tile_##m,
EACH_INTEGER_HEIGHT(BF16_TILE)
static const bf16_tile_function bf16_tiles[REDUCED_ROWS] = {EACH_INTEGER_HEIGHT(BF16_TILE_NAME)};

/* tile[i][n] = scale of the row · scale of the column · (sum - zero point · column's sum) */
INLINE void levels_to_floats(const int32_t *sums, int m, const int32_t *column_sums, const float *column_scale,
                             const row_levels *rows, float *tile) {
    for (int j = 0; j < MK_PANEL; j += W) {
        const vi column = *(const vi_unaligned *)(const void *)(column_sums + j);
        const vf scale = v_load(column_scale + j);
        for (int i = 0; i < m; i++) {
            const vi sum = *(const vi_unaligned *)(const void *)(sums + i * MK_PANEL + j);
            v_store(tile + i * MK_PANEL + j, v_convert(sum - column * v_seti(rows[i].zero)) * (scale * v_set(rows[i].scale)));
        }
    }
}

/* A row that no levels hold, in fp32 with the rounded weights: NaN and infinities go where they belong. */
static __attribute__((noinline)) void unbounded_row(const float *a, size_t K, const int8_t *B, const float *column_scale,
                                                    float *tile) {
    for (int n = 0; n < MK_PANEL; n++) {
        float sum = 0.0f;
        for (size_t k = 0; k < K; k++) sum += a[k] * (float)B[k / 4 * 4 * MK_PANEL + 4 * (size_t)n + k % 4];
        tile[n] = sum * column_scale[n];
    }
}

/* Bias, activation and the rest over one panel's tile. */
INLINE void finish_panel(const mk_gemm *g, float *tile, size_t m, size_t row, size_t column, size_t n, tile_end *end) {
    for (size_t j = 0; j < n; j += TILE_COLUMNS) {
        const size_t width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
        if (g->bias)
            for (size_t v = 0; v < width; v += W) {
                const size_t left = width - v < W ? width - v : W;
                const vf bias = v_loadn(g->bias + column + j + v, left);
                for (size_t i = 0; i < m; i++) {
                    float *x = tile + i * MK_PANEL + j + v;
                    v_store(x, v_load(x) + bias);
                }
            }
        end->residual = g->residual ? g->residual + row * g->ldr + column + j : NULL;
        finishers[g->activation](tile + j, MK_PANEL, m, width, end, g->c + row * g->ldc + column + j, g->ldc);
    }
}

/* Rows row…row+m of one panel; `a` are their rounded rows. */
INLINE void reduced_panel(const mk_reduced_gemm *r, const uint8_t *a, size_t stride, const row_levels *levels, size_t row,
                          size_t m, size_t panel, size_t n, tile_end *end) {
    const size_t K = r->gemm.K, column = panel * MK_PANEL;
    float tile[REDUCED_ROWS * MK_PANEL] __attribute__((aligned(64)));
    if (r->kind == MK_REDUCED_bf16) {
        const size_t pairs = (K + 1) / 2;
        bf16_tiles[m - 1](pairs, (const uint16_t *)(const void *)a, stride / 2,
                          (const uint16_t *)r->panels + panel * pairs * 2 * MK_PANEL, tile);
    } else {
        int32_t sums[REDUCED_ROWS * MK_PANEL] __attribute__((aligned(64)));
        const size_t padded = (K + 3) / 4 * 4;
        const int8_t *B = (const int8_t *)r->panels + panel * padded * MK_PANEL;
        integer_tiles[m - 1](padded, a, stride, 0, B, sums);
        levels_to_floats(sums, (int)m, r->column_sums + column, r->column_scale + column, levels, tile);
        for (size_t i = 0; i < m; i++)
            if (!levels[i].is_finite)
                unbounded_row(r->gemm.a + (row + i) * r->gemm.lda, K, B, r->column_scale + column, tile + i * MK_PANEL);
    }
    finish_panel(&r->gemm, tile, m, row, column, n, end);
}

static void reduced_product(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1) {
    const mk_gemm *g = &r->gemm;
    const int is_bf16 = r->kind == MK_REDUCED_bf16;
    const size_t stride = reduced_stride(r->kind, g->K), group = is_bf16 ? 2 : 4, padded = (g->K + group - 1) / group * group;
    const size_t panel_bytes = padded * MK_PANEL * (is_bf16 ? 2 : 1);
    const size_t first = n0 / MK_PANEL, last = (n1 + MK_PANEL - 1) / MK_PANEL;
    if (m0 >= m1 || n0 >= n1) return;
    size_t chunk = CHUNK_BYTES / (panel_bytes ? panel_bytes : 1);
    if (!chunk) chunk = 1;
    const size_t height = REDUCED_BLOCK / stride / REDUCED_ROWS * REDUCED_ROWS, most = height ? height : REDUCED_ROWS;
    uint8_t *rounded = scratch;
    row_levels *levels = (row_levels *)(void *)(rounded + reduced_rows(stride) * stride);
    tile_end end = {.alpha = 1.0f, .ldr = g->ldr, .activation = g->activation, .a = g->a_parameter, .b = g->b_parameter,
                    .scales = g->scale != 1.0f || g->shift != 0.0f, .scale = g->scale, .shift = g->shift};
    const size_t sets = (m1 - m0 + most - 1) / most;
    size_t begin = m0;
    for (size_t set = 0; set < sets; set++) {
        const size_t rows = (m1 - begin) / (sets - set);
        for (size_t i = 0; i < rows; i++) {
            const float *x = g->a + (begin + i) * g->lda;
            if (is_bf16) round_row(x, g->K, padded, (uint16_t *)(void *)(rounded + i * stride));
            else levels[i] = quantize_row(x, g->K, padded, rounded + i * stride);
        }
        for (size_t p0 = first; p0 < last; p0 += chunk) {
            const size_t p1 = p0 + chunk < last ? p0 + chunk : last;
            const size_t blocks = (rows + REDUCED_ROWS - 1) / REDUCED_ROWS;
            size_t row = 0;
            for (size_t block = 0; block < blocks; block++) {
                const size_t m = (rows - row) / (blocks - block);
                for (size_t p = p0; p < p1; p++) {
                    const size_t n = n1 - p * MK_PANEL < MK_PANEL ? n1 - p * MK_PANEL : MK_PANEL;
                    reduced_panel(r, rounded + row * stride, stride, levels + row, begin + row, m, p, n, &end);
                }
                row += m;
            }
        }
        begin += rows;
    }
}
