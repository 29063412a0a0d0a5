/* Pooling of one plane or volume: rows of the input that a row of windows covers are joined vector by vector, then the
 * columns of that joined row. */

INLINE vf pool_join(int32_t kind, vf a, vf b) {
    /* a NaN in either stays */
    return kind == MK_WINDOW_max ? v_select(v_nan(b), b, v_select(v_lt(a, b), b, a)) : a + b;
}

/* row[i] = join(row[i], x[i]) */
INLINE void pool_rows(int32_t kind, float *row, const float *x, size_t n, int first) {
    if (first) {
        memcpy(row, x, n * sizeof(float));
        return;
    }
    size_t i = 0;
    for (; i + W <= n; i += W) v_store(row + i, pool_join(kind, v_load(row + i), v_load(x + i)));
    if (i < n) v_storen(row + i, pool_join(kind, v_loadn(row + i, n - i), v_loadn(x + i, n - i)), n - i);
}

/* y[o] = join of row[o * stride + k * dilation] over k < kernel; row is padded at both ends */
INLINE void pool_columns(int32_t kind, const float *row, size_t kernel, size_t stride, size_t dilation, float *y,
                         size_t outputs) {
    if (stride == 1) {
        for (size_t o = 0; o < outputs; o += W) {
            const size_t n = outputs - o < W ? outputs - o : W;
            vf joined = v_loadn(row + o, n);
            for (size_t k = 1; k < kernel; k++) joined = pool_join(kind, joined, v_loadn(row + o + k * dilation, n));
            v_storen(y + o, joined, n);
        }
        return;
    }
    for (size_t o = 0; o < outputs; o++) y[o] = row[o * stride];
    for (size_t k = 1; k < kernel; k++) {
        const float *x = row + k * dilation;
        if (kind == MK_WINDOW_max)
            for (size_t o = 0; o < outputs; o++) {
                const float a = y[o], b = x[o * stride];
                y[o] = b != b || a < b ? b : a;
            }
        else
            for (size_t o = 0; o < outputs; o++) y[o] += x[o * stride];
    }
}

static void pool_f32(const mk_pool *p, const float *x, float *y, float *row) {
    const mk_axis *d = &p->axes[0], *h = &p->axes[1], *w = &p->axes[2];
    const float neutral = p->kind == MK_WINDOW_max ? -INFINITY : 0.0f;
    const size_t padded = (w->output - 1) * w->stride + (w->kernel - 1) * w->dilation + 1;
    const size_t room = padded > w->before ? padded - w->before : 0, width = w->input < room ? w->input : room;
    for (size_t i = 0; i < padded; i++) row[i] = neutral;
    for (size_t od = 0; od < d->output; od++)
        for (size_t oh = 0; oh < h->output; oh++, y += w->output) {
            int first = 1;
            for (size_t kd = 0; kd < d->kernel; kd++) {
                const size_t id = od * d->stride + kd * d->dilation - d->before;
                if (id >= d->input) continue; /* also what would be negative */
                for (size_t kh = 0; kh < h->kernel; kh++) {
                    const size_t ih = oh * h->stride + kh * h->dilation - h->before;
                    if (ih >= h->input) continue;
                    pool_rows(p->kind, row + w->before, x + (id * h->input + ih) * w->input, width, first);
                    first = 0;
                }
            }
            if (first)
                for (size_t i = 0; i < width; i++) row[w->before + i] = neutral;
            pool_columns(p->kind, row, w->kernel, w->stride, w->dilation, y, w->output);
            if (p->kind != MK_WINDOW_mean) continue;
            const float lines = p->counts[od] * p->counts[d->output + oh];
            const float *columns = p->counts + d->output + h->output;
            for (size_t o = 0; o < w->output; o++) y[o] /= lines * columns[o];
        }
}
