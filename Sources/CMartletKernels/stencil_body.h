/* Convolution of one plane with one small kernel (depthwise convolution): several rows of the result at once, so that a row
 * of the input is read once for all of them. Where rows are short, or columns are skipped, they are read from a padded copy. */

#define STENCIL_ROWS 4
/* Floats of the copy, which lies on the stack. */
#define STENCIL_COPY 6144

/* The shape of a square kernel and its strides, known when compiled. */
typedef struct {
    size_t kernel, down, across;
} stencil;

/* `rows` rows of W results from column `ox` on. edge: whether lanes may lie in the padding or past the end. */
INLINE void stencil_block(const mk_conv *c, const stencil s, const size_t rows, size_t oy, size_t ox, size_t n,
                          const int edge) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const vf bias = v_set(c->bias ? c->bias[0] : 0.0f);
    vf sum[STENCIL_ROWS];
    UNROLL for (size_t r = 0; r < rows; r++) sum[r] = bias;
    const ptrdiff_t left = (ptrdiff_t)(ox * s.across) - (ptrdiff_t)w->before;
    UNROLL for (size_t line = 0; line < (rows - 1) * s.down + s.kernel; line++) {
        const size_t iy = oy * s.down + line - h->before;
        if (iy >= h->input) continue; /* also what would be negative */
        const float *x = c->x + iy * w->input;
        UNROLL for (size_t k = 0; k < s.kernel; k++) {
            const ptrdiff_t start = left + (ptrdiff_t)k;
            size_t lo = 0, hi = W;
            if (edge) inside(start, s.across, w->input, n, &lo, &hi);
            const vf v = s.across == 1 && !edge ? v_load(x + start) : v_load_strided(x + start, s.across, lo, hi);
            UNROLL for (size_t r = 0; r < rows; r++)
                if (line >= r * s.down && line - r * s.down < s.kernel)
                    sum[r] = v_fma(v, v_set(c->w[(line - r * s.down) * s.kernel + k]), sum[r]);
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

INLINE void stencil_rows(const mk_conv *c, const stencil s, const size_t rows, size_t oy) {
    const mk_axis *w = &c->axes[2];
    /* Blocks whose windows lie inside the row need no masks. */
    const size_t reach = s.kernel - 1 + (W - 1) * s.across + 1;
    for (size_t ox = 0; ox < w->output; ox += W) {
        const size_t n = w->output - ox < W ? w->output - ox : W;
        if (n == W && ox * s.across >= w->before && ox * s.across - w->before + reach <= w->input)
            stencil_block(c, s, rows, oy, ox, W, 0);
        else stencil_block(c, s, rows, oy, ox, n, 1);
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

/* Rows of results from the copy; `line0` is the row of the input that its first line holds, if it is one. */
INLINE void stencil_copied(const mk_conv *c, const stencil s, const size_t rows, size_t oy, size_t line0,
                           const float *copy, size_t pitch) {
    const size_t width = c->axes[2].output;
    const vf bias = v_set(c->bias ? c->bias[0] : 0.0f);
    for (size_t ox = 0; ox < width; ox += W) {
        vf sum[STENCIL_ROWS];
        UNROLL for (size_t r = 0; r < rows; r++) sum[r] = bias;
        UNROLL for (size_t line = 0; line < (rows - 1) * s.down + s.kernel; line++) {
            if (line0 + line >= c->axes[1].input) continue; /* also what would be negative */
            UNROLL for (size_t k = 0; k < s.kernel; k++) {
                const vf v = v_load(copy + (line * s.across + k % s.across) * pitch + ox + k / s.across);
                UNROLL for (size_t r = 0; r < rows; r++)
                    if (line >= r * s.down && line - r * s.down < s.kernel)
                        sum[r] = v_fma(v, v_set(c->w[(line - r * s.down) * s.kernel + k]), sum[r]);
            }
        }
        UNROLL for (size_t r = 0; r < rows; r++) {
            float *y = c->y + (oy + r) * width + ox;
            if (width - ox >= W) v_store(y, sum[r]);
            else v_storen(y, sum[r], width - ox);
        }
    }
}

/* Where copies are of use: lines of `pitch` floats, for `band` rows of results at once. */
typedef struct {
    size_t pitch, band;
} stencil_copies;

/* No band if there is no room for one. */
INLINE stencil_copies stencil_plan(const mk_conv *c, const stencil s) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    stencil_copies plan = {.pitch = (w->output + W - 1) / W * W + (s.kernel - 1) / s.across};
    if ((s.across == 1 && w->output >= 5 * W) || w->before >= W) return plan;
    const size_t most = STENCIL_COPY / (plan.pitch * s.across), needed = (STENCIL_ROWS - 1) * s.down + s.kernel;
    if (most < needed) return plan;
    plan.band = ((most - s.kernel) / s.down + 1) / STENCIL_ROWS * STENCIL_ROWS;
    if (plan.band > h->output) plan.band = h->output;
    return plan;
}

/* A plane by way of a copy that is zero where no element of the input goes. */
INLINE void stencil_by_copy(const mk_conv *c, const stencil s, const stencil_copies *plan, float *copy) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t pitch = plan->pitch;
    for (size_t y = 0; y < h->output; y += plan->band) {
        const size_t rows = h->output - y < plan->band ? h->output - y : plan->band, first = y * s.down - h->before;
        for (size_t line = 0; line < (rows - 1) * s.down + s.kernel; line++)
            if (first + line < h->input)
                stencil_line(c->x + (first + line) * w->input, w->input, w->before, s.across,
                             copy + line * s.across * pitch, pitch);
        size_t r = 0;
#define ROWS(n) stencil_copied(c, s, n, y + r, first + r * s.down, copy + r * s.down * s.across * pitch, pitch)
        for (; r + STENCIL_ROWS <= rows; r += STENCIL_ROWS) ROWS(STENCIL_ROWS);
        if (rows - r == 3) ROWS(3);
        if (rows - r == 2) ROWS(2);
        if (rows - r == 1) ROWS(1);
#undef ROWS
        stencil_end(c, y, rows);
    }
}

/* Plane p of many that differ in their numbers alone. */
INLINE mk_conv stencil_plane(const mk_conv *c, size_t kernels, size_t p) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t places = h->output * w->output, kernel = p % kernels;
    mk_conv one = *c;
    one.x += p * h->input * w->input;
    one.y += p * places;
    one.w += kernel * h->kernel * w->kernel;
    if (c->bias) one.bias += kernel;
    if (c->residual) one.residual += p * places;
    return one;
}

INLINE void stencil_planes(const mk_conv *c, const stencil s, size_t kernels, size_t p0, size_t p1) {
    const stencil_copies plan = stencil_plan(c, s);
    float copy[STENCIL_COPY];
    if (plan.band) memset(copy, 0, ((plan.band - 1) * s.down + s.kernel) * s.across * plan.pitch * sizeof(float));
    for (size_t p = p0; p < p1; p++) {
        const mk_conv one = stencil_plane(c, kernels, p);
        if (plan.band) {
            stencil_by_copy(&one, s, &plan, copy);
            continue;
        }
        size_t y = 0;
        for (; y + STENCIL_ROWS <= one.axes[1].output; y += STENCIL_ROWS) stencil_rows(&one, s, STENCIL_ROWS, y);
        for (; y < one.axes[1].output; y++) stencil_rows(&one, s, 1, y);
    }
}

/* kernel, stride down, stride across */
#define STENCILS(X) X(3, 1, 1) X(3, 2, 1) X(3, 1, 2) X(3, 2, 2) X(5, 1, 1) X(5, 2, 1) X(5, 1, 2) X(5, 2, 2) X(7, 1, 1)
#define STENCIL(kernel, down, across)                                                                                  \
    static void stencil_##kernel##x##down##x##across(const mk_conv *c, size_t kernels, size_t p0, size_t p1) {         \
        stencil_planes(c, (stencil){kernel, down, across}, kernels, p0, p1);                                           \
    }
STENCILS(STENCIL)
#undef STENCIL

static void conv_planes_f32(const mk_conv *c, size_t kernels, size_t p0, size_t p1) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
#define STENCIL(k, down, across)                                                                                       \
    if (h->kernel == k && w->kernel == k && h->stride == down && w->stride == across && h->dilation == 1 &&            \
        w->dilation == 1)                                                                                              \
        return stencil_##k##x##down##x##across(c, kernels, p0, p1);
    STENCILS(STENCIL)
#undef STENCIL
    for (size_t p = p0; p < p1; p++) {
        const mk_conv one = stencil_plane(c, kernels, p);
        for (size_t y = 0; y < h->output; y++) stencil_any_row(&one, y);
        stencil_end(&one, 0, h->output);
    }
}
