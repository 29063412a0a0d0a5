/* Half precision ↔ fp32, round to nearest even. */
#include "half.h"

static void half_to_f32(int32_t type, const void *x, float *y, size_t n) {
    const uint8_t *p = x;
    size_t i = 0;
    if (type == MK_F16) {
#if MK_LEVEL == 2
        for (; i + W <= n; i += W) v_store(y + i, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(p + 2 * i))));
#elif MK_LEVEL == 1
        for (; i + W <= n; i += W) v_store(y + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p + 2 * i))));
#endif
        for (; i < n; i++) {
            uint16_t h;
            memcpy(&h, p + 2 * i, 2);
            y[i] = f16_to_f32(h);
        }
    } else {
        for (; i < n; i++) {
            uint16_t h;
            memcpy(&h, p + 2 * i, 2);
            y[i] = bf16_to_f32(h);
        }
    }
}

static void f32_to_half(int32_t type, const float *x, void *y, size_t n) {
    uint8_t *q = y;
    const uint8_t *p = (const uint8_t *)x;
    size_t i = 0;
    if (type == MK_F16) {
#if MK_LEVEL == 2
        for (; i + W <= n; i += W)
            _mm256_storeu_si256((__m256i *)(q + 2 * i), _mm512_cvtps_ph(v_load(x + i), _MM_FROUND_TO_NEAREST_INT));
#elif MK_LEVEL == 1
        for (; i + W <= n; i += W)
            _mm_storeu_si128((__m128i *)(q + 2 * i), _mm256_cvtps_ph(v_load(x + i), _MM_FROUND_TO_NEAREST_INT));
#endif
    }
    for (; i < n; i++) {
        float f;
        memcpy(&f, p + 4 * i, 4);
        const uint16_t h = type == MK_F16 ? f32_to_f16(f) : f32_to_bf16(f);
        memcpy(q + 2 * i, &h, 2);
    }
}
