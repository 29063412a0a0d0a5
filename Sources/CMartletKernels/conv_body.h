/* Convolution as a matrix product: the weights are its rows, as they are stored; windows of the input are gathered into
 * panels [depth][MK_PANEL] of output places ("im2col") that the register tile of gemm_body.h reads. Where a kernel is one
 * element and there are few rows of weights, the tile reads the input itself. */

/* Lanes lo..<hi of the W at p; zeros elsewhere. */
INLINE vf v_load_between(const float *p, size_t lo, size_t hi) {
#if MK_LEVEL == 2
    return _mm512_maskz_loadu_ps((vm)(v_first(hi) & ~v_first(lo)), p);
#elif MK_LEVEL == 1
    return _mm256_maskload_ps(p, (__m256i)(v_first(hi) & ~v_first(lo)));
#else
    vf a = {0};
    for (size_t i = lo; i < hi; i++) a[i] = p[i];
    return a;
#endif
}

#if MK_LEVEL == 2
#define EVENS(a, b)                                                                                                    \
    __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODDS(a, b)                                                                                                     \
    __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif MK_LEVEL == 1
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#else
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#endif

/* Element 2i of p for lanes lo..<hi, zeros elsewhere; nothing past the last of them is read. */
INLINE vf v_load_evens(const float *p, size_t lo, size_t hi) {
    const size_t from = 2 * lo, to = hi ? 2 * hi - 1 : 0;
    const vf a = v_load_between(p, from < W ? from : W, to < W ? to : W);
    const vf b = v_load_between(p + W, from < W ? 0 : from - W, to < W ? 0 : to - W);
    return EVENS(a, b);
}

/* Elements p[i * stride] for lanes lo..<hi, zeros elsewhere. */
INLINE vf v_load_strided(const float *p, size_t stride, size_t lo, size_t hi) {
    if (hi <= lo) return v_set(0.0f);
    if (stride == 1) return v_load_between(p, lo, hi);
    if (stride == 2) return v_load_evens(p, lo, hi);
    vf a = {0};
    for (size_t i = lo; i < hi; i++) a[i] = p[i * stride];
    return a;
}

/* Which of n places that begin at `start` (maybe in the padding) and lie `stride` apart are inside `length`. */
INLINE void inside(ptrdiff_t start, size_t stride, size_t length, size_t n, size_t *lo, size_t *hi) {
    const size_t first = start >= 0 ? 0 : ((size_t)-start + stride - 1) / stride;
    const size_t end = start >= (ptrdiff_t)length ? 0 : (size_t)((ptrdiff_t)length - 1 - start) / stride + 1;
    *hi = end < n ? end : n;
    *lo = first < *hi ? first : *hi;
}

/* Fills columns `at`.. of a panel with the windows of n consecutive places of one row of the output. */
static void pack_run(const mk_conv *c, size_t od, size_t oh, size_t ow, size_t n, float *panel, size_t channel0,
                     size_t channel1) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    const size_t plane = d->input * h->input * w->input, places = d->kernel * h->kernel * w->kernel;
    for (size_t kw = 0; kw < w->kernel; kw++) {
        const ptrdiff_t iw = (ptrdiff_t)(ow * w->stride + kw * w->dilation) - (ptrdiff_t)w->before;
        size_t lo, hi;
        inside(iw, w->stride, w->input, n, &lo, &hi);
        for (size_t kd = 0; kd < d->kernel; kd++)
            for (size_t kh = 0; kh < h->kernel; kh++) {
                const size_t id = od * d->stride + kd * d->dilation - d->before;
                const size_t ih = oh * h->stride + kh * h->dilation - h->before;
                const int empty = id >= d->input || ih >= h->input; /* also what would be negative */
                const size_t first = empty ? n : lo, last = empty ? n : hi;
                const ptrdiff_t offset = empty ? 0 : (ptrdiff_t)((id * h->input + ih) * w->input) + iw;
                float *to = panel + (channel0 * places + (kd * h->kernel + kh) * w->kernel + kw) * MK_PANEL;
                for (size_t j = 0; j < n; j += W) {
                    const size_t left = n - j < W ? n - j : W;
                    const size_t l = first > j ? (first - j < left ? first - j : left) : 0;
                    const size_t r = last > j ? (last - j < left ? last - j : left) : 0;
                    const float *from = c->x + channel0 * plane + offset + (ptrdiff_t)(j * w->stride);
                    float *target = to + j;
                    if (l == 0 && r == W && w->stride == 1) {
                        for (size_t i = channel0; i < channel1; i++, from += plane, target += places * MK_PANEL)
                            v_store(target, v_load(from));
                    } else if (empty) {
                        for (size_t i = channel0; i < channel1; i++, target += places * MK_PANEL)
                            v_storen(target, v_set(0.0f), left);
                    } else {
                        for (size_t i = channel0; i < channel1; i++, from += plane, target += places * MK_PANEL)
                            v_storen(target, v_load_strided(from, w->stride, l, r), left);
                    }
                }
            }
    }
}

/* One panel, by blocks of channels whose rows stay in L1 over all kernel places. */
static void pack_windows(const mk_conv *c, size_t depth, size_t panel, size_t count, float *dst) {
    enum { CHANNELS = 32 };
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    if (count < MK_PANEL) memset(dst, 0, depth * MK_PANEL * sizeof(float));
    for (size_t i = 0; i < c->channels; i += CHANNELS) {
        const size_t end = i + CHANNELS < c->channels ? i + CHANNELS : c->channels;
        for (size_t done = 0; done < count;) {
            const size_t place = panel * MK_PANEL + done, row = place / w->output, column = place % w->output;
            const size_t room = w->output - column, n = count - done < room ? count - done : room;
            pack_run(c, row / h->output, row % h->output, column, n, dst + done, i, end);
            done += n;
        }
    }
}

/* Whole panels of a kernel of one element: every channel is read in one run over all of them. */
static void pack_elements(const float *x, size_t plane, size_t channels, size_t panels, float *dst) {
    for (size_t i = 0; i < channels; i++, x += plane)
        for (size_t p = 0; p < panels; p++)
            _Pragma("clang loop unroll(full)") for (size_t j = 0; j < MK_PANEL; j += W)
                v_store(dst + (p * channels + i) * MK_PANEL + j, v_load(x + p * MK_PANEL + j));
}

INLINE tile_end conv_end(const mk_conv *c, size_t from, size_t at, size_t places) {
    return (tile_end){.alpha = 1.0f,
                      .row_bias = c->bias ? c->bias + from : NULL,
                      .residual = c->residual ? c->residual + at : NULL,
                      .ldr = places,
                      .activation = c->activation,
                      .adds_first = 1,
                      .a = c->a,
                      .b = c->b,
                      .scales = c->scale != 1.0f || c->shift != 0.0f,
                      .scale = c->scale,
                      .shift = c->shift};
}

/* Rows from..<from + rows of the weights times one panel. */
INLINE void conv_tiles(const mk_conv *c, const conv_plan *plan, const float *panel, size_t ldb, size_t first,
                       size_t from, size_t rows) {
    const size_t places = plan->places, count = places - first < MK_PANEL ? places - first : MK_PANEL;
    for (size_t j = 0; j < count; j += TILE_COLUMNS) {
        const size_t n = count - j < TILE_COLUMNS ? count - j : TILE_COLUMNS, at = from * places + first + j;
        const tile_end end = conv_end(c, from, at, places);
        tiles[n > W][rows - 1](plan->depth, c->w + from * plan->depth, plan->depth, panel + j, ldb, c->y + at, places, n,
                               &end);
    }
}

static void conv_packed(const mk_conv *c, const conv_plan *plan, float *scratch, size_t p0, size_t p1) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    const size_t places = plan->places, depth = plan->depth, blocks = (c->out + TILE_ROWS - 1) / TILE_ROWS;
    const int single = depth == c->channels && places == d->input * h->input * w->input && !w->before && !h->before &&
                       !d->before && w->stride == 1 && h->stride == 1 && d->stride == 1;
    /* Weights that stay in L2 are read again for each panel; larger ones once for a chunk of panels. */
    const int large = c->out * depth * sizeof(float) > 512 * 1024;
    for (size_t p = p0; p < p1;) {
        const size_t whole = places / MK_PANEL;
        size_t panels = p1 - p < plan->panels ? p1 - p : plan->panels;
        const float *source = scratch;
        size_t ldb = MK_PANEL, next = depth * MK_PANEL;
        if (single && p < whole) {
            if (panels > whole - p) panels = whole - p;
            if (blocks <= 2) {
                source = c->x + p * MK_PANEL;
                ldb = places;
                next = MK_PANEL;
            } else {
                pack_elements(c->x + p * MK_PANEL, places, depth, panels, scratch);
            }
        } else {
            for (size_t i = 0; i < panels; i++) {
                const size_t first = (p + i) * MK_PANEL;
                pack_windows(c, depth, p + i, places - first < MK_PANEL ? places - first : MK_PANEL,
                             scratch + i * next);
            }
        }
        for (size_t outer = 0; outer < (large ? blocks : panels); outer++)
            for (size_t inner = 0; inner < (large ? panels : blocks); inner++) {
                const size_t i = large ? inner : outer, block = large ? outer : inner;
                /* blocks of nearly equal height: no thin one at the end */
                const size_t from = c->out * block / blocks, rows = c->out * (block + 1) / blocks - from;
                conv_tiles(c, plan, source + i * next, ldb, (p + i) * MK_PANEL, from, rows);
            }
        p += panels;
    }
}

/* One line of a copy: elements start, start + stride, … of a row of the input, zeros outside. */
static void copy_line(const float *x, ptrdiff_t start, size_t stride, size_t length, float *y, size_t n) {
    size_t lo, hi;
    inside(start, stride, length, n, &lo, &hi);
    for (size_t j = 0; j < n; j += W) {
        const size_t left = n - j < W ? n - j : W;
        const size_t l = lo > j ? (lo - j < left ? lo - j : left) : 0, r = hi > j ? (hi - j < left ? hi - j : left) : 0;
        v_storen(y + j, v_load_strided(x + start + (ptrdiff_t)(j * stride), stride, l, r), left);
    }
}

/* What result rows y0..<y0 + rows see, padded, a copy for each phase of the strides. */
static void copy_rows(const mk_conv *c, const conv_plan *plan, size_t y0, size_t rows, float *copies) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t lines = plan->lines - (plan->rows - rows);
    for (size_t i = 0; i < c->channels; i++)
        for (size_t ph = 0; ph < plan->phases[0]; ph++)
            for (size_t pw = 0; pw < plan->phases[1]; pw++, copies += plan->lines * plan->pitch)
                for (size_t line = 0; line < lines; line++) {
                    const size_t iy = (y0 + line) * h->stride + ph - h->before; /* or too large where negative */
                    float *to = copies + line * plan->pitch;
                    if (iy >= h->input) memset(to, 0, plan->pitch * sizeof(float));
                    else
                        copy_line(c->x + (i * h->input + iy) * w->input, (ptrdiff_t)pw - (ptrdiff_t)w->before, w->stride,
                                  w->input, to, plan->pitch);
                }
}

/* Where in the copies each element of a sum lies, for place 0. */
static void copy_offsets(const mk_conv *c, const conv_plan *plan, size_t *offsets) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t copy = plan->lines * plan->pitch;
    for (size_t i = 0; i < c->channels; i++)
        for (size_t kh = 0; kh < h->kernel; kh++)
            for (size_t kw = 0; kw < w->kernel; kw++) {
                const size_t y = kh * h->dilation, x = kw * w->dilation;
                const size_t phase = y % h->stride * plan->phases[1] + x % w->stride;
                *offsets++ = (i * plan->phases[0] * plan->phases[1] + phase) * copy + y / h->stride * plan->pitch +
                             x / w->stride;
            }
}

/* One tile of a flat panel that begins at place q of the copies: whole if it lies in one row of the result, else by way of
 * a buffer, without what lies between the rows. */
INLINE void flat_tile(const mk_conv *c, const conv_plan *plan, const float *copies, const size_t *offsets, size_t y0,
                      size_t q, size_t n, size_t from, size_t rows) {
    const size_t width = c->axes[2].output, depth = plan->depth;
    const float *weights = c->w + from * depth;
    size_t row = q / plan->pitch, column = q % plan->pitch;
    if (column + n <= width) {
        const size_t at = from * plan->places + (y0 + row) * width + column;
        const tile_end end = conv_end(c, from, at, plan->places);
        tiles_at[n > W][rows - 1](depth, weights, depth, copies + q, offsets, c->y + at, plan->places, n, &end);
        return;
    }
    float sums[TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
    const tile_end plain = {.alpha = 1.0f, .row_bias = c->bias ? c->bias + from : NULL};
    tiles_at[n > W][rows - 1](depth, weights, depth, copies + q, offsets, sums, TILE_COLUMNS, n, &plain);
    for (size_t done = 0; done < n; row++, column = 0) {
        if (column < width) {
            const size_t run = width - column < n - done ? width - column : n - done;
            const size_t at = from * plan->places + (y0 + row) * width + column;
            const tile_end end = conv_end(c, from, at, plan->places);
            finishers[c->activation](sums + done, TILE_COLUMNS, rows, run, &end, c->y + at, plan->places);
        }
        done += plan->pitch - column;
    }
}

static void conv_flat(const mk_conv *c, const conv_plan *plan, float *scratch, size_t r0, size_t r1) {
    const size_t blocks = (c->out + TILE_ROWS - 1) / TILE_ROWS;
    size_t *offsets = (size_t *)scratch;
    float *copies = scratch + (plan->depth * sizeof(size_t) + 63) / 64 * 64 / sizeof(float);
    copy_offsets(c, plan, offsets);
    for (size_t y = r0; y < r1; y += plan->rows) {
        const size_t rows = r1 - y < plan->rows ? r1 - y : plan->rows;
        const size_t end = (rows - 1) * plan->pitch + c->axes[2].output;
        copy_rows(c, plan, y, rows, copies);
        for (size_t q = 0; q < end; q += TILE_COLUMNS)
            for (size_t block = 0; block < blocks; block++) {
                const size_t from = c->out * block / blocks, height = c->out * (block + 1) / blocks - from;
                flat_tile(c, plan, copies, offsets, y, q, end - q < TILE_COLUMNS ? end - q : TILE_COLUMNS, from, height);
            }
    }
}
