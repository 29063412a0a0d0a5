/* Attention of one sequence and head at a time: keys are transposed into panels, a block of query rows meets all keys, each row
 * is softmaxed where it lies, and the weights meet the values; all by the register tile of gemm_body.h. */

/* Rows of a sequence, queries and twice keys, up to which the next one is prefetched: both must fit into L2. */
#define PREFETCH_ROWS 400

/* Floats of one panel's row, in whole tiles. */
INLINE size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static size_t attention_scratch(size_t max_keys, size_t head_dim) {
    const size_t keys = round_up(max_keys, TILE_COLUMNS), dim = round_up(head_dim, TILE_COLUMNS);
    return keys * round_up(head_dim, 16) + max_keys * dim + TILE_ROWS * keys + 64;
}

/* panels[p][c][column] = k[p*TILE_COLUMNS + column][c]. Columns past the last key repeat it: a number like any other, whose
 * score is masked later. */
static void pack_keys(const float *k, size_t stride, size_t keys, size_t dim, float *panels) {
    for (size_t p = 0; p < keys; p += TILE_COLUMNS, panels += TILE_COLUMNS * dim)
        for (size_t from = p; from < keys && from < p + TILE_COLUMNS; from += W) {
            const float *row[W];
            UNROLL for (size_t i = 0; i < W; i++) row[i] = k + (from + i < keys ? from + i : keys - 1) * stride;
            float *to = panels + (from - p);
            size_t c = 0;
            for (; c + W <= dim; c += W) {
                vf r[W];
                UNROLL for (int i = 0; i < W; i++) r[i] = v_load(row[i] + c);
                transpose_square(r);
                UNROLL for (int i = 0; i < W; i++) v_store(to + (c + (size_t)i) * TILE_COLUMNS, r[i]);
            }
            if (c < dim) {
                vf r[W];
                UNROLL for (int i = 0; i < W; i++) r[i] = v_loadn(row[i] + c, dim - c);
                transpose_square(r);
                for (size_t i = 0; c + i < dim; i++) v_store(to + (c + i) * TILE_COLUMNS, r[i]);
            }
        }
}

/* panels[p][key][column] = v[key][p*TILE_COLUMNS + column], zeros past the last column */
static void pack_values(const float *v, size_t stride, size_t keys, size_t dim, float *panels) {
    for (size_t p = 0; p < dim; p += TILE_COLUMNS)
        for (size_t i = 0; i < keys; i++, panels += TILE_COLUMNS)
            for (size_t j = 0; j < TILE_COLUMNS; j += W) {
                const size_t from = p + j, n = from >= dim ? 0 : dim - from < W ? dim - from : W;
                v_store(panels + j, n ? v_loadn(v + i * stride + from, n) : v_set(0.0f));
            }
}

/* Elements j ..< j+W of a row of scores: -inf past the last key that is seen. */
INLINE vf masked_scores(const float *s, const float *bias, size_t j, size_t seen) {
    vf x = v_load(s + j);
    if (j + W <= seen) return bias ? x + v_load(bias + j) : x;
    const size_t n = j < seen ? seen - j : 0;
    if (bias && n) x += v_loadn(bias + j, n);
    return v_select(v_first(n), x, v_set(-INFINITY));
}

/* cap · tanh(s / cap) */
INLINE void cap_scores(float *s, float cap, size_t n) {
    for (size_t j = 0; j < n; j += W) v_store(s + j, v_tanh(v_load(s + j) * v_set(1.0f / cap)) * v_set(cap));
}

/* Rows of scores become their exponentials relative to the largest; inverse[i] = 1 / their sum, 0 if nothing is seen.
 * A row is whole vectors wide (`most` keys, rounded up) and stays in registers if there are at most `fixed` of them. */
INLINE float softmax_row(float *s, const float *bias, size_t seen, size_t most, const int fixed) {
    vf x[4], top = v_set(-INFINITY), sum = v_set(0.0f);
    if (fixed) {
        UNROLL for (int j = 0; j < fixed; j++) {
            x[j] = masked_scores(s, bias, (size_t)j * W, seen);
            top = v_max(top, x[j]);
        }
    } else {
        for (size_t j = 0; j < most; j += W) {
            const vf y = masked_scores(s, bias, j, seen);
            v_store(s + j, y);
            top = v_max(top, y);
        }
    }
    const float largest = v_max_lane(top);
    const vf offset = v_set(largest == -INFINITY ? 0.0f : largest);
    if (fixed) {
        UNROLL for (int j = 0; j < fixed; j++) {
            x[j] = v_exp_negative(x[j] - offset);
            sum += x[j];
            v_store(s + j * W, x[j]);
        }
    } else {
        for (size_t j = 0; j < most; j += W) {
            const vf y = v_exp_negative(v_load(s + j) - offset);
            v_store(s + j, y);
            sum += y;
        }
    }
    const float total = v_sum(sum);
    return total == 0.0f ? 0.0f : 1.0f / total;
}

/* Keys that row `row` of a causal attention sees, of `keys`. */
INLINE size_t seen_by(size_t row, size_t queries, size_t keys) {
    const ptrdiff_t seen = (ptrdiff_t)(row + 1) + (ptrdiff_t)keys - (ptrdiff_t)queries;
    return seen <= 0 ? 0 : (size_t)seen < keys ? (size_t)seen : keys;
}

static void attend(const mk_attention *a, float *scratch, size_t s, size_t h) {
    const size_t queries = a->q_len[s] > 0 ? (size_t)a->q_len[s] : 0, keys = a->k_len[s] > 0 ? (size_t)a->k_len[s] : 0;
    const size_t dim = a->head_dim, shared = h / (a->heads / a->kv_heads);
    const float *q = a->q + (size_t)a->q_start[s] * a->q_stride + h * a->q_head_stride;
    const float *k = a->k + (size_t)a->k_start[s] * a->k_stride + shared * a->k_head_stride;
    const float *v = a->v + (size_t)a->k_start[s] * a->v_stride + shared * a->v_head_stride;
    float *out = a->out + (size_t)a->q_start[s] * a->out_stride + h * a->out_head_stride;
    const float *bias = a->bias ? a->bias + s * a->bias_stride[0] + h * a->bias_stride[1] : NULL;
    if (!keys || !dim) {
        for (size_t i = 0; i < queries; i++) memset(out + i * a->out_stride, 0, dim * sizeof(float));
        return;
    }
    const size_t wide = round_up(keys, TILE_COLUMNS);
    float *key_panels = scratch, *value_panels = key_panels + wide * round_up(dim, 16);
    float *scores = value_panels + keys * round_up(dim, TILE_COLUMNS);
    pack_keys(k, a->k_stride, keys, dim, key_panels);
    /* whole tiles are read from where the values lie */
    const int direct = dim % TILE_COLUMNS == 0 || dim == W;
    if (!direct) pack_values(v, a->v_stride, keys, dim, value_panels);

    const size_t blocks = (queries + TILE_ROWS - 1) / TILE_ROWS, step = a->bias_stride[3];
    float inverse[TILE_ROWS];
    const tile_end scale = {.alpha = a->scale}, weigh = {.row_alpha = inverse};
    size_t row = 0;
    for (size_t block = 0; block < blocks; block++) {
        const size_t height = (queries - row) / (blocks - block);
        /* keys that the last row of this block sees, so no fewer than the others */
        const size_t most = a->causal ? seen_by(row + height - 1, queries, keys) : keys;
        for (size_t p = 0; p < most; p += TILE_COLUMNS) {
            const int two = most - p > W;
            tiles[two][height - 1](dim, q + row * a->q_stride, a->q_stride, key_panels + p * dim, TILE_COLUMNS,
                                   scores + p, wide, two ? TILE_COLUMNS : W, &scale);
        }
        for (size_t i = 0; i < height; i++) {
            float *line = scores + i * wide;
            const size_t seen = a->causal ? seen_by(row + i, queries, keys) : keys;
            if (a->softcap != 0.0f) cap_scores(line, a->softcap, most);
            if (a->window && seen > a->window)
                for (size_t j = 0; j < seen - a->window; j++) line[j] = -INFINITY;
            const float *add = bias ? bias + (row + i) * a->bias_stride[2] : NULL;
            if (add && step != 1) {
                for (size_t j = 0; j < seen; j++) line[j] += add[j * step];
                add = NULL;
            }
            switch ((most + W - 1) / W) {
            case 1: inverse[i] = softmax_row(line, add, seen, most, 1); break;
            case 2: inverse[i] = softmax_row(line, add, seen, most, 2); break;
            case 3: inverse[i] = softmax_row(line, add, seen, most, 3); break;
            case 4: inverse[i] = softmax_row(line, add, seen, most, 4); break;
            default: inverse[i] = softmax_row(line, add, seen, most, 0);
            }
        }
        for (size_t p = 0; p < dim; p += TILE_COLUMNS) {
            const size_t n = dim - p < TILE_COLUMNS ? dim - p : TILE_COLUMNS;
            const float *B = direct ? v + p : value_panels + p * keys;
            tiles[n > W][height - 1](most, scores, wide, B, direct ? a->v_stride : TILE_COLUMNS,
                                     out + row * a->out_stride + p, a->out_stride, n, &weigh);
        }
        row += height;
    }
}

/* Asks L2 for the lines of one head's slice of rows: they lie far apart, where no hardware prefetcher looks. */
INLINE void prefetch_rows(const float *x, size_t stride, size_t rows, size_t dim) {
    for (size_t i = 0; i < rows; i++)
        for (size_t c = 0; c < dim; c += 16) __builtin_prefetch(x + i * stride + c, 0, 2);
}

static void prefetch_head(const mk_attention *a, size_t s, size_t h) {
    const size_t queries = a->q_len[s] > 0 ? (size_t)a->q_len[s] : 0, keys = a->k_len[s] > 0 ? (size_t)a->k_len[s] : 0;
    const size_t shared = h / (a->heads / a->kv_heads);
    if (queries + 2 * keys > PREFETCH_ROWS) return;
    prefetch_rows(a->q + (size_t)a->q_start[s] * a->q_stride + h * a->q_head_stride, a->q_stride, queries, a->head_dim);
    prefetch_rows(a->k + (size_t)a->k_start[s] * a->k_stride + shared * a->k_head_stride, a->k_stride, keys, a->head_dim);
    prefetch_rows(a->v + (size_t)a->k_start[s] * a->v_stride + shared * a->v_head_stride, a->v_stride, keys, a->head_dim);
}

static void attention_run(const mk_attention *a, float *scratch, size_t s0, size_t s1, size_t h0, size_t h1) {
    for (size_t s = s0; s < s1; s++)
        for (size_t h = h0; h < h1; h++) {
            if (s + 1 < s1) prefetch_head(a, s + 1, h);
            attend(a, scratch, s, h);
        }
}
