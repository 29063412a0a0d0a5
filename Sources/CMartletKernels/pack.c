/* Weights into panels: see MK_PANEL in martlet_kernels.h. Done once per weight, by blocks that stay in L1. */
#include "kernel_table.h"
#include <string.h>

size_t mk_gemm_packed_size(size_t K, size_t N) { return (N + MK_PANEL - 1) / MK_PANEL * MK_PANEL * K; }

/* n elements from any address to fp32 */
static void widen(const uint8_t *x, int32_t type, float *y, size_t n) {
    if (type == MK_F32) memcpy(y, x, n * sizeof(float));
    else mk_kernels()->half_to_f32(type, x, y, n);
}

static void pack_transposed(const uint8_t *B, int32_t type, size_t size, size_t ldb, size_t K, size_t N, float *dst) {
    enum { BLOCK = 128 };
    float rows[MK_PANEL * BLOCK];
    for (size_t n0 = 0; n0 < N; n0 += MK_PANEL, dst += MK_PANEL * K) {
        const size_t n = N - n0 < MK_PANEL ? N - n0 : MK_PANEL;
        if (n < MK_PANEL) memset(rows, 0, sizeof rows);
        for (size_t k0 = 0; k0 < K; k0 += BLOCK) {
            const size_t k = K - k0 < BLOCK ? K - k0 : BLOCK;
            for (size_t i = 0; i < n; i++) widen(B + ((n0 + i) * ldb + k0) * size, type, rows + i * BLOCK, k);
            mk_transpose_f32(rows, BLOCK, dst + k0 * MK_PANEL, MK_PANEL, MK_PANEL, k);
        }
    }
}

void mk_gemm_pack(const void *B, int32_t type, size_t ldb, int32_t transposed, size_t K, size_t N, float *dst) {
    const size_t size = mk_type_size(type);
    if (transposed) {
        pack_transposed(B, type, size, ldb, K, N, dst);
        return;
    }
    for (size_t n0 = 0; n0 < N; n0 += MK_PANEL) {
        const size_t n = N - n0 < MK_PANEL ? N - n0 : MK_PANEL;
        for (size_t k = 0; k < K; k++, dst += MK_PANEL) {
            widen((const uint8_t *)B + (k * ldb + n0) * size, type, dst, n);
            memset(dst + n, 0, (MK_PANEL - n) * sizeof(float));
        }
    }
}
