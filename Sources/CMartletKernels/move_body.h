/* Blocked transposition, W × W in registers. */

#if MK_LEVEL == 2
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
/* r[i][j] ↔ r[j][i]: pairs, quads, then 128-bit lanes twice. */
INLINE void transpose_square(vf r[W]) {
    vf t[W];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 2) {
        t[i] = SHUFFLE(r[i], r[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
        t[i + 1] = SHUFFLE(r[i], r[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i += 4) {
        r[i] = SHUFFLE(t[i], t[i + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        r[i + 1] = SHUFFLE(t[i], t[i + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
        r[i + 2] = SHUFFLE(t[i + 1], t[i + 3], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        r[i + 3] = SHUFFLE(t[i + 1], t[i + 3], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        t[i] = SHUFFLE(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        t[i + 4] = SHUFFLE(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        t[i + 8] = SHUFFLE(r[i + 8], r[i + 12], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        t[i + 12] = SHUFFLE(r[i + 8], r[i + 12], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        r[i] = SHUFFLE(t[i], t[i + 8], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        r[i + 8] = SHUFFLE(t[i], t[i + 8], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
        r[i + 4] = SHUFFLE(t[i + 4], t[i + 12], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
        r[i + 12] = SHUFFLE(t[i + 4], t[i + 12], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
}
#elif MK_LEVEL == 1
INLINE void transpose_square(vf r[W]) {
    vf t[W];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i += 2) {
        t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i += 4) {
        r[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        r[i + 1] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        r[i + 2] = __builtin_shufflevector(t[i + 1], t[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        r[i + 3] = __builtin_shufflevector(t[i + 1], t[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {
        t[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        t[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i++) r[i] = t[i];
}
#else
INLINE void transpose_square(vf r[W]) {
    vf a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
    vf c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5), d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
    r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
#endif

/* dst[j*ldd + i] = src[i*lds + j] for i < rows ≤ W, j < cols ≤ W. */
INLINE void transpose_tile(const float *src, size_t lds, float *dst, size_t ldd, size_t rows, size_t cols) {
    vf r[W];
    if (rows == W && cols == W) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < W; i++) r[i] = v_load(src + (size_t)i * lds);
    } else {
        for (size_t i = 0; i < W; i++) r[i] = i < rows ? v_loadn(src + i * lds, cols) : v_set(0.0f);
    }
    transpose_square(r);
    if (rows == W && cols == W) {
        _Pragma("clang loop unroll(full)") for (int j = 0; j < W; j++) v_store(dst + (size_t)j * ldd, r[j]);
    } else {
        for (size_t j = 0; j < cols; j++) v_storen(dst + j * ldd, r[j], rows);
    }
}

static void transpose_f32(const float *src, size_t lds, float *dst, size_t ldd, size_t rows, size_t cols) {
    for (size_t i = 0; i < rows; i += W)
        for (size_t j = 0; j < cols; j += W)
            transpose_tile(src + i * lds + j, lds, dst + j * ldd + i, ldd, rows - i < W ? rows - i : W,
                           cols - j < W ? cols - j : W);
}
