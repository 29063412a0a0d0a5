/* How a convolution is done, by its shape alone. */
#include "kernel_table.h"

enum { CHUNK_BYTES = 64 * 1024, COPY_BYTES = 256 * 1024, MINIMAL_BYTES = 384 * 1024, MAX_STRIDE = 4 };

/* Several panels are packed at once where they are short: longer runs of each channel are read. */
static size_t panels_at_once(size_t depth) {
    const size_t chunk = CHUNK_BYTES / (MK_PANEL * sizeof(float)) / (depth ? depth : 1);
    return chunk < 1 ? 1 : chunk > 8 ? 8 : chunk;
}

static size_t phases(const mk_axis *a) { return a->kernel < a->stride ? a->kernel : a->stride; }

/* A flat convolution computes `pitch` places for each row of `output`, but copies each element of the input about once;
 * packing moves `kernel` elements for each place, which weighs against the rows of weights that then use them. */
static int is_flat(const mk_conv *c, size_t pitch) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    const size_t kernel = h->kernel * w->kernel;
    if (d->input != 1 || d->kernel != 1 || d->output != 1 || d->before) return 0;
    if (h->stride > MAX_STRIDE || w->stride > MAX_STRIDE || (w->dilation != 1 && w->stride != 1) ||
        (h->dilation != 1 && h->stride != 1))
        return 0;
    if (kernel == 1 && h->stride == 1 && w->stride == 1) return 0;
    return (pitch - w->output) * c->out <= 4 * w->output;
}

/* Multiply-adds for each row of weights, in columns that vectors hold: half of a direct sum's, and what the sums before and
 * after cost, for rows rounded up to four. */
int32_t mk_conv_wants_minimal(const mk_conv *c) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    if (d->input != 1 || d->kernel != 1 || d->output != 1 || d->before || h->kernel != 3 || h->stride != 1 ||
        h->dilation != 1 || w->stride != 1 || c->channels < 8 || c->out < 8)
        return 0;
    const size_t bands = (h->output + 3) / 4, pitch = w->output + (w->kernel - 1) * w->dilation;
    const double columns = (double)((bands * pitch + 15) / 16 * 16), direct = (double)((h->output * w->output + 15) / 16 * 16);
    const double channels = (double)c->channels, width = (double)w->kernel;
    return columns * (6 * width * channels + 40) < 0.85 * direct * 3 * width * channels;
}

void mk_conv_minimal_weights(const float *w, size_t filters, size_t width, float *minimal) {
    const size_t step = filters * width;
    for (size_t i = 0; i < filters; i++)
        for (size_t k = 0; k < width; k++) {
            const float *g = w + i * 3 * width + k;
            const double a = g[0], b = g[width], c = g[2 * width];
            float *u = minimal + i * width + k;
            u[0] = (float)(a / 4);
            u[step] = (float)(-(a + b + c) / 6);
            u[2 * step] = (float)(-(a - b + c) / 6);
            u[3 * step] = (float)(a / 24 + b / 12 + c / 6);
            u[4 * step] = (float)(a / 24 - b / 12 + c / 6);
            u[5 * step] = (float)c;
        }
}

conv_plan mk_conv_plan(const mk_conv *c) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    conv_plan plan = {.depth = c->channels * d->kernel * h->kernel * w->kernel,
                      .places = d->output * h->output * w->output};
    plan.panels = panels_at_once(plan.depth);
    plan.pitch = w->output + (w->kernel - 1) * w->dilation / w->stride;
    if (c->minimal) {
        /* Large weights are read once for as many places as stay in L2 with a part of them; threads share the weights out. */
        const int large = 6 * c->out * c->channels * w->kernel * sizeof(float) > 512 * 1024;
        const size_t bands = (h->output + 3) / 4, room = large ? 2 * MINIMAL_BYTES : MINIMAL_BYTES;
        const size_t fit = room / (6 * c->channels * plan.pitch * sizeof(float));
        plan.minimal = 1;
        plan.parts = large ? (c->out + 11) / 12 : 0;
        plan.rows = fit < 1 ? 1 : fit < bands ? fit : bands;
        return plan;
    }
    if (!is_flat(c, plan.pitch)) return plan;
    plan.phases[0] = phases(h);
    plan.phases[1] = phases(w);
    const size_t extra = (h->kernel - 1) * h->dilation / h->stride;
    const size_t line = c->channels * plan.phases[0] * plan.phases[1] * plan.pitch * sizeof(float);
    const size_t fit = COPY_BYTES / (line ? line : 1);
    plan.rows = fit > 2 * extra + 2 ? fit - extra : extra + 2;
    if (plan.rows > h->output) plan.rows = h->output;
    plan.lines = plan.rows + extra;
    return plan;
}

size_t mk_conv_units(const mk_conv *c) {
    const conv_plan plan = mk_conv_plan(c);
    if (plan.minimal) return plan.parts ? plan.parts : (c->axes[1].output + 3) / 4;
    return plan.rows ? c->axes[1].output : (plan.places + MK_PANEL - 1) / MK_PANEL;
}

size_t mk_conv_scratch(const mk_conv *c) {
    const conv_plan plan = mk_conv_plan(c);
    if (!plan.rows) return plan.panels * plan.depth * MK_PANEL * sizeof(float);
    if (plan.minimal) {
        const size_t sums = 6 * c->channels * plan.rows * plan.pitch + 2 * MK_PANEL;
        return sums * sizeof(float) + c->channels * c->axes[2].kernel * sizeof(size_t) + 64;
    }
    /* The last panel of the last copy is read whole. */
    const size_t copies = c->channels * plan.phases[0] * plan.phases[1] * plan.lines * plan.pitch + 2 * MK_PANEL;
    return copies * sizeof(float) + plan.depth * sizeof(size_t) + 64;
}
