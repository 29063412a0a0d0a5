/* Convolution of one plane with one small kernel (depthwise convolution): several rows of the result at once, so that a row
 * of the input is read once for all of them. Where rows are short, or columns are skipped, they are read from a padded copy. */

#define STENCIL_ROWS 4
/* Floats of the copy, which lies on the stack. */
#define STENCIL_COPY 6144

/* `rows` rows of W results from column `ox` on. edge: whether lanes may lie in the padding or past the end. */
INLINE void stencil_block(const mk_conv *c, const size_t kernel, const size_t stride, const size_t rows, size_t oy,
                          size_t ox, size_t n, const int edge) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const vf bias = v_set(c->bias ? c->bias[0] : 0.0f);
    vf sum[STENCIL_ROWS];
    UNROLL for (size_t r = 0; r < rows; r++) sum[r] = bias;
    const ptrdiff_t left = (ptrdiff_t)(ox * stride) - (ptrdiff_t)w->before;
    UNROLL for (size_t line = 0; line < (rows - 1) * stride + kernel; line++) {
        const size_t iy = oy * stride + line - h->before;
        if (iy >= h->input) continue; /* also what would be negative */
        const float *x = c->x + iy * w->input;
        UNROLL for (size_t k = 0; k < kernel; k++) {
            const ptrdiff_t start = left + (ptrdiff_t)k;
            size_t lo = 0, hi = W;
            if (edge) inside(start, stride, w->input, n, &lo, &hi);
            const vf v = stride == 1 && !edge ? v_load(x + start) : v_load_strided(x + start, stride, lo, hi);
            UNROLL for (size_t r = 0; r < rows; r++)
                if (line >= r * stride && line - r * stride < kernel)
                    sum[r] = v_fma(v, v_set(c->w[(line - r * stride) * kernel + k]), sum[r]);
        }
    }
    UNROLL for (size_t r = 0; r < rows; r++) {
        float *y = c->y + (oy + r) * w->output + ox;
        if (n == W) v_store(y, sum[r]);
        else v_storen(y, sum[r], n);
    }
}

/* One row by any kernel. */
static void stencil_any_row(const mk_conv *c, size_t oy) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    for (size_t ox = 0; ox < w->output; ox += W) {
        const size_t n = w->output - ox < W ? w->output - ox : W;
        vf sum = v_set(c->bias ? c->bias[0] : 0.0f);
        for (size_t kh = 0; kh < h->kernel; kh++) {
            const size_t iy = oy * h->stride + kh * h->dilation - h->before;
            if (iy >= h->input) continue; /* also what would be negative */
            const float *x = c->x + iy * w->input;
            for (size_t kw = 0; kw < w->kernel; kw++) {
                const ptrdiff_t start = (ptrdiff_t)(ox * w->stride + kw * w->dilation) - (ptrdiff_t)w->before;
                size_t lo, hi;
                inside(start, w->stride, w->input, n, &lo, &hi);
                sum = v_fma(v_load_strided(x + start, w->stride, lo, hi), v_set(c->w[kh * w->kernel + kw]), sum);
            }
        }
        v_storen(c->y + oy * w->output + ox, sum, n);
    }
}

/* What follows the sums of rows oy..<oy + rows. */
INLINE void stencil_end(const mk_conv *c, size_t oy, size_t rows) {
    const size_t start = oy * c->axes[2].output;
    tile_end end = conv_end(c, 0, start, 0);
    if (end.activation == MK_ACT_none && !end.residual && !end.scales) return;
    finishers[c->activation](c->y + start, 0, 1, rows * c->axes[2].output, &end, c->y + start, 0);
}

INLINE void stencil_rows(const mk_conv *c, const size_t kernel, const size_t stride, const size_t rows, size_t oy) {
    const mk_axis *w = &c->axes[2];
    /* Blocks whose windows lie inside the row need no masks. */
    const size_t reach = kernel - 1 + (W - 1) * stride + 1;
    for (size_t ox = 0; ox < w->output; ox += W) {
        const size_t n = w->output - ox < W ? w->output - ox : W;
        if (n == W && ox * stride >= w->before && ox * stride - w->before + reach <= w->input)
            stencil_block(c, kernel, stride, rows, oy, ox, W, 0);
        else stencil_block(c, kernel, stride, rows, oy, ox, n, 1);
    }
    stencil_end(c, oy, rows);
}

/* One line of the copy: the elements of a row behind its padding, a line for each phase of the stride. What is not written
 * is zero already. */
INLINE void stencil_line(const float *x, size_t length, size_t before, const size_t stride, float *to, size_t pitch) {
    if (stride == 1) {
        const size_t n = length < pitch - before ? length : pitch - before;
        size_t i = 0;
        for (; i + W <= n; i += W) v_store(to + before + i, v_load(x + i));
        if (i < n) v_storen(to + before + i, v_loadn(x + i, n - i), n - i);
        return;
    }
    /* Elements 0, 2, … lie in one phase, 1, 3, … in the other. */
    float *even = to + before % 2 * pitch + before / 2, *odd = to + (before + 1) % 2 * pitch + (before + 1) / 2;
    const size_t room = 2 * (pitch - (before + 1) / 2), n = length < room ? length : room;
    for (size_t i = 0; i < n; i += 2 * W) {
        const size_t left = n - i < 2 * W ? n - i : 2 * W, first = left < W ? left : W;
        const vf a = v_loadn(x + i, first), b = v_loadn(x + i + first, left - first);
        v_storen(even + i / 2, EVENS(a, b), (left + 1) / 2);
        v_storen(odd + i / 2, ODDS(a, b), left / 2);
    }
}

/* Four rows of results, or one, from the copy. */
INLINE void stencil_copied(const mk_conv *c, const size_t kernel, const size_t stride, const size_t rows, size_t oy,
                           const float *copy, size_t pitch) {
    const size_t width = c->axes[2].output;
    const vf bias = v_set(c->bias ? c->bias[0] : 0.0f);
    for (size_t ox = 0; ox < width; ox += W) {
        vf sum[STENCIL_ROWS];
        UNROLL for (size_t r = 0; r < rows; r++) sum[r] = bias;
        UNROLL for (size_t line = 0; line < (rows - 1) * stride + kernel; line++)
            UNROLL for (size_t k = 0; k < kernel; k++) {
                const vf v = v_load(copy + (line * stride + k % stride) * pitch + ox + k / stride);
                UNROLL for (size_t r = 0; r < rows; r++)
                    if (line >= r * stride && line - r * stride < kernel)
                        sum[r] = v_fma(v, v_set(c->w[(line - r * stride) * kernel + k]), sum[r]);
            }
        UNROLL for (size_t r = 0; r < rows; r++) {
            float *y = c->y + (oy + r) * width + ox;
            if (width - ox >= W) v_store(y, sum[r]);
            else v_storen(y, sum[r], width - ox);
        }
    }
    stencil_end(c, oy, rows);
}

/* Bands of rows by way of a copy; false if it has no room for them. */
INLINE int stencil_by_copy(const mk_conv *c, const size_t kernel, const size_t stride) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t pitch = (w->output + W - 1) / W * W + (kernel - 1) / stride;
    const size_t most = STENCIL_COPY / (pitch * stride), needed = (STENCIL_ROWS - 1) * stride + kernel;
    if (most < needed || w->before >= W) return 0;
    size_t band = ((most - kernel) / stride + 1) / STENCIL_ROWS * STENCIL_ROWS;
    if (band > h->output) band = h->output;
    const size_t lines = (band - 1) * stride + kernel;
    float copy[STENCIL_COPY];
    memset(copy, 0, lines * stride * pitch * sizeof(float));
    for (size_t y = 0; y < h->output; y += band) {
        const size_t rows = h->output - y < band ? h->output - y : band;
        for (size_t line = 0; line < (rows - 1) * stride + kernel; line++) {
            const size_t iy = y * stride + line - h->before;
            float *to = copy + line * stride * pitch;
            if (iy < h->input) stencil_line(c->x + iy * w->input, w->input, w->before, stride, to, pitch);
            else memset(to, 0, stride * pitch * sizeof(float));
        }
        size_t r = 0;
        for (; r + STENCIL_ROWS <= rows; r += STENCIL_ROWS)
            stencil_copied(c, kernel, stride, STENCIL_ROWS, y + r, copy + r * stride * stride * pitch, pitch);
        for (; r < rows; r++) stencil_copied(c, kernel, stride, 1, y + r, copy + r * stride * stride * pitch, pitch);
    }
    return 1;
}

#define STENCIL(kernel, stride)                                                                                        \
    static void stencil_##kernel##x##stride(const mk_conv *c) {                                                        \
        if ((stride == 2 || c->axes[2].output < 5 * W) && stencil_by_copy(c, kernel, stride)) return;                  \
        size_t y = 0;                                                                                                  \
        for (; y + STENCIL_ROWS <= c->axes[1].output; y += STENCIL_ROWS) stencil_rows(c, kernel, stride, STENCIL_ROWS, y); \
        for (; y < c->axes[1].output; y++) stencil_rows(c, kernel, stride, 1, y);                                      \
    }
STENCIL(3, 1)
STENCIL(3, 2)
STENCIL(5, 1)
STENCIL(5, 2)

static void conv_plane_f32(const mk_conv *c) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    if (h->kernel == w->kernel && h->stride == w->stride && h->dilation == 1 && w->dilation == 1) {
        if (h->kernel == 3 && h->stride == 1) return stencil_3x1(c);
        if (h->kernel == 3 && h->stride == 2) return stencil_3x2(c);
        if (h->kernel == 5 && h->stride == 1) return stencil_5x1(c);
        if (h->kernel == 5 && h->stride == 2) return stencil_5x2(c);
    }
    for (size_t y = 0; y < h->output; y++) {
        stencil_any_row(c, y);
        stencil_end(c, y, 1);
    }
}
