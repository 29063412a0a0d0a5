/* Kernels over rows: each row is read from L1 after its first pass. Sums run in W lanes, in the order of columns. */

/* The tail path is kept out of the loop: body(load, store) is expanded for whole vectors, then once for the rest. */
#define VECTORS(j, n, ...)                                                                                             \
    do {                                                                                                               \
        size_t j = 0;                                                                                                  \
        for (; j + W <= (n); j += W) {                                                                                 \
            enum { whole = 1 };                                                                                        \
            const size_t left = W;                                                                                     \
            (void)left;                                                                                                \
            __VA_ARGS__                                                                                                      \
        }                                                                                                              \
        if (j < (n)) {                                                                                                 \
            enum { whole = 0 };                                                                                        \
            const size_t left = (n)-j;                                                                                 \
            __VA_ARGS__                                                                                                      \
        }                                                                                                              \
    } while (0)
#define GET(p) (whole ? v_load(p) : v_loadn(p, left))
#define PUT(p, x)                                                                                                      \
    do {                                                                                                               \
        if (whole) v_store(p, x);                                                                                      \
        else v_storen(p, x, left);                                                                                     \
    } while (0)
/* x in the lanes that exist, `other` elsewhere */
#define KEEP(x, other) (whole ? (x) : v_select(v_first(left), x, v_set(other)))

INLINE void normalize_row(const float *x, float sum, const float *gamma, const float *beta, float eps, float *y,
                          size_t cols) {
    const float mean = sum / (float)cols;
    const vf center = v_set(mean);
    vf squares = v_set(0.0f);
    VECTORS(j, cols, {
        vf d = KEEP(GET(x + j) - center, 0.0f);
        squares = v_fma(d, d, squares);
    });
    const vf inverse = v_set(1.0f / sqrtf(v_sum(squares) / (float)cols + eps));
    VECTORS(j, cols, {
        vf d = (GET(x + j) - center) * inverse;
        if (gamma) d *= GET(gamma + j);
        if (beta) d += GET(beta + j);
        PUT(y + j, d);
    });
}

static void layer_norm(const float *x, size_t ldx, const float *residual, size_t ldr, float *sum_out, size_t lds,
                       const float *gamma, const float *beta, float eps, float *y, size_t ldy, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, x += ldx, y += ldy) {
        vf sum = v_set(0.0f);
        if (residual) {
            float *t = sum_out ? sum_out : y; /* the second pass overwrites it */
            VECTORS(j, cols, {
                vf a = GET(x + j) + GET(residual + j);
                PUT(t + j, a);
                sum += a;
            });
            normalize_row(t, v_sum(sum), gamma, beta, eps, y, cols);
            residual += ldr;
        } else {
            VECTORS(j, cols, {
                vf a = GET(x + j);
                if (sum_out) PUT(sum_out + j, a);
                sum += a;
            });
            normalize_row(x, v_sum(sum), gamma, beta, eps, y, cols);
        }
        if (sum_out) sum_out += lds;
    }
}

INLINE float sum_of_squares(const float *x, size_t cols) {
    vf sum = v_set(0.0f);
    VECTORS(j, cols, {
        vf a = GET(x + j);
        sum = v_fma(a, a, sum);
    });
    return v_sum(sum);
}

static void rms_norm(const float *x, size_t ldx, const float *gamma, float eps, float *y, size_t ldy, size_t rows,
                     size_t cols) {
    for (size_t r = 0; r < rows; r++, x += ldx, y += ldy) {
        const vf inverse = v_set(1.0f / sqrtf(sum_of_squares(x, cols) / (float)cols + eps));
        VECTORS(j, cols, {
            vf a = GET(x + j) * inverse;
            if (gamma) a *= GET(gamma + j);
            PUT(y + j, a);
        });
    }
}

/* One head: (x, y) turned by an angle is (x cos - y sin, y cos + x sin). */
INLINE void rotate_head(const float *x, const float *cosines, const float *sines, const int interleaved, float *y,
                        size_t pairs) {
    if (!interleaved) {
        VECTORS(i, pairs, {
            const vf a = GET(x + i), b = GET(x + pairs + i), c = GET(cosines + i), s = GET(sines + i);
            PUT(y + i, a * c - b * s);
            PUT(y + pairs + i, b * c + a * s);
        });
        return;
    }
    for (size_t i = 0; i < pairs; i++) {
        const float a = x[2 * i], b = x[2 * i + 1];
        y[2 * i] = a * cosines[i] - b * sines[i];
        y[2 * i + 1] = b * cosines[i] + a * sines[i];
    }
}

static void rotate(const float *x, size_t ldx, const float *cosines, const float *sines, int32_t interleaved, float *y,
                   size_t ldy, size_t rows, size_t heads, size_t dim, size_t pairs) {
    for (size_t r = 0; r < rows; r++, x += ldx, y += ldy, cosines += pairs, sines += pairs)
        for (size_t h = 0; h < heads; h++) {
            const float *from = x + h * dim;
            float *to = y + h * dim;
            if (interleaved) rotate_head(from, cosines, sines, 1, to, pairs);
            else rotate_head(from, cosines, sines, 0, to, pairs);
            if (to != from) memcpy(to + 2 * pairs, from + 2 * pairs, (dim - 2 * pairs) * sizeof(float));
        }
}

static void softmax(const float *x, size_t ldx, float *y, size_t ldy, size_t rows, size_t cols, int32_t logarithm) {
    for (size_t r = 0; r < rows; r++, x += ldx, y += ldy) {
        vf top = v_set(-INFINITY);
        vf sum = v_set(0.0f);
        VECTORS(j, cols, { top = v_max(top, KEEP(GET(x + j), -INFINITY)); });
        const vf offset = v_set(v_max_lane(top));
        if (logarithm) {
            VECTORS(j, cols, { sum += KEEP(v_exp(GET(x + j) - offset), 0.0f); });
            const vf shift = v_set(logf(v_sum(sum)));
            VECTORS(j, cols, { PUT(y + j, GET(x + j) - offset - shift); });
        } else {
            VECTORS(j, cols, {
                vf e = v_exp(GET(x + j) - offset);
                PUT(y + j, e);
                sum += KEEP(e, 0.0f);
            });
            const vf inverse = v_set(1.0f / v_sum(sum));
            VECTORS(j, cols, { PUT(y + j, GET(y + j) * inverse); });
        }
    }
}

static void l2_normalize(const float *x, size_t ldx, float eps, float *y, size_t ldy, size_t rows, size_t cols) {
    for (size_t r = 0; r < rows; r++, x += ldx, y += ldy) {
        const float norm = sqrtf(sum_of_squares(x, cols));
        const vf inverse = v_set(1.0f / (norm < eps ? eps : norm));
        VECTORS(j, cols, { PUT(y + j, GET(x + j) * inverse); });
    }
}

static void row_pairs(int32_t kind, const float *a, size_t lda, const float *b, size_t ldb, float *out, size_t rows,
                      size_t cols) {
    for (size_t r = 0; r < rows; r++, a += lda, b += ldb) {
        vf ab = v_set(0.0f);
        vf aa = v_set(0.0f);
        vf bb = v_set(0.0f);
        if (kind == MK_PAIR_l2) {
            VECTORS(j, cols, {
                vf d = GET(a + j) - GET(b + j);
                ab = v_fma(d, d, ab);
            });
            out[r] = sqrtf(v_sum(ab));
        } else if (kind == MK_PAIR_dot) {
            VECTORS(j, cols, { ab = v_fma(GET(a + j), GET(b + j), ab); });
            out[r] = v_sum(ab);
        } else {
            VECTORS(j, cols, {
                vf x = GET(a + j);
                vf z = GET(b + j);
                ab = v_fma(x, z, ab);
                aa = v_fma(x, x, aa);
                bb = v_fma(z, z, bb);
            });
            const double norms = sqrt((double)v_sum(aa) * (double)v_sum(bb));
            out[r] = norms == 0.0 ? 0.0f : (float)((double)v_sum(ab) / norms);
        }
    }
}

static size_t embed(const mk_embedding *tables, size_t count, const float *gamma, const float *beta, float eps, float *y,
                    size_t ldy, size_t rows, size_t cols) {
    const float *from[4] = {0};
    for (size_t r = 0; r < rows; r++, y += ldy) {
        for (size_t t = 0; t < count; t++) {
            const int32_t id = tables[t].ids ? tables[t].ids[r] : 0;
            if (id < 0 || (size_t)id >= tables[t].count) return r;
            from[t] = tables[t].table + (size_t)id * cols;
        }
        vf sum = v_set(0.0f);
        VECTORS(j, cols, {
            vf a = v_set(0.0f);
            for (size_t t = 0; t < count; t++) a += GET(from[t] + j);
            PUT(y + j, a);
            sum += a;
        });
        if (gamma) normalize_row(y, v_sum(sum), gamma, beta, eps, y, cols);
    }
    return rows;
}

static void segment_pool(int32_t kind, const float *x, size_t ldx, const int32_t *start, const int32_t *length, float *out,
                         size_t ldo, size_t segments, size_t cols) {
    for (size_t s = 0; s < segments; s++, out += ldo) {
        const size_t n = length[s] > 0 ? (size_t)length[s] : 0;
        if (!n) {
            memset(out, 0, cols * sizeof(float));
            continue;
        }
        const float *rows = x + (size_t)start[s] * ldx;
        if (kind == MK_POOL_first || kind == MK_POOL_last) {
            memcpy(out, rows + (kind == MK_POOL_last ? (n - 1) * ldx : 0), cols * sizeof(float));
            continue;
        }
        const vf scale = v_set(kind == MK_POOL_mean ? 1.0f / (float)n : kind == MK_POOL_mean_sqrt ? 1.0f / sqrtf((float)n) : 1.0f);
        VECTORS(j, cols, {
            vf a = GET(rows + j);
            if (kind == MK_POOL_max) {
                for (size_t i = 1; i < n; i++) a = v_max(a, GET(rows + i * ldx + j));
            } else {
                for (size_t i = 1; i < n; i++) a += GET(rows + i * ldx + j);
                a *= scale;
            }
            PUT(out + j, a);
        });
    }
}

/* One step of a product or an extreme; max and min keep a NaN from either side. */
INLINE vf reduce_step(int32_t kind, vf a, vf x) {
    switch (kind) {
    case MK_REDUCE_max: return v_select(v_nan(a), a, v_max(a, x));
    case MK_REDUCE_min: return v_select(v_nan(a), a, v_min(a, x));
    default: return a * x;
    }
}
INLINE float reduce_neutral(int32_t kind) {
    return kind == MK_REDUCE_prod ? 1.0f : kind == MK_REDUCE_max ? -INFINITY : INFINITY;
}

/* Max, min and product: four accumulators at once hide the latency of a step, and any order gives the same extreme. */
INLINE float reduce_row(int32_t kind, const float *x, size_t n) {
    const float neutral = reduce_neutral(kind);
    vf a = v_set(neutral), b = a, c = a, d = a;
    size_t i = 0;
    for (; i + 4 * W <= n; i += 4 * W) {
        a = reduce_step(kind, a, v_load(x + i));
        b = reduce_step(kind, b, v_load(x + i + W));
        c = reduce_step(kind, c, v_load(x + i + 2 * W));
        d = reduce_step(kind, d, v_load(x + i + 3 * W));
    }
    vf lanes = reduce_step(kind, reduce_step(kind, a, b), reduce_step(kind, c, d));
    const float *rest = x + i;
    VECTORS(j, n - i, { lanes = reduce_step(kind, lanes, KEEP(GET(rest + j), neutral)); });
    float total = lanes[0];
    for (int k = 1; k < W; k++) {
        const float y = lanes[k];
        if (kind == MK_REDUCE_prod) total *= y;
        else if (total == total && (y != y || (kind == MK_REDUCE_max ? y > total : y < total))) total = y;
    }
    return total;
}

INLINE void reduce_kind(int32_t kind, const float *x, float *y, size_t outer, size_t n, size_t inner) {
    const float neutral = reduce_neutral(kind);
    for (size_t o = 0; o < outer; o++, x += n * inner, y += inner) {
        if (inner == 1) {
            y[0] = reduce_row(kind, x, n);
            continue;
        }
        VECTORS(j, inner, {
            vf a = v_set(neutral);
            for (size_t i = 0; i < n; i++) a = reduce_step(kind, a, GET(x + i * inner + j));
            PUT(y + j, a);
        });
    }
}

/* Sums are kept in double, so that differences of nearly equal sums, as in E[x²] - E[x]², still mean something. */
enum { H = W / 2 };
typedef double vd __attribute__((vector_size(H * 8)));
typedef float vh_unaligned __attribute__((vector_size(H * 4), aligned(1), may_alias));

INLINE double sum_term(int32_t kind, double x) {
    return kind == MK_REDUCE_sum_square || kind == MK_REDUCE_l2 ? x * x : kind == MK_REDUCE_sum_abs ? fabs(x) : x;
}
INLINE vd sum_terms(int32_t kind, const float *x) {
    vd a = __builtin_convertvector(*(const vh_unaligned *)x, vd);
    return kind == MK_REDUCE_sum_square || kind == MK_REDUCE_l2 ? a * a
           : kind == MK_REDUCE_sum_abs                          ? __builtin_elementwise_abs(a)
                                                                : a;
}
INLINE float sum_end(int32_t kind, double total, size_t n) {
    return (float)(kind == MK_REDUCE_mean ? total / (double)n : kind == MK_REDUCE_l2 ? sqrt(total) : total);
}

INLINE void sum_columns(int32_t kind, const float *x, float *y, size_t n, size_t inner, size_t vectors) {
    vd a[4] = {{0}};
    for (size_t i = 0; i < n; i++)
        _Pragma("clang loop unroll(full)") for (size_t k = 0; k < vectors; k++)
            a[k] += sum_terms(kind, x + i * inner + k * H);
    for (size_t k = 0; k < vectors; k++)
        for (size_t lane = 0; lane < H; lane++) y[k * H + lane] = sum_end(kind, a[k][lane], n);
}

INLINE void sum_kind(int32_t kind, const float *x, float *y, size_t outer, size_t n, size_t inner) {
    for (size_t o = 0; o < outer; o++, x += n * inner, y += inner) {
        if (inner == 1) {
            vd a = {0}, b = a, c = a, d = a;
            size_t i = 0;
            for (; i + 4 * H <= n; i += 4 * H) {
                a += sum_terms(kind, x + i);
                b += sum_terms(kind, x + i + H);
                c += sum_terms(kind, x + i + 2 * H);
                d += sum_terms(kind, x + i + 3 * H);
            }
            a = (a + b) + (c + d);
            double total = 0;
            for (; i < n; i++) total += sum_term(kind, x[i]);
            for (int lane = 0; lane < H; lane++) total += a[lane];
            y[0] = sum_end(kind, total, n);
            continue;
        }
        size_t j = 0;
        for (; j + 4 * H <= inner; j += 4 * H) sum_columns(kind, x + j, y + j, n, inner, 4);
        for (; j + H <= inner; j += H) sum_columns(kind, x + j, y + j, n, inner, 1);
        for (; j < inner; j++) {
            double total = 0;
            for (size_t i = 0; i < n; i++) total += sum_term(kind, x[i * inner + j]);
            y[j] = sum_end(kind, total, n);
        }
    }
}

static void reduce_f32(int32_t kind, const float *x, float *y, size_t outer, size_t n, size_t inner) {
    switch (kind) {
    case MK_REDUCE_prod: reduce_kind(MK_REDUCE_prod, x, y, outer, n, inner); break;
    case MK_REDUCE_max: reduce_kind(MK_REDUCE_max, x, y, outer, n, inner); break;
    case MK_REDUCE_min: reduce_kind(MK_REDUCE_min, x, y, outer, n, inner); break;
    case MK_REDUCE_sum: sum_kind(MK_REDUCE_sum, x, y, outer, n, inner); break;
    case MK_REDUCE_mean: sum_kind(MK_REDUCE_mean, x, y, outer, n, inner); break;
    case MK_REDUCE_sum_square: sum_kind(MK_REDUCE_sum_square, x, y, outer, n, inner); break;
    case MK_REDUCE_sum_abs: sum_kind(MK_REDUCE_sum_abs, x, y, outer, n, inner); break;
    case MK_REDUCE_l2: sum_kind(MK_REDUCE_l2, x, y, outer, n, inner); break;
    default: break;
    }
}
