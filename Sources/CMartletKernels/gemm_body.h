/* Matrix product with a packed right side, and the register tile that attention shares.
 *
 * A tile is `m` rows by `nv` vectors of accumulators; each k adds one broadcast element of A per row times nv vectors of B.
 * Loop order: a chunk of panels that stays in L2, then blocks of rows whose A stays in L1, then the panels of the chunk. */

#if MK_LEVEL == 2
#define TILE_ROWS 14
#else
#define TILE_ROWS 6
#endif

/* The inner step is pinned by assembly where the accumulators fill the register file: left alone, clang hoists the
 * broadcasts of later rows, and spills accumulators in the innermost loop (half the speed). */
#if MK_LEVEL > 0
#define BROADCAST(x, address) __asm__ volatile("vbroadcastss %1, %0" : "=v"(x) : "m"(*(address)))
#define MULTIPLY_ADD(sum, x, b) __asm__ volatile("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(x), "v"(b))
#else
#define BROADCAST(x, address) (x) = v_set(*(address))
#define MULTIPLY_ADD(sum, x, b) (sum) = v_fma(x, b, sum)
#endif

/* C[m, n] from A (rows `row` apart) and B (rows `ldb` apart, or at `offsets`, `nv` whole vectors readable).
 * Row addresses are formed from every third row, so that all of them fit into registers. */
INLINE void tile(const int m, const int nv, const int indirect, size_t K, const float *A, size_t row, const float *B, size_t ldb,
                 const size_t *offsets, float *C, size_t ldc, size_t n, const tile_end *end) {
    enum { DEPTH = 4 };
    vf sum[TILE_ROWS][TILE_VECTORS];
    const float *a[(TILE_ROWS + 2) / 3];
    UNROLL for (int i = 0; i < m; i += 3) a[i / 3] = A + (size_t)i * row;
    UNROLL for (int i = 0; i < m; i++)
        UNROLL for (int j = 0; j < nv; j++) sum[i][j] = v_set(0.0f);
#define STEP(k)                                                                                                        \
    do {                                                                                                               \
        vf b[TILE_VECTORS];                                                                                            \
        UNROLL for (int j = 0; j < nv; j++)                                                            \
            b[j] = v_load(B + (indirect ? offsets[k] : 0) + (size_t)j * W);                                             \
        UNROLL for (int i = 0; i < m; i++) {                                                                           \
            vf x;                                                                                                      \
            BROADCAST(x, a[i / 3] + (size_t)(i % 3) * row + (k));                                                      \
            UNROLL for (int j = 0; j < nv; j++) MULTIPLY_ADD(sum[i][j], x, b[j]);                                      \
        }                                                                                                              \
        if (!indirect) B += ldb;                                                                                       \
    } while (0)
    size_t k = 0;
    for (; k + DEPTH <= K; k += DEPTH) {
        UNROLL for (int i = 0; i < m; i += 3) HIDE(a[i / 3]);
        UNROLL for (size_t d = 0; d < DEPTH; d++) STEP(d);
        UNROLL for (int i = 0; i < m; i += 3) a[i / 3] += DEPTH;
        if (indirect) offsets += DEPTH;
    }
    for (; k < K; k++) {
        UNROLL for (int i = 0; i < m; i += 3) HIDE(a[i / 3]);
        STEP(0);
        UNROLL for (int i = 0; i < m; i += 3) a[i / 3] += 1;
        if (indirect) offsets += 1;
    }
#undef STEP
    vf alpha = v_set(end->alpha);
    vf bias[TILE_VECTORS];
    size_t width[TILE_VECTORS];
    _Pragma("clang loop unroll(full)") for (int j = 0; j < nv; j++) {
        size_t from = (size_t)j * W;
        width[j] = n >= from + W ? W : n > from ? n - from : 0;
        bias[j] = end->bias && width[j] ? v_loadn(end->bias + from, width[j]) : v_set(0.0f);
    }
    if (end->activation != MK_ACT_none || end->scales) {
        float done[TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++)
            _Pragma("clang loop unroll(full)") for (int j = 0; j < nv; j++) {
                const vf y = v_fma(sum[i][j], alpha, bias[j]);
                v_store(done + i * TILE_COLUMNS + j * W, end->row_bias ? y + v_set(end->row_bias[i]) : y);
            }
        finishers[end->activation](done, TILE_COLUMNS, (size_t)m, n, end, C, ldc);
        return;
    }
    const int whole = n == (size_t)nv * W;
    _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++)
        _Pragma("clang loop unroll(full)") for (int j = 0; j < nv; j++) {
            const vf factor = end->row_alpha ? v_set(end->row_alpha[i]) : alpha;
            vf y = v_fma(sum[i][j], factor, bias[j]);
            if (end->row_bias) y += v_set(end->row_bias[i]);
            float *c = C + (size_t)i * ldc + (size_t)j * W;
            const float *r = end->residual ? end->residual + (size_t)i * end->ldr + (size_t)j * W : NULL;
            if (whole) {
                if (r) y += v_load(r);
                v_store(c, y);
            } else if (width[j]) {
                if (r) y += v_loadn(r, width[j]);
                v_storen(c, y, width[j]);
            }
        }
}

typedef void (*tile_function)(size_t K, const float *A, size_t row, const float *B, size_t ldb, float *C, size_t ldc,
                              size_t n, const tile_end *end);
#define TILE(m, nv)                                                                                                    \
    static void tile_##m##x##nv(size_t K, const float *A, size_t row, const float *B, size_t ldb, float *C, size_t ldc, \
                                size_t n, const tile_end *end) {                                                       \
        tile(m, nv, 0, K, A, row, B, ldb, NULL, C, ldc, n, end);                                                       \
    }
#define TILE_AT(m, nv)                                                                                                 \
    static void tile_at_##m##x##nv(size_t K, const float *A, size_t row, const float *B, const size_t *offsets,        \
                                   float *C, size_t ldc, size_t n, const tile_end *end) {                              \
        tile(m, nv, 1, K, A, row, B, 0, offsets, C, ldc, n, end);                                                      \
    }
#if MK_LEVEL == 2
#define EACH_ROW_COUNT(X, nv)                                                                                          \
    X(1, nv) X(2, nv) X(3, nv) X(4, nv) X(5, nv) X(6, nv) X(7, nv) X(8, nv) X(9, nv) X(10, nv) X(11, nv) X(12, nv)     \
    X(13, nv) X(14, nv)
#else
#define EACH_ROW_COUNT(X, nv) X(1, nv) X(2, nv) X(3, nv) X(4, nv) X(5, nv) X(6, nv)
#endif
EACH_ROW_COUNT(TILE, 1)
EACH_ROW_COUNT(TILE, 2)

EACH_ROW_COUNT(TILE_AT, 1)
EACH_ROW_COUNT(TILE_AT, 2)

#define TILE_NAME(m, nv) tile_##m##x##nv,
/* [vectors - 1][rows - 1] */
static const tile_function tiles[TILE_VECTORS][TILE_ROWS] = {{EACH_ROW_COUNT(TILE_NAME, 1)},
                                                             {EACH_ROW_COUNT(TILE_NAME, 2)}};

/* The same with rows of B at offsets. */
typedef void (*tile_at_function)(size_t K, const float *A, size_t row, const float *B, const size_t *offsets, float *C,
                                 size_t ldc, size_t n, const tile_end *end);
#define TILE_AT_NAME(m, nv) tile_at_##m##x##nv,
static const tile_at_function tiles_at[TILE_VECTORS][TILE_ROWS] = {{EACH_ROW_COUNT(TILE_AT_NAME, 1)},
                                                                   {EACH_ROW_COUNT(TILE_AT_NAME, 2)}};

static void gemm_packed(const mk_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1) {
    const size_t K = g->K, first = n0 / MK_PANEL, last = (n1 + MK_PANEL - 1) / MK_PANEL;
    if (m0 >= m1 || n0 >= n1) return;
    size_t chunk = CHUNK_BYTES / (MK_PANEL * sizeof(float)) / (K ? K : 1);
    if (!chunk) chunk = 1;
    const size_t blocks = (m1 - m0 + TILE_ROWS - 1) / TILE_ROWS;
    tile_end end = {.alpha = g->alpha, .ldr = g->ldr, .activation = g->activation, .a = g->a_parameter, .b = g->b_parameter,
                    .scales = g->scale != 1.0f || g->shift != 0.0f, .scale = g->scale, .shift = g->shift};
    for (size_t p0 = first; p0 < last; p0 += chunk) {
        const size_t p1 = p0 + chunk < last ? p0 + chunk : last;
        size_t row = m0;
        for (size_t block = 0; block < blocks; block++) {
            /* blocks of nearly equal height: no thin one at the end */
            const size_t height = (m1 - row) / (blocks - block);
            const float *A = g->a + row * g->lda;
            for (size_t p = p0; p < p1; p++) {
                const float *B = g->packed + p * MK_PANEL * K;
                for (size_t j = 0; j < MK_PANEL; j += TILE_COLUMNS) {
                    const size_t column = p * MK_PANEL + j;
                    if (column >= n1) break;
                    const size_t n = n1 - column < TILE_COLUMNS ? n1 - column : TILE_COLUMNS;
                    end.bias = g->bias ? g->bias + column : NULL;
                    end.residual = g->residual ? g->residual + row * g->ldr + column : NULL;
                    tiles[n > W][height - 1](K, A, g->lda, B + j, MK_PANEL, g->c + row * g->ldc + column, g->ldc, n,
                                                &end);
                }
            }
            row += height;
        }
    }
}
