/* The windows of a convolution as rows. */
#include "martlet_kernels.h"
#include <string.h>

/* One line of a window: `kernel` elements from x[start] on, `dilation` apart, zeros where there is no input. */
static void line(const float *x, size_t start, const mk_axis *w, int outside, float *to) {
    for (size_t k = 0; k < w->kernel; k++) {
        const size_t at = start + k * w->dilation; /* or too large where negative */
        to[k] = !outside && at < w->input ? x[at] : 0.0f;
    }
}

void mk_conv_rows_f32(const mk_conv *c, float *rows) {
    const mk_axis *d = &c->axes[0], *h = &c->axes[1], *w = &c->axes[2];
    for (size_t od = 0; od < d->output; od++)
        for (size_t oh = 0; oh < h->output; oh++)
            for (size_t ow = 0; ow < w->output; ow++)
                for (size_t i = 0; i < c->channels; i++)
                    for (size_t kd = 0; kd < d->kernel; kd++)
                        for (size_t kh = 0; kh < h->kernel; kh++, rows += w->kernel) {
                            const size_t id = od * d->stride + kd * d->dilation - d->before;
                            const size_t ih = oh * h->stride + kh * h->dilation - h->before;
                            const size_t start = ow * w->stride - w->before;
                            const int outside = id >= d->input || ih >= h->input; /* also what would be negative */
                            const float *x = outside ? c->x : c->x + ((i * d->input + id) * h->input + ih) * w->input;
                            if (w->kernel > 16 && !outside && w->dilation == 1 && start < w->input && w->kernel <= w->input - start)
                                memcpy(rows, x + start, w->kernel * sizeof(float));
                            else line(x, start, w, outside, rows);
                        }
}
