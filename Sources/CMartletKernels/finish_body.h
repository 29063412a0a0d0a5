/* What follows the sums of a tile: bias, activation, scale and residual, while it lies in L1. */

#define TILE_VECTORS 2
#define TILE_COLUMNS (TILE_VECTORS * W)

/* Bytes of packed weights that are reused from L2 over all row blocks. */
#define CHUNK_BYTES (512 * 1024)

typedef struct {
    float alpha;
    const float *row_alpha; /* one per row instead of alpha, or NULL; only without activation */
    const float *bias;     /* at the tile's first column, or NULL */
    const float *row_bias; /* at the tile's first row, or NULL */
    const float *residual; /* at the tile's first element, or NULL */
    size_t ldr;
    int32_t activation;
    int32_t adds_first; /* whether the residual is added before the activation */
    float a, b;         /* of activations that have parameters */
    int32_t scales;     /* whether scale and shift follow the activation; only with one, `none` too */
    float scale, shift;
} tile_end;

/* clamp that lets NaN through */
INLINE vf v_clamp(vf x, vf low, vf high) { return v_min(high, v_max(low, x)); }

INLINE vf apply_activation(int32_t activation, vf x, vf a, vf b) {
    const vf zero = v_set(0.0f), one = v_set(1.0f);
    switch (activation) {
    case MK_ACT_relu: return v_max(v_set(0.0f), x);
    case MK_ACT_gelu_erf: return v_gelu_erf(x);
    case MK_ACT_gelu_tanh: return v_gelu_tanh(x);
    case MK_ACT_tanh: return v_tanh(x);
    case MK_ACT_sigmoid: return v_sigmoid(x);
    case MK_ACT_silu: return v_silu(x);
    case MK_ACT_leaky_relu: return v_select(v_lt(x, zero), a * x, x);
    case MK_ACT_hard_sigmoid: return v_clamp(v_fma(a, x, b), zero, one);
    case MK_ACT_hard_swish: return x * v_clamp(v_fma(x, v_set(1.0f / 6.0f), v_set(0.5f)), zero, one);
    case MK_ACT_clip: return v_clamp(x, a, b);
    default: return x;
    }
}

/* Activation and residual over a finished tile that lies in L1, its rows `ldt` apart. Vectors are independent, which hides
 * the latency of the polynomials. */
INLINE void finish_rows(int32_t activation, const float *tile, size_t ldt, size_t m, size_t n, const tile_end *end,
                        float *C, size_t ldc) {
    const vf a = v_set(end->a), b = v_set(end->b);
    const vf scale = v_set(end->scales ? end->scale : 1.0f), shift = v_set(end->scales ? end->shift : 0.0f);
    const float *early = end->adds_first ? end->residual : NULL, *late = end->adds_first ? NULL : end->residual;
    if (n == TILE_COLUMNS) {
        _Pragma("clang loop unroll_count(2)") for (size_t i = 0; i < m; i++) {
            vf x = v_load(tile + i * ldt), y = v_load(tile + i * ldt + W);
            if (early) {
                x += v_load(early + i * end->ldr);
                y += v_load(early + i * end->ldr + W);
            }
            x = apply_activation(activation, x, a, b);
            y = apply_activation(activation, y, a, b);
            if (end->scales) {
                x = v_fma(x, scale, shift);
                y = v_fma(y, scale, shift);
            }
            if (late) {
                x += v_load(late + i * end->ldr);
                y += v_load(late + i * end->ldr + W);
            }
            v_store(C + i * ldc, x);
            v_store(C + i * ldc + W, y);
        }
        return;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j += W) {
            size_t left = n - j < W ? n - j : W;
            vf x = v_loadn(tile + i * ldt + j, left);
            if (early) x += v_loadn(early + i * end->ldr + j, left);
            x = apply_activation(activation, x, a, b);
            if (end->scales) x = v_fma(x, scale, shift);
            if (late) x += v_loadn(late + i * end->ldr + j, left);
            v_storen(C + i * ldc + j, x, left);
        }
}

typedef void (*finish_function)(const float *, size_t, size_t, size_t, const tile_end *, float *, size_t);
#define MK_X(name)                                                                                                     \
    static __attribute__((noinline)) void finish_##name(const float *tile, size_t ldt, size_t m, size_t n,             \
                                                        const tile_end *end, float *C, size_t ldc) {                   \
        finish_rows(MK_ACT_##name, tile, ldt, m, n, end, C, ldc);                                                      \
    }
MK_ACTIVATIONS(MK_X)
#undef MK_X
static const finish_function finishers[MK_ACT_COUNT] = {
#define MK_X(name) finish_##name,
    MK_ACTIVATIONS(MK_X)
#undef MK_X
};
