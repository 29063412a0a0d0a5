/* Attention of one sequence and head at a time: keys are transposed into panels, a block of query rows meets all keys, each row
 * is softmaxed where it lies, and the weights meet the values; all by the register tile of gemm_body.h. */

/* Floats of one panel's row, in whole tiles. */
INLINE size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static size_t attention_scratch(size_t max_keys, size_t head_dim) {
    const size_t keys = round_up(max_keys, TILE_COLUMNS), dim = round_up(head_dim, TILE_COLUMNS);
    return keys * round_up(head_dim, 16) + max_keys * dim + TILE_ROWS * keys + 64;
}

/* panels[p][c][column] = k[p*TILE_COLUMNS + column][c], zeros past the last key */
static void pack_keys(const float *k, size_t stride, size_t keys, size_t dim, float *panels) {
    for (size_t p = 0; p < keys; p += TILE_COLUMNS, panels += TILE_COLUMNS * dim)
        for (size_t v = 0; v < TILE_COLUMNS; v += W) {
            const size_t rows = keys <= p + v ? 0 : keys - p - v < W ? keys - p - v : W;
            if (!rows && v) continue; /* read by no tile: a tile of one vector is used */
            for (size_t c = 0; c < dim; c += W)
                transpose_tile(k + (p + v) * stride + c, stride, panels + c * TILE_COLUMNS + v, TILE_COLUMNS, rows,
                               dim - c < W ? dim - c : W, 1);
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

/* s[0 ..< n] becomes its exponentials relative to the largest; returns their inverse sum, 0 if there is none. */
INLINE float softmax_numerators(float *s, size_t n) {
    vf top = v_set(-INFINITY);
    size_t j = 0;
    for (; j + W <= n; j += W) top = v_max(top, v_load(s + j));
    if (j < n) {
        vf last = v_loadn(s + j, n - j);
        top = v_max(top, v_select(v_first(n - j), last, v_set(-INFINITY)));
    }
    const float most = v_max_lane(top);
    if (most == -INFINITY) {
        memset(s, 0, n * sizeof(float));
        return 0.0f;
    }
    vf sum = v_set(0.0f), offset = v_set(most);
    for (j = 0; j + W <= n; j += W) {
        vf e = v_exp_negative(v_load(s + j) - offset);
        sum += e;
        v_store(s + j, e);
    }
    if (j < n) {
        vf e = v_exp_negative(v_loadn(s + j, n - j) - offset);
        v_storen(s + j, e, n - j);
        sum += v_select(v_first(n - j), e, v_set(0.0f));
    }
    return 1.0f / v_sum(sum);
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

    const size_t blocks = (queries + TILE_ROWS - 1) / TILE_ROWS;
    tile_end scale = {a->scale, NULL, NULL, 0, MK_ACT_none}, plain = {1.0f, NULL, NULL, 0, MK_ACT_none};
    size_t row = 0;
    for (size_t block = 0; block < blocks; block++) {
        const size_t height = (queries - row) / (blocks - block);
        size_t most = keys; /* keys that some row of this block sees */
        if (a->causal) {
            const ptrdiff_t seen = (ptrdiff_t)(row + height) + (ptrdiff_t)keys - (ptrdiff_t)queries;
            most = seen <= 0 ? 0 : (size_t)seen < keys ? (size_t)seen : keys;
        }
        for (size_t p = 0; p < most; p += TILE_COLUMNS) {
            const size_t n = keys - p < TILE_COLUMNS ? keys - p : TILE_COLUMNS;
            tiles[n > W][height - 1](dim, q + row * a->q_stride, a->q_stride, key_panels + p * dim, TILE_COLUMNS,
                                        scores + p, wide, n, &scale);
        }
        for (size_t i = 0; i < height; i++) {
            float *line = scores + i * wide;
            size_t seen = most;
            if (a->causal) {
                const ptrdiff_t last = (ptrdiff_t)(row + i + 1) + (ptrdiff_t)keys - (ptrdiff_t)queries;
                seen = last <= 0 ? 0 : (size_t)last < keys ? (size_t)last : keys;
            }
            if (bias) {
                const float *add = bias + (row + i) * a->bias_stride[2];
                const size_t step = a->bias_stride[3];
                if (step == 1) {
                    size_t j = 0;
                    for (; j + W <= seen; j += W) v_store(line + j, v_load(line + j) + v_load(add + j));
                    if (j < seen) v_storen(line + j, v_loadn(line + j, seen - j) + v_loadn(add + j, seen - j), seen - j);
                } else {
                    for (size_t j = 0; j < seen; j++) line[j] += add[j * step];
                }
            }
            const float inverse = softmax_numerators(line, seen);
            for (size_t j = 0; j < seen; j += W) {
                const size_t n = seen - j < W ? seen - j : W;
                v_storen(line + j, v_loadn(line + j, n) * v_set(inverse), n);
            }
            if (seen < most) memset(line + seen, 0, (most - seen) * sizeof(float));
        }
        for (size_t p = 0; p < dim; p += TILE_COLUMNS) {
            const size_t n = dim - p < TILE_COLUMNS ? dim - p : TILE_COLUMNS;
            const float *B = direct ? v + p : value_panels + p * keys;
            tiles[n > W][height - 1](most, scores, wide, B, direct ? a->v_stride : TILE_COLUMNS,
                                        out + row * a->out_stride + p, a->out_stride, n, &plain);
        }
        row += height;
    }
}

static void attention_run(const mk_attention *a, float *scratch, size_t s0, size_t s1, size_t h0, size_t h1) {
    for (size_t s = s0; s < s1; s++)
        for (size_t h = h0; h < h1; h++) attend(a, scratch, s, h);
}
