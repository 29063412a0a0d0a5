/* Copies of strided views: axes that lie together are merged, then the innermost one or two are copied by a fast loop. */
#include "kernel_table.h"
#include <string.h>

enum { MAX_RANK = 16, BLOCK = 16 };

/* n elements `step` apart */
#define LINE(type)                                                                                                     \
    do {                                                                                                               \
        const type *p = src;                                                                                           \
        type *q = dst;                                                                                                 \
        if (step == 0)                                                                                                 \
            for (size_t i = 0; i < n; i++) q[i] = *p;                                                                  \
        else                                                                                                           \
            for (size_t i = 0; i < n; i++) q[i] = p[(ptrdiff_t)i * step];                                              \
    } while (0)
static void copy_line(const void *src, void *dst, size_t size, size_t n, ptrdiff_t step) {
    if (step == 1) {
        memcpy(dst, src, n * size);
        return;
    }
    switch (size) {
    case 1: LINE(uint8_t); break;
    case 2: LINE(uint16_t); break;
    case 4: LINE(uint32_t); break;
    case 8: LINE(uint64_t); break;
    default: break;
    }
}

/* dst[i*n + j] = src[i + j*step], i < m, j < n, by blocks whose source lines stay in L1 */
#define TRANSPOSE(type)                                                                                                \
    do {                                                                                                               \
        const type *p = src;                                                                                           \
        type *q = dst;                                                                                                 \
        for (size_t i0 = 0; i0 < m; i0 += BLOCK)                                                                       \
            for (size_t j0 = 0; j0 < n; j0 += BLOCK)                                                                   \
                for (size_t i = i0; i < m && i < i0 + BLOCK; i++)                                                      \
                    for (size_t j = j0; j < n && j < j0 + BLOCK; j++)                                                  \
                        q[i * ld + j] = p[(ptrdiff_t)i + (ptrdiff_t)j * step];                                         \
    } while (0)
static void copy_transposed(const void *src, void *dst, size_t size, size_t m, size_t n, ptrdiff_t step, size_t ld) {
    switch (size) {
    case 1: TRANSPOSE(uint8_t); break;
    case 2: TRANSPOSE(uint16_t); break;
    case 4:
        if (step > 0) mk_transpose_f32(src, (size_t)step, dst, ld, n, m);
        else TRANSPOSE(uint32_t);
        break;
    case 8: TRANSPOSE(uint64_t); break;
    default: break;
    }
}

void mk_strided_copy(const void *src, void *dst, size_t size, size_t rank, const size_t *dims, const ptrdiff_t *strides) {
    size_t dim[MAX_RANK], place[MAX_RANK], index[MAX_RANK] = {0};
    ptrdiff_t step[MAX_RANK];
    size_t axes = 0;
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] == 0) return;
        if (dims[i] == 1) continue;
        if (axes && step[axes - 1] == strides[i] * (ptrdiff_t)dims[i]) {
            dim[axes - 1] *= dims[i];
            step[axes - 1] = strides[i];
        } else {
            dim[axes] = dims[i];
            step[axes++] = strides[i];
        }
    }
    if (!axes) {
        memcpy(dst, src, size);
        return;
    }
    size_t place_of_axis = 1;
    for (size_t i = axes; i-- > 0; place_of_axis *= dim[i]) place[i] = place_of_axis;

    /* the last axis is always copied whole; with it, one whose elements are neighbours in the source */
    const size_t last = axes - 1;
    size_t pair = last;
    if (step[last] != 1 && step[last] != 0)
        for (size_t i = 0; i < last; i++)
            if (step[i] == 1) pair = i;
    const uint8_t *from = src;
    uint8_t *to = dst;
    for (;;) {
        if (pair != last) copy_transposed(from, to, size, dim[pair], dim[last], step[last], place[pair]);
        else copy_line(from, to, size, dim[last], step[last]);
        size_t axis = last;
        for (;;) {
            if (axis == 0) return;
            axis--;
            if (axis == pair) continue;
            from += step[axis] * (ptrdiff_t)size;
            to += place[axis] * size;
            if (++index[axis] < dim[axis]) break;
            from -= step[axis] * (ptrdiff_t)(dim[axis] * size);
            to -= place[axis] * dim[axis] * size;
            index[axis] = 0;
        }
    }
}
