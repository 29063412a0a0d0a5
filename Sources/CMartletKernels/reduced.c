/* Weights of lower precision into panels: once for each constant matrix. */
#include "reduced.h"
#include "half.h"
#include "kernel_table.h"
#include <math.h>
#include <string.h>

size_t mk_reduced_scratch(int32_t kind, size_t K) {
    const size_t stride = reduced_stride(kind, K);
    return reduced_rows(stride) * (stride + sizeof(row_levels)) + 64;
}

size_t mk_reduced_packed_size(int32_t kind, size_t K, size_t N) {
    return reduced_padded(kind, K) * (kind == MK_REDUCED_bf16 ? 2 : 1) * ((N + MK_PANEL - 1) / MK_PANEL * MK_PANEL);
}

static float at(const uint8_t *B, size_t place) {
    float x;
    memcpy(&x, B + 4 * place, 4);
    return x;
}

double mk_reduced_pack(int32_t kind, const void *B, size_t ldb, int32_t transposed, size_t K, size_t N, size_t first, void *dst,
                       float *scales, int32_t *sums) {
    const size_t step = transposed ? 1 : ldb, group = reduced_group(kind), panel = reduced_padded(kind, K) * MK_PANEL;
    double error = 0, total = 0;
    for (size_t n = 0; n < N; n++) {
        const uint8_t *column = (const uint8_t *)B + 4 * (transposed ? n * ldb : n);
        const size_t place = (first + n) / MK_PANEL * panel + (first + n) % MK_PANEL * group;
        if (kind == MK_REDUCED_bf16) {
            uint16_t *to = (uint16_t *)dst + place;
            for (size_t k = 0; k < K; k++) {
                const float x = at(column, k * step);
                const uint16_t half = f32_to_bf16(x);
                const double lost = (double)x - (double)bf16_to_f32(half);
                to[k / 2 * 2 * MK_PANEL + k % 2] = half;
                error += lost * lost;
                total += (double)x * (double)x;
            }
            continue;
        }
        int8_t *to = (int8_t *)dst + place;
        float most = 0.0f, other = 0.0f;
        for (size_t k = 0; k < K; k++) {
            const float x = at(column, k * step);
            most = fabsf(x) > most ? fabsf(x) : most;
            other += x * 0.0f;
        }
        if (other != 0.0f || !(most < 3.0e38f)) return NAN;
        /* so that its reciprocal is finite; what is smaller becomes 0 */
        const float scale = most / 127.0f > 0x1p-126f ? most / 127.0f : 0x1p-126f, inverse = 1.0f / scale;
        int32_t sum = 0;
        for (size_t k = 0; k < K; k++) {
            const float x = at(column, k * step);
            const int8_t level = (int8_t)lrintf(fminf(fmaxf(x * inverse, -127.0f), 127.0f));
            const double lost = (double)x - (double)level * (double)scale;
            to[k / 4 * 4 * MK_PANEL + k % 4] = level;
            sum += level;
            error += lost * lost;
            total += (double)x * (double)x;
        }
        scales[first + n] = scale;
        sums[first + n] = sum;
    }
    return total > 0 ? sqrt(error / total) : error;
}
