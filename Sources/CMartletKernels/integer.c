/* 8-bit integers into panels, and their sums: once for each constant matrix. */
#include "kernel_table.h"
#include <string.h>

size_t mk_integer_packed_size(size_t K, size_t N) { return (K + 3) / 4 * 4 * ((N + MK_PANEL - 1) / MK_PANEL * MK_PANEL); }

void mk_integer_pack(const void *B, int32_t type, size_t ldb, int32_t transposed, size_t K, size_t N, int8_t *dst,
                     int32_t *column_sums) {
    const uint8_t *b = B;
    const uint8_t flip = type == MK_U8 ? 0x80 : 0;
    memset(dst, 0, mk_integer_packed_size(K, N));
    for (size_t n = 0; n < N; n++) column_sums[n] = 0;
    for (size_t p = 0; p < N; p += MK_PANEL, dst += (K + 3) / 4 * 4 * MK_PANEL) {
        const size_t width = N - p < MK_PANEL ? N - p : MK_PANEL;
        for (size_t k = 0; k < K; k++)
            for (size_t n = 0; n < width; n++) {
                const size_t place = transposed ? (p + n) * ldb + k : k * ldb + p + n;
                const int8_t value = (int8_t)(b[place] ^ flip);
                dst[k / 4 * 4 * MK_PANEL + 4 * n + k % 4] = value;
                column_sums[p + n] = (int32_t)((uint32_t)column_sums[p + n] + (uint32_t)value);
            }
    }
}

void mk_integer_row_sums(const void *A, int32_t type, size_t lda, size_t M, size_t K, int32_t *sums) {
    const uint8_t flip = type == MK_I8 ? 0x80 : 0;
    for (size_t m = 0; m < M; m++) {
        const uint8_t *a = (const uint8_t *)A + m * lda;
        uint32_t sum = 0;
        for (size_t k = 0; k < K; k++) sum += (uint32_t)(a[k] ^ flip);
        sums[m] = (int32_t)sum;
    }
}
