/* Columns that decision trees read. */
#include "martlet_kernels.h"

void mk_columns_f32(const float *x, size_t ldx, const int32_t *features, size_t count, size_t rows, float *out,
                    size_t stride) {
    /* Eight rows at a time, so that a line of x is used while it is near. */
    size_t r = 0;
    for (; r + 8 <= rows; r += 8) {
        const float *from = x + r * ldx;
        for (size_t c = 0; c < count; c++) {
            const float *p = from + features[c];
            float *to = out + c * stride + r;
            for (int i = 0; i < 8; i++) to[i] = p[(size_t)i * ldx];
        }
    }
    for (; r < stride; r++)
        for (size_t c = 0; c < count; c++) out[c * stride + r] = r < rows ? x[r * ldx + features[c]] : 0.0f;
}

/* How many of the n sorted numbers are less than v. */
static size_t count_less(const double *sorted, size_t n, double v) {
    size_t base = 0;
    while (n > 0) {
        const size_t half = n / 2;
        const int right = sorted[base + half] < v;
        base = right ? base + half + 1 : base;
        n = right ? n - half - 1 : half;
    }
    return base;
}

void mk_columns_ranked(const double *x, size_t ldx, const int32_t *features, const int32_t *start,
                       const double *thresholds, size_t count, size_t rows, float *out, size_t stride) {
    for (size_t c = 0; c < count; c++) {
        const double *sorted = thresholds + start[c];
        const size_t n = (size_t)(start[c + 1] - start[c]);
        for (size_t r = 0; r < stride; r++) {
            const double v = r < rows ? x[r * ldx + (size_t)features[c]] : 0.0;
            const size_t k = count_less(sorted, n, v);
            const float place = 2.0f * (float)k - (k < n && sorted[k] == v ? 0.0f : 1.0f);
            out[c * stride + r] = v == v ? place : (float)v;
        }
    }
}
