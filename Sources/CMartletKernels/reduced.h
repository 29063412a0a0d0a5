#pragma once
/* What rounded rows and packed weights of lower precision take: the same at every level. */
#include "martlet_kernels.h"

/* Bytes of rounded rows that are used before others are made. */
#define REDUCED_BLOCK (256 * 1024)
/* The highest tile of all levels. */
#define REDUCED_MOST_ROWS 14

typedef struct {
    float scale;
    int32_t zero;
    int32_t is_finite;
} row_levels;

/* Values that one step of a tile takes together. */
static inline size_t reduced_group(int32_t kind) { return kind == MK_REDUCED_bf16 ? 2 : 4; }

static inline size_t reduced_padded(int32_t kind, size_t K) {
    return (K + reduced_group(kind) - 1) / reduced_group(kind) * reduced_group(kind);
}

/* Bytes from one rounded row to the next: whole lines, and one more so that rows do not fall into the same sets of the cache. */
static inline size_t reduced_stride(int32_t kind, size_t K) {
    return ((kind == MK_REDUCED_bf16 ? 2 * K : K) + 63) / 64 * 64 + 64;
}

/* Rounded rows that scratch has room for. */
static inline size_t reduced_rows(size_t stride) { return REDUCED_BLOCK / stride + REDUCED_MOST_ROWS; }
