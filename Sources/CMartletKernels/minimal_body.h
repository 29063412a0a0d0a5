/* Minimal filtering after Winograd, F(4, 3), down the rows: four rows of results are six products of sums of six rows of the
 * input with sums of the weights' three rows, half of the twelve that a direct sum takes. Rows stay whole, so nothing is
 * shuffled; the kernel's columns are summed directly. With d the rows of the input and g those of the weights,
 * y = A'((G g) · (B'd)):
 *
 *       4  0 -5  0  1  0        1/4     0    0
 *       0 -4 -4  1  1  0       -1/6  -1/6 -1/6        1  1  1  1  1  0
 *  B' = 0  4 -4 -1  1  0   G = -1/6   1/6 -1/6   A' = 0  1 -1  2 -2  0
 *       0 -2 -1  2  1  0       1/24  1/12  1/6        0  1  1  4  4  0
 *       0  2 -1 -2  1  0       1/24 -1/12  1/6        0  1 -1  8 -8  1
 *       0  4  0 -5  0  1          0     0    1
 *
 * What is not finite would spread over rows that do not see it. It always shows in results that are not finite: those are
 * computed again directly. */

enum { MINIMAL_ROWS = 4, MINIMAL_PRODUCTS = 6 };

/* One vector of six rows. */
INLINE void minimal_sums(vf *d, float *to, size_t step) {
    const vf four = v_set(4.0f), five = v_set(5.0f), two = v_set(2.0f);
    const vf a = d[4] - four * d[2], b = d[3] - four * d[1], c = d[4] - d[2], e = two * (d[3] - d[1]);
    v_store(to, four * d[0] - five * d[2] + d[4]);
    v_store(to + step, a + b);
    v_store(to + 2 * step, a - b);
    v_store(to + 3 * step, c + e);
    v_store(to + 4 * step, c - e);
    v_store(to + 5 * step, four * d[1] - five * d[3] + d[5]);
}

/* B'd of bands b0..<b0 + bands: [product][channel][band][pitch], with the padding of each row around it. */
static void minimal_input(const mk_conv *c, const conv_plan *plan, size_t b0, size_t bands, float *v) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const size_t flat = bands * plan->pitch, step = c->channels * flat;
    const size_t n = w->input < plan->pitch - w->before ? w->input : plan->pitch - w->before, after = w->before + n;
    for (size_t i = 0; i < c->channels; i++)
        for (size_t band = 0; band < bands; band++) {
            const float *rows[MINIMAL_PRODUCTS];
            for (size_t r = 0; r < MINIMAL_PRODUCTS; r++) {
                const size_t y = (b0 + band) * MINIMAL_ROWS + r - h->before; /* or too large where negative */
                rows[r] = y < h->input ? c->x + (i * h->input + y) * w->input : NULL;
            }
            float *to = v + i * flat + band * plan->pitch;
            /* Whole vectors may run over what follows, which is written later; the last are cut. */
            for (size_t x = 0; x < n; x += W) {
                const size_t left = n - x < W ? n - x : W;
                vf d[MINIMAL_PRODUCTS];
                UNROLL for (size_t r = 0; r < MINIMAL_PRODUCTS; r++)
                    d[r] = !rows[r] ? v_set(0.0f) : left == W ? v_load(rows[r] + x) : v_loadn(rows[r] + x, left);
                if (left == W) {
                    minimal_sums(d, to + w->before + x, step);
                } else {
                    float sums[MINIMAL_PRODUCTS * W];
                    minimal_sums(d, sums, W);
                    UNROLL for (size_t r = 0; r < MINIMAL_PRODUCTS; r++)
                        v_storen(to + r * step + w->before + x, v_load(sums + r * W), left);
                }
            }
            for (size_t r = 0; r < MINIMAL_PRODUCTS; r++, to += step) {
                for (size_t x = 0; x < w->before; x++) to[x] = 0.0f;
                for (size_t x = after; x < plan->pitch; x++) to[x] = 0.0f;
            }
        }
}

/* One result, as the definition has it. */
static float minimal_direct(const mk_conv *c, size_t output, size_t oy, size_t ox) {
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const float *weight = c->w + output * c->channels * h->kernel * w->kernel;
    float sum = 0.0f;
    for (size_t i = 0; i < c->channels; i++)
        for (size_t kh = 0; kh < h->kernel; kh++)
            for (size_t kw = 0; kw < w->kernel; kw++, weight++) {
                const size_t y = oy + kh - h->before, x = ox + kw * w->dilation - w->before; /* or too large */
                if (y < h->input && x < w->input) sum += *weight * c->x[(i * h->input + y) * w->input + x];
            }
    return sum + (c->bias ? c->bias[output] : 0.0f);
}

/* A'm and bias: [row][output][TILE_COLUMNS] from [product][output][TILE_COLUMNS]. True if all is finite. */
INLINE int minimal_results(const float *products, const float *bias, size_t outputs, float *y) {
    const size_t step = TILE_ROWS * TILE_COLUMNS;
    vf odd = v_set(0.0f);
    for (size_t i = 0; i < outputs; i++) {
        const vf first = v_set(bias ? bias[i] : 0.0f);
        UNROLL for (size_t j = 0; j < TILE_COLUMNS; j += W) {
            vf m[MINIMAL_PRODUCTS];
            const float *from = products + i * TILE_COLUMNS + j;
            UNROLL for (size_t p = 0; p < MINIMAL_PRODUCTS; p++) m[p] = v_load(from + p * step);
            const vf a = m[1] + m[2], b = m[1] - m[2], d = m[3] + m[4], e = m[3] - m[4];
            const vf y0 = m[0] + a + d + first, y1 = v_fma(e, v_set(2.0f), b) + first;
            const vf y2 = v_fma(d, v_set(4.0f), a) + first, y3 = v_fma(e, v_set(8.0f), b) + m[5] + first;
            float *to = y + i * TILE_COLUMNS + j;
            v_store(to, y0);
            v_store(to + step, y1);
            v_store(to + 2 * step, y2);
            v_store(to + 3 * step, y3);
            odd += (y0 - y0) + (y1 - y1) + (y2 - y2) + (y3 - y3); /* 0, or NaN */
        }
    }
    return !v_any(v_nan(odd));
}

/* Places q..<q + n of the bands, of some outputs. */
static void minimal_tile(const mk_conv *c, const conv_plan *plan, const float *v, size_t flat, const size_t *offsets,
                         size_t b0, size_t q, size_t n, size_t from, size_t rows) {
    float products[MINIMAL_PRODUCTS * TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
    float y[MINIMAL_ROWS * TILE_ROWS * TILE_COLUMNS] __attribute__((aligned(64)));
    const size_t step = TILE_ROWS * TILE_COLUMNS, depth = c->channels * c->axes[2].kernel;
    const mk_axis *h = &c->axes[1], *w = &c->axes[2];
    const tile_end plain = {.alpha = 1.0f};
    for (size_t p = 0; p < MINIMAL_PRODUCTS; p++)
        tiles_at[n > W][rows - 1](depth, c->minimal + p * c->minimal_step + from * depth, depth,
                                  v + p * c->channels * flat + q, offsets, products + p * step, TILE_COLUMNS,
                                  n > W ? TILE_COLUMNS : W, &plain);
    if (n <= W) /* The tile has one vector; what else is read must be finite. */
        for (size_t p = 0; p < MINIMAL_PRODUCTS; p++)
            for (size_t i = 0; i < rows; i++) v_store(products + p * step + i * TILE_COLUMNS + W, v_set(0.0f));
    const int finite = minimal_results(products, c->bias ? c->bias + from : NULL, rows, y);
    size_t band = q / plan->pitch, column = q % plan->pitch;
    for (size_t done = 0; done < n; band++, column = 0) {
        const size_t run = column >= w->output ? 0 : w->output - column < n - done ? w->output - column : n - done;
        for (size_t r = 0; run && r < MINIMAL_ROWS; r++) {
            const size_t oy = (b0 + band) * MINIMAL_ROWS + r;
            if (oy >= h->output) break;
            float *sums = y + r * step + done;
            for (size_t i = 0; !finite && i < rows; i++)
                for (size_t j = 0; j < run; j++)
                    if (!isfinite(sums[i * TILE_COLUMNS + j]))
                        sums[i * TILE_COLUMNS + j] = minimal_direct(c, from + i, oy, column + j);
            const size_t at = from * plan->places + oy * w->output + column;
            tile_end end = conv_end(c, from, at, plan->places);
            finishers[c->activation](sums, TILE_COLUMNS, rows, run, &end, c->y + at, plan->places);
        }
        done += plan->pitch - column;
    }
}

/* Bands b0..<b1 of outputs o0..<o1. */
static void minimal_part(const mk_conv *c, const conv_plan *plan, float *scratch, size_t b0, size_t b1, size_t o0,
                         size_t o1) {
    const mk_axis *w = &c->axes[2];
    const size_t blocks = (o1 - o0 + TILE_ROWS - 1) / TILE_ROWS, depth = c->channels * w->kernel;
    size_t *offsets = (size_t *)scratch;
    float *v = scratch + (depth * sizeof(size_t) + 63) / 64 * 64 / sizeof(float);
    for (size_t b = b0; b < b1; b += plan->rows) {
        const size_t bands = b1 - b < plan->rows ? b1 - b : plan->rows, flat = bands * plan->pitch;
        for (size_t i = 0; i < depth; i++) offsets[i] = i / w->kernel * flat + i % w->kernel * w->dilation;
        minimal_input(c, plan, b, bands, v);
        const size_t end = (bands - 1) * plan->pitch + w->output, tiles = (end + TILE_COLUMNS - 1) / TILE_COLUMNS;
        for (size_t outer = 0; outer < (plan->parts ? blocks : tiles); outer++)
            for (size_t inner = 0; inner < (plan->parts ? tiles : blocks); inner++) {
                const size_t block = plan->parts ? outer : inner, q = (plan->parts ? inner : outer) * TILE_COLUMNS;
                const size_t from = o0 + (o1 - o0) * block / blocks, to = o0 + (o1 - o0) * (block + 1) / blocks;
                minimal_tile(c, plan, v, flat, offsets, b, q, end - q < TILE_COLUMNS ? end - q : TILE_COLUMNS, from,
                             to - from);
            }
    }
}

static void conv_minimal(const mk_conv *c, const conv_plan *plan, float *scratch, size_t u0, size_t u1) {
    if (u0 >= u1) return;
    const size_t bands = (c->axes[1].output + MINIMAL_ROWS - 1) / MINIMAL_ROWS;
    if (!plan->parts) minimal_part(c, plan, scratch, u0, u1, 0, c->out);
    else minimal_part(c, plan, scratch, 0, bands, c->out * u0 / plan->parts, c->out * u1 / plan->parts);
}

static void conv_f32(const mk_conv *c, float *scratch, size_t u0, size_t u1) {
    const conv_plan plan = mk_conv_plan(c);
    if (plan.minimal) conv_minimal(c, &plan, scratch, u0, u1);
    else if (plan.rows) conv_flat(c, &plan, scratch, u0, u1);
    else conv_packed(c, &plan, scratch, u0, u1);
}
