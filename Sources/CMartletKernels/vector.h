/* The vector words that the bodies are written in: `vf` (W floats), `vi` (W int32), `vm` (a lane mask).
 * Included once per instruction set, which defines MK_LEVEL; what has no portable form follows per level. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#if MK_LEVEL == 2
#define W 16
#elif MK_LEVEL == 1
#define W 8
#else
#define W 4
#endif

#define INLINE static inline __attribute__((always_inline, unused))

typedef float vf __attribute__((vector_size(W * 4)));
typedef int32_t vi __attribute__((vector_size(W * 4)));
typedef float vf_unaligned __attribute__((vector_size(W * 4), aligned(1), may_alias));
typedef int32_t vi_unaligned __attribute__((vector_size(W * 4), aligned(1), may_alias));

INLINE vf v_load(const float *p) { return *(const vf_unaligned *)p; }
INLINE void v_store(float *p, vf a) { *(vf_unaligned *)p = a; }
INLINE vf v_set(float a) { return a - (vf){0}; }
INLINE vi v_seti(int32_t a) { return a + (vi){0}; }
INLINE vi v_bits(vf a) { return (vi)a; }
INLINE vf v_float_of_bits(vi a) { return (vf)a; }
INLINE vf v_convert(vi a) { return __builtin_convertvector(a, vf); }
INLINE vf v_abs(vf a) { return (vf)(v_bits(a) & 0x7fffffff); }
/* |a| with the sign of b */
INLINE vf v_copysign(vf a, vf b) { return (vf)((v_bits(a) & 0x7fffffff) | (v_bits(b) & (int32_t)0x80000000)); }
INLINE vf v_neg(vf a) { return (vf)(v_bits(a) ^ (int32_t)0x80000000); }

#if MK_LEVEL == 2
typedef __mmask16 vm;
INLINE vm v_first(size_t n) { return (vm)((1u << n) - 1); }
INLINE vf v_loadn(const float *p, size_t n) { return _mm512_maskz_loadu_ps(v_first(n), p); }
INLINE void v_storen(float *p, vf a, size_t n) { _mm512_mask_storeu_ps(p, v_first(n), a); }
INLINE vf v_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
/* a > b ? a : b, so b where either is NaN */
INLINE vf v_max(vf a, vf b) { return _mm512_max_ps(a, b); }
INLINE vf v_min(vf a, vf b) { return _mm512_min_ps(a, b); }
INLINE vf v_sqrt(vf a) { return _mm512_sqrt_ps(a); }
INLINE vf v_round(vf a) { return _mm512_roundscale_ps(a, 8); }
INLINE vf v_floor(vf a) { return _mm512_roundscale_ps(a, 9); }
INLINE vf v_ceil(vf a) { return _mm512_roundscale_ps(a, 10); }
INLINE vf v_trunc(vf a) { return _mm512_roundscale_ps(a, 11); }
/* Nearest integer; what is out of range is meaningless. */
INLINE vi v_to_int(vf a) { return (vi)_mm512_cvtps_epi32(a); }
INLINE vm v_lt(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
INLINE vm v_eq(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
INLINE vm v_nan(vf a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
INLINE vf v_select(vm m, vf a, vf b) { return _mm512_mask_blend_ps(m, b, a); }
INLINE int v_any(vm m) { return m != 0; }
INLINE vm v_or(vm a, vm b) { return (vm)(a | b); }
INLINE float v_sum(vf a) { return _mm512_reduce_add_ps(a); }
INLINE float v_max_lane(vf a) { return _mm512_reduce_max_ps(a); }
INLINE float v_min_lane(vf a) { return _mm512_reduce_min_ps(a); }
/* a · 2^n, n an integer in [-280, 280] */
INLINE vf v_scale(vf a, vf n) { return _mm512_scalef_ps(a, n); }
#else
typedef vi vm;
INLINE vm v_lt(vf a, vf b) { return (vm)(a < b); }
INLINE vm v_eq(vf a, vf b) { return (vm)(a == b); }
INLINE vm v_nan(vf a) { return (vm)(a != a); }
INLINE vm v_or(vm a, vm b) { return a | b; }
INLINE vf v_select(vm m, vf a, vf b) { return (vf)((m & v_bits(a)) | (~m & v_bits(b))); }
#endif

#if MK_LEVEL == 1
static const int32_t v_prefix[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
INLINE vm v_first(size_t n) { return *(const vi_unaligned *)(v_prefix + 8 - n); }
INLINE vf v_loadn(const float *p, size_t n) { return _mm256_maskload_ps(p, (__m256i)v_first(n)); }
INLINE void v_storen(float *p, vf a, size_t n) { _mm256_maskstore_ps(p, (__m256i)v_first(n), a); }
INLINE vf v_fma(vf a, vf b, vf c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vf v_max(vf a, vf b) { return _mm256_max_ps(a, b); }
INLINE vf v_min(vf a, vf b) { return _mm256_min_ps(a, b); }
INLINE vf v_sqrt(vf a) { return _mm256_sqrt_ps(a); }
INLINE vf v_round(vf a) { return _mm256_round_ps(a, 8); }
INLINE vf v_floor(vf a) { return _mm256_round_ps(a, 9); }
INLINE vf v_ceil(vf a) { return _mm256_round_ps(a, 10); }
INLINE vf v_trunc(vf a) { return _mm256_round_ps(a, 11); }
INLINE vi v_to_int(vf a) { return (vi)_mm256_cvtps_epi32(a); }
INLINE int v_any(vm m) { return _mm256_movemask_ps((__m256)m) != 0; }
INLINE float v_sum(vf a) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
INLINE float v_max_lane(vf a) {
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}
INLINE float v_min_lane(vf a) { return -v_max_lane(v_neg(a)); }
#endif

#if MK_LEVEL == 0
INLINE vm v_first(size_t n) { return (vm)((vi){0, 1, 2, 3} < (int32_t)n); }
INLINE vf v_loadn(const float *p, size_t n) {
    vf a = {0};
    for (size_t i = 0; i < n; i++) a[i] = p[i];
    return a;
}
INLINE void v_storen(float *p, vf a, size_t n) {
    for (size_t i = 0; i < n; i++) p[i] = a[i];
}
INLINE vf v_fma(vf a, vf b, vf c) { return a * b + c; }
INLINE vf v_max(vf a, vf b) { return v_select((vm)(a > b), a, b); }
INLINE vf v_min(vf a, vf b) { return v_select((vm)(a < b), a, b); }
#define V_EACH(name, function)                                                                                         \
    INLINE vf name(vf a) { return (vf){function(a[0]), function(a[1]), function(a[2]), function(a[3])}; }
V_EACH(v_sqrt, sqrtf)
V_EACH(v_round, rintf)
V_EACH(v_floor, floorf)
V_EACH(v_ceil, ceilf)
V_EACH(v_trunc, truncf)
/* Of whole numbers; NaN and what is out of range give 0. */
INLINE int32_t lane_to_int(float a) { return a > -2147483520.0f && a < 2147483520.0f ? (int32_t)a : 0; }
INLINE vi v_to_int(vf a) {
    return (vi){lane_to_int(a[0]), lane_to_int(a[1]), lane_to_int(a[2]), lane_to_int(a[3])};
}
INLINE int v_any(vm m) { return (m[0] | m[1] | m[2] | m[3]) != 0; }
INLINE float v_sum(vf a) { return (a[0] + a[2]) + (a[1] + a[3]); }
INLINE float v_max_lane(vf a) {
    float x = a[0] > a[1] ? a[0] : a[1], y = a[2] > a[3] ? a[2] : a[3];
    return x > y ? x : y;
}
INLINE float v_min_lane(vf a) { return -v_max_lane(v_neg(a)); }
#endif

#if MK_LEVEL < 2
/* Two factors, so that results below the normal range are rounded once and none overflows on the way. */
INLINE vf v_scale(vf a, vf n) {
    vi whole = v_to_int(n), half = whole >> 1;
    return a * (vf)((half + 127) << 23) * (vf)((whole - half + 127) << 23);
}
#endif

#define UNROLL _Pragma("clang loop unroll(full)")
/* Keeps the compiler from forming all addresses of a register tile before its loop. */
#if MK_LEVEL > 0
#define HIDE(pointer) __asm__ volatile("" : "+r"(pointer))
#else
#define HIDE(pointer) (void)(pointer)
#endif
