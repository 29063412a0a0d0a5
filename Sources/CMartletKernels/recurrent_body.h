/* Cells of recurrent networks: what happens to one row of gates after the matrix products. */

INLINE vf clip_gate(vf x, vf limit) { return v_min(limit, v_max(v_neg(limit), x)); }

static void lstm_cell(const float *x, const float *r, const float *peephole, float clip, float *c, float *h, size_t n) {
    const vf limit = v_set(clip);
    VECTORS(j, n, {
        vf i = GET(x + j) + GET(r + j);
        vf o = GET(x + n + j) + GET(r + n + j);
        vf f = GET(x + 2 * n + j) + GET(r + 2 * n + j);
        vf g = clip_gate(GET(x + 3 * n + j) + GET(r + 3 * n + j), limit);
        vf cell = GET(c + j);
        if (peephole) {
            i = v_fma(GET(peephole + j), cell, i);
            f = v_fma(GET(peephole + 2 * n + j), cell, f);
        }
        cell = v_fma(v_sigmoid(clip_gate(f, limit)), cell, v_sigmoid(clip_gate(i, limit)) * v_tanh(g));
        if (peephole) o = v_fma(GET(peephole + n + j), cell, o);
        PUT(c + j, cell);
        PUT(h + j, v_sigmoid(clip_gate(o, limit)) * v_tanh(clip_gate(cell, limit)));
    });
}

static void gru_cell(const float *x, const float *r, float clip, float *h, size_t n) {
    const vf limit = v_set(clip);
    VECTORS(j, n, {
        vf z = v_sigmoid(clip_gate(GET(x + j) + GET(r + j), limit));
        vf reset = v_sigmoid(clip_gate(GET(x + n + j) + GET(r + n + j), limit));
        vf g = v_tanh(clip_gate(v_fma(reset, GET(r + 2 * n + j), GET(x + 2 * n + j)), limit));
        PUT(h + j, v_fma(z, GET(h + j) - g, g));
    });
}

/* The state S [keys, values] of one head over its steps. */
static void linear_attention(const mk_linear_attention *a, float *state, size_t steps) {
    const size_t keys = a->keys, n = a->values;
    for (size_t t = 0; t < steps; t++) {
        const float *k = a->k + t * a->k_stride, *v = a->v + t * a->v_stride;
        float *correction = a->scratch;
        if (a->decay) {
            const float *g = a->decay + t * a->decay_stride;
            for (size_t d = 0; d < keys; d++) {
                const vf factor = v_set(expf(g[a->decay_per_key ? d : 0]));
                float *row = state + d * n;
                VECTORS(j, n, { PUT(row + j, GET(row + j) * factor); });
            }
        }
        if (a->beta) {
            const vf beta = v_set(a->beta[t * a->beta_stride]);
            VECTORS(j, n, {
                vf found = v_set(0.0f);
                for (size_t d = 0; d < keys; d++) found = v_fma(GET(state + d * n + j), v_set(k[d]), found);
                PUT(correction + j, beta * (GET(v + j) - found));
            });
            v = correction;
        }
        for (size_t d = 0; d < keys; d++) {
            const vf factor = v_set(k[d]);
            float *row = state + d * n;
            VECTORS(j, n, { PUT(row + j, v_fma(factor, GET(v + j), GET(row + j))); });
        }
        for (size_t head = 0; head < a->queries; head++) {
            const float *q = a->q + t * a->q_stride + head * keys;
            float *y = a->y + t * a->y_stride + head * n;
            VECTORS(j, n, {
                vf sum = v_set(0.0f);
                for (size_t d = 0; d < keys; d++) sum = v_fma(v_set(q[d]), GET(state + d * n + j), sum);
                PUT(y + j, sum * v_set(a->scale));
            });
        }
    }
}
