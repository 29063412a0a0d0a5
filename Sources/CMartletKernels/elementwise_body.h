/* Elementwise fp32 loops: one function per op, in tables that are indexed by the enums of martlet_kernels.h. */


/* Scalar loop by libm, for ops that are rare in models. */
#define UNARY_LIBM(name, expression)                                                                                   \
    static void unary_##name(const float *p, float *q, size_t n, float a, float b) {                                   \
        (void)a, (void)b;                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                                               \
            const float x = p[i];                                                                                      \
            q[i] = (expression);                                                                                       \
        }                                                                                                              \
    }
#define UNARY(name, expression)                                                                                        \
    static void unary_##name(const float *p, float *q, size_t n, float sa, float sb) {                                 \
        const vf a = v_set(sa), b = v_set(sb), zero = v_set(0.0f), one = v_set(1.0f);                                  \
        (void)a, (void)b, (void)zero, (void)one;                                                                       \
        VECTORS(j, n, {                                                                                                \
            const vf x = GET(p + j);                                                                                   \
            const vf y = (expression);                                                                                 \
            PUT(q + j, y);                                                                                             \
        });                                                                                                            \
    }

UNARY(neg, v_neg(x))
UNARY(abs, v_abs(x))
UNARY(exp, v_exp(x))
UNARY(log, v_log(x))
UNARY(sqrt, v_sqrt(x))
UNARY(rsqrt, one / v_sqrt(x))
UNARY(reciprocal, one / x)
UNARY(square, x * x)
UNARY(erf, v_erf(x))
UNARY(tanh, v_tanh(x))
UNARY(sigmoid, v_sigmoid(x))
UNARY(relu, v_max(zero, x))
UNARY(gelu_erf, v_gelu_erf(x))
UNARY(gelu_tanh, v_gelu_tanh(x))
UNARY(silu, v_silu(x))
UNARY(ceil, v_ceil(x))
UNARY(floor, v_floor(x))
UNARY(round, v_round(x))
UNARY(trunc, v_trunc(x))
UNARY(sign, v_select(v_or(v_eq(x, zero), v_nan(x)), x, v_copysign(one, x)))
UNARY(softsign, x / (one + v_abs(x)))
UNARY_LIBM(elu, x < 0 ? a * expm1f(x) : x)
UNARY_LIBM(selu, b * (x <= 0 ? a * expm1f(x) : x))
UNARY(leaky_relu, v_select(v_lt(x, zero), a * x, x))
UNARY(hard_sigmoid, v_clamp(v_fma(a, x, b), zero, one))
UNARY(hard_swish, x * v_clamp(v_fma(x, v_set(1.0f / 6.0f), v_set(0.5f)), zero, one))
UNARY(clip, v_clamp(x, a, b))
UNARY(affine, v_fma(a, x, b))
UNARY(not, v_select(v_eq(x, zero), one, zero))
UNARY_LIBM(softplus, x > 20 ? x : log1pf(expf(x)))
UNARY_LIBM(mish, x * tanhf(x > 20 ? x : log1pf(expf(x))))
UNARY_LIBM(celu, x < 0 ? a * expm1f(x / a) : x)
UNARY(thresholded_relu, v_select(v_or(v_lt(a, x), v_nan(x)), x, zero))
UNARY_LIBM(pow_scalar, powf(x, a))
UNARY_LIBM(sin, sinf(x))
UNARY_LIBM(cos, cosf(x))
UNARY_LIBM(tan, tanf(x))
UNARY_LIBM(asin, asinf(x))
UNARY_LIBM(acos, acosf(x))
UNARY_LIBM(atan, atanf(x))
UNARY_LIBM(sinh, sinhf(x))
UNARY_LIBM(cosh, coshf(x))
UNARY_LIBM(asinh, asinhf(x))
UNARY_LIBM(acosh, acoshf(x))
UNARY_LIBM(atanh, atanhf(x))
UNARY_LIBM(expm1, expm1f(x))
UNARY_LIBM(log1p, log1pf(x))
UNARY_LIBM(log2, log2f(x))
UNARY_LIBM(log10, log10f(x))
UNARY_LIBM(exp2, exp2f(x))

typedef void (*unary_function)(const float *, float *, size_t, float, float);
static const unary_function unary_table[MK_UNARY_COUNT] = {
#define MK_X(name) unary_##name,
    MK_UNARY_OPS(MK_X)
#undef MK_X
};
static void unary_f32(int32_t op, const float *x, float *y, size_t n, float a, float b) { unary_table[op](x, y, n, a, b); }

/* Steps are 0 or 1; the three useful pairs have their own loop. */
#define BINARY(name, expression)                                                                                       \
    static void binary_##name(const float *p, size_t p_step, const float *q, size_t q_step, float *r, size_t n) {      \
        if (!n) return;                                                                                                \
        if (p_step && q_step) {                                                                                        \
            VECTORS(j, n, {                                                                                            \
                const vf x = GET(p + j);                                                                               \
                const vf y = GET(q + j);                                                                               \
                const vf z = (expression);                                                                             \
                PUT(r + j, z);                                                                                         \
            });                                                                                                        \
        } else if (p_step) {                                                                                           \
            const vf y = v_set(*q);                                                                                    \
            VECTORS(j, n, {                                                                                            \
                const vf x = GET(p + j);                                                                               \
                const vf z = (expression);                                                                             \
                PUT(r + j, z);                                                                                         \
            });                                                                                                        \
        } else {                                                                                                       \
            const vf x = v_set(*p);                                                                                    \
            VECTORS(j, n, {                                                                                            \
                const vf y = GET(q + j);                                                                               \
                const vf z = (expression);                                                                             \
                PUT(r + j, z);                                                                                         \
            });                                                                                                        \
        }                                                                                                              \
    }
#define BINARY_LIBM(name, expression)                                                                                  \
    static void binary_##name(const float *p, size_t p_step, const float *q, size_t q_step, float *r, size_t n) {      \
        for (size_t i = 0; i < n; i++) {                                                                               \
            const float x = p[i * p_step], y = q[i * q_step];                                                          \
            r[i] = (expression);                                                                                       \
        }                                                                                                              \
    }

INLINE float floored_mod(float x, float y) {
    const float r = fmodf(x, y);
    return r != 0.0f ? ((r < 0.0f) != (y < 0.0f) ? r + y : r) : copysignf(r, y);
}

BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x *y)
BINARY(div, x / y)
BINARY_LIBM(pow, powf(x, y))
/* NaN on either side gives NaN: v_min and v_max return the right side if the left one is NaN or both are. */
BINARY(min, v_select(v_nan(x), x, v_min(x, y)))
BINARY(max, v_select(v_nan(x), x, v_max(x, y)))
BINARY_LIBM(mod, floored_mod(x, y))
BINARY_LIBM(fmod, fmodf(x, y))
BINARY_LIBM(atan2, atan2f(x, y))

typedef void (*binary_function)(const float *, size_t, const float *, size_t, float *, size_t);
static const binary_function binary_table[MK_BINARY_COUNT] = {
#define MK_X(name) binary_##name,
    MK_BINARY_OPS(MK_X)
#undef MK_X
};
static void binary_f32(int32_t op, const float *x, size_t x_step, const float *y, size_t y_step, float *z, size_t n) {
    binary_table[op](x, x_step, y, y_step, z, n);
}

/* Plain loops, which the compiler vectorises for the level. */
#define COMPARE(name, operation)                                                                                       \
    static void compare_##name(const float *p, size_t p_step, const float *q, size_t q_step, uint8_t *r, size_t n) {   \
        if (p_step && q_step)                                                                                          \
            for (size_t i = 0; i < n; i++) r[i] = p[i] operation q[i];                                                 \
        else if (p_step)                                                                                               \
            for (size_t i = 0; i < n; i++) r[i] = p[i] operation *q;                                                   \
        else                                                                                                           \
            for (size_t i = 0; i < n; i++) r[i] = *p operation q[i];                                                   \
    }
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)
typedef void (*compare_function)(const float *, size_t, const float *, size_t, uint8_t *, size_t);
static const compare_function compare_table[MK_COMPARE_COUNT] = {
#define MK_X(name) compare_##name,
    MK_COMPARE_OPS(MK_X)
#undef MK_X
};
static void compare_f32(int32_t op, const float *x, size_t x_step, const float *y, size_t y_step, uint8_t *z, size_t n) {
    compare_table[op](x, x_step, y, y_step, z, n);
}
