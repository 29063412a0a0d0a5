/* Elementwise ops and reductions of the types that models use rarely; f32 goes to the kernel table. */
#include "kernel_table.h"
#include <math.h>

/* ---- Unary ---- */

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double softplus(double x) { return x > 40 ? x : log1p(exp(x)); }
static double clamp(double x, double low, double high) { return x != x ? x : x < low ? low : x > high ? high : x; }
static double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

#define F64_OPS(X)                                                                                                     \
    X(neg, -x) X(abs, fabs(x)) X(exp, exp(x)) X(log, log(x)) X(sqrt, sqrt(x)) X(rsqrt, 1 / sqrt(x))                    \
    X(reciprocal, 1 / x) X(square, x * x) X(erf, erf(x)) X(tanh, tanh(x)) X(sigmoid, sigmoid(x))                       \
    X(relu, x < 0 ? 0 : x) X(gelu_erf, 0.5 * x * (1 + erf(x * 0.70710678118654752)))                                   \
    X(gelu_tanh, 0.5 * x * (1 + tanh(0.79788456080286536 * (x + 0.044715 * x * x * x)))) X(silu, x * sigmoid(x))       \
    X(ceil, ceil(x)) X(floor, floor(x)) X(round, rint(x)) X(trunc, trunc(x)) X(sign, sign(x))                          \
    X(softsign, x / (1 + fabs(x))) X(elu, x < 0 ? a * expm1(x) : x) X(selu, b * (x <= 0 ? a * expm1(x) : x))           \
    X(leaky_relu, x < 0 ? a * x : x) X(hard_sigmoid, clamp(a * x + b, 0, 1))                                           \
    X(hard_swish, x * clamp(x / 6 + 0.5, 0, 1)) X(clip, clamp(x, a, b)) X(affine, a * x + b) X(not, x == 0)            \
    X(softplus, softplus(x)) X(mish, x * tanh(softplus(x))) X(celu, x < 0 ? a * expm1(x / a) : x)                      \
    X(thresholded_relu, x <= a ? 0 : x) X(pow_scalar, pow(x, a)) X(sin, sin(x)) X(cos, cos(x)) X(tan, tan(x))          \
    X(asin, asin(x)) X(acos, acos(x)) X(atan, atan(x)) X(sinh, sinh(x)) X(cosh, cosh(x)) X(asinh, asinh(x))            \
    X(acosh, acosh(x)) X(atanh, atanh(x)) X(expm1, expm1(x)) X(log1p, log1p(x)) X(log2, log2(x)) X(log10, log10(x))    \
    X(exp2, exp2(x))

static int32_t unary_f64(int32_t op, const double *p, double *q, size_t n, double a, double b) {
    switch (op) {
#define MK_X(name, expression)                                                                                         \
    case MK_UNARY_##name:                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                                               \
            const double x = p[i];                                                                                     \
            q[i] = (expression);                                                                                       \
        }                                                                                                              \
        return 1;
        F64_OPS(MK_X)
#undef MK_X
    default: return 0;
    }
}

#define UNARY_INT(type, wide)                                                                                          \
    static int32_t unary_##type(int32_t op, const type *p, type *q, size_t n) {                                        \
        switch (op) {                                                                                                  \
        case MK_UNARY_neg:                                                                                             \
            for (size_t i = 0; i < n; i++) q[i] = (type)(0 - (wide)p[i]);                                              \
            return 1;                                                                                                  \
        case MK_UNARY_abs:                                                                                             \
            for (size_t i = 0; i < n; i++) q[i] = p[i] < 0 ? (type)(0 - (wide)p[i]) : p[i];                            \
            return 1;                                                                                                  \
        case MK_UNARY_sign:                                                                                            \
            for (size_t i = 0; i < n; i++) q[i] = (type)((p[i] > 0) - (p[i] < 0));                                     \
            return 1;                                                                                                  \
        default: return 0;                                                                                             \
        }                                                                                                              \
    }
UNARY_INT(int32_t, uint32_t)
UNARY_INT(int64_t, uint64_t)

int32_t mk_unary(int32_t op, int32_t type, const void *x, void *y, size_t n, double a, double b) {
    if (op < 0 || op >= MK_UNARY_COUNT) return 0;
    switch (type) {
    case MK_F32: mk_unary_f32(op, x, y, n, (float)a, (float)b); return 1;
    case MK_F64: return unary_f64(op, x, y, n, a, b);
    case MK_I32: return unary_int32_t(op, x, y, n);
    case MK_I64: return unary_int64_t(op, x, y, n);
    default: return 0;
    }
}

/* ---- Binary ---- */

#define EACH(name, expression)                                                                                         \
    case MK_BINARY_##name:                                                                                             \
        for (size_t i = 0; i < n; i++) {                                                                               \
            const TYPE x = p[i * p_step], y = q[i * q_step];                                                           \
            r[i] = (expression);                                                                                       \
        }                                                                                                              \
        return 1;

static double floored_mod(double x, double y) {
    const double r = fmod(x, y);
    return r != 0 ? ((r < 0) != (y < 0) ? r + y : r) : copysign(r, y);
}

static int32_t binary_f64(int32_t op, const double *p, size_t p_step, const double *q, size_t q_step, double *r,
                          size_t n) {
#define TYPE double
    switch (op) {
        EACH(add, x + y)
        EACH(sub, x - y)
        EACH(mul, x *y)
        EACH(div, x / y)
        EACH(pow, pow(x, y))
        EACH(min, x != x ? x : y < x || y != y ? y : x)
        EACH(max, x != x ? x : y > x || y != y ? y : x)
        EACH(mod, floored_mod(x, y))
        EACH(fmod, fmod(x, y))
        EACH(atan2, atan2(x, y))
    default: return 0;
    }
#undef TYPE
}

/* The most negative value over -1 has no quotient: it wraps to itself, with remainder 0. */
#define BINARY_INT(type, wide)                                                                                         \
    static type power_##type(type x, type y) {                                                                         \
        if (y < 0) return x == 1 ? 1 : x == -1 ? (y & 1 ? -1 : 1) : 0;                                                 \
        wide result = 1, base = (wide)x;                                                                               \
        for (wide e = (wide)y; e; e >>= 1, base *= base)                                                               \
            if (e & 1) result *= base;                                                                                 \
        return (type)result;                                                                                           \
    }                                                                                                                  \
    static type remainder_##type(type x, type y) { return y == 0 || y == -1 ? 0 : x % y; }                             \
    static type floored_##type(type x, type y) {                                                                       \
        const type r = remainder_##type(x, y);                                                                         \
        return r != 0 && (r < 0) != (y < 0) ? r + y : r;                                                               \
    }                                                                                                                  \
    static int32_t binary_##type(int32_t op, const type *p, size_t p_step, const type *q, size_t q_step, type *r,      \
                                 size_t n) {                                                                           \
        switch (op) {                                                                                                  \
            EACH(add, (TYPE)((wide)x + (wide)y))                                                                       \
            EACH(sub, (TYPE)((wide)x - (wide)y))                                                                       \
            EACH(mul, (TYPE)((wide)x * (wide)y))                                                                       \
            EACH(div, y == 0 ? 0 : y == -1 ? (TYPE)(0 - (wide)x) : x / y)                                              \
            EACH(pow, power_##type(x, y))                                                                              \
            EACH(min, x < y ? x : y)                                                                                   \
            EACH(max, x > y ? x : y)                                                                                   \
            EACH(mod, floored_##type(x, y))                                                                            \
            EACH(fmod, remainder_##type(x, y))                                                                         \
        default: return 0;                                                                                             \
        }                                                                                                              \
    }
#define TYPE int32_t
BINARY_INT(int32_t, uint32_t)
#undef TYPE
#define TYPE int64_t
BINARY_INT(int64_t, uint64_t)
#undef TYPE

/* Types that have an order but no arithmetic here. */
#define ORDER_TYPES(X)                                                                                                 \
    X(MK_I8, int8_t) X(MK_U8, uint8_t) X(MK_I16, int16_t) X(MK_U16, uint16_t) X(MK_U32, uint32_t) X(MK_U64, uint64_t)
#define ORDER(enumerator, type)                                                                                        \
    static int32_t order_##type(int32_t op, const type *p, size_t p_step, const type *q, size_t q_step, type *r,       \
                                size_t n) {                                                                            \
        if (op != MK_BINARY_min && op != MK_BINARY_max) return 0;                                                      \
        for (size_t i = 0; i < n; i++) {                                                                               \
            const type x = p[i * p_step], y = q[i * q_step];                                                           \
            r[i] = (op == MK_BINARY_min) == (x < y) ? x : y;                                                           \
        }                                                                                                              \
        return 1;                                                                                                      \
    }
ORDER_TYPES(ORDER)

int32_t mk_binary(int32_t op, int32_t type, const void *x, size_t x_step, const void *y, size_t y_step, void *z,
                  size_t n) {
    if (op < 0 || op >= MK_BINARY_COUNT) return 0;
    switch (type) {
    case MK_F32: mk_kernels()->binary_f32(op, x, x_step, y, y_step, z, n); return 1;
    case MK_F64: return binary_f64(op, x, x_step, y, y_step, z, n);
    case MK_I32: return binary_int32_t(op, x, x_step, y, y_step, z, n);
    case MK_I64: return binary_int64_t(op, x, x_step, y, y_step, z, n);
    case MK_BOOL: return order_uint8_t(op, x, x_step, y, y_step, z, n);
#define MK_X(enumerator, type) case enumerator: return order_##type(op, x, x_step, y, y_step, z, n);
        ORDER_TYPES(MK_X)
#undef MK_X
    default: return 0;
    }
}

#define COMPARE_TYPES(X) X(MK_F64, double) X(MK_I32, int32_t) X(MK_I64, int64_t) ORDER_TYPES(X)
#define COMPARE_LOOP(name, operation)                                                                                  \
    case MK_COMPARE_##name:                                                                                            \
        for (size_t i = 0; i < n; i++) r[i] = p[i * p_step] operation q[i * q_step];                                   \
        return 1;
#define COMPARE(enumerator, type)                                                                                      \
    static int32_t compare_##type(int32_t op, const type *p, size_t p_step, const type *q, size_t q_step, uint8_t *r,  \
                                  size_t n) {                                                                          \
        switch (op) {                                                                                                  \
            COMPARE_LOOP(eq, ==)                                                                                       \
            COMPARE_LOOP(ne, !=)                                                                                       \
            COMPARE_LOOP(lt, <)                                                                                        \
            COMPARE_LOOP(le, <=)                                                                                       \
            COMPARE_LOOP(gt, >)                                                                                        \
            COMPARE_LOOP(ge, >=)                                                                                       \
        default: return 0;                                                                                             \
        }                                                                                                              \
    }
COMPARE_TYPES(COMPARE)

int32_t mk_compare(int32_t op, int32_t type, const void *x, size_t x_step, const void *y, size_t y_step, uint8_t *z,
                   size_t n) {
    if (op < 0 || op >= MK_COMPARE_COUNT) return 0;
    switch (type) {
    case MK_F32:
        if (n) mk_kernels()->compare_f32(op, x, x_step, y, y_step, z, n);
        return 1;
    case MK_BOOL: return compare_uint8_t(op, x, x_step, y, y_step, z, n);
#define MK_X(enumerator, type) case enumerator: return compare_##type(op, x, x_step, y, y_step, z, n);
        COMPARE_TYPES(MK_X)
#undef MK_X
    default: return 0;
    }
}

#define SELECT(type)                                                                                                   \
    do {                                                                                                               \
        const type *p = x, *q = y;                                                                                     \
        type *r = z;                                                                                                   \
        for (size_t i = 0; i < n; i++) r[i] = c[i * c_step] ? p[i * x_step] : q[i * y_step];                           \
    } while (0)
void mk_select(size_t size, const uint8_t *c, size_t c_step, const void *x, size_t x_step, const void *y, size_t y_step,
               void *z, size_t n) {
    switch (size) {
    case 1: SELECT(uint8_t); break;
    case 2: SELECT(uint16_t); break;
    case 4: SELECT(uint32_t); break;
    case 8: SELECT(uint64_t); break;
    default: break;
    }
}

void mk_logic(int32_t op, const uint8_t *x, size_t x_step, const uint8_t *y, size_t y_step, uint8_t *z, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const uint8_t a = x[i * x_step] != 0, b = y[i * y_step] != 0;
        z[i] = op == MK_LOGIC_and ? a & b : op == MK_LOGIC_or ? a | b : a ^ b;
    }
}

/* ---- Reductions ---- */

/* `wide` is where sums run: unsigned for integers, so that they wrap. */
#define REDUCE(type, wide, low, high, root)                                                                            \
    static void reduce_##type(int32_t kind, const type *x, type *y, size_t outer, size_t n, size_t inner) {            \
        const int integer = (type)0.5 == 0;                                                                            \
        for (size_t o = 0; o < outer; o++)                                                                             \
            for (size_t j = 0; j < inner; j++) {                                                                       \
                const type *p = x + o * n * inner + j;                                                                 \
                wide sum = kind == MK_REDUCE_prod ? 1 : 0;                                                             \
                type best = integer && !n ? 0 : kind == MK_REDUCE_max ? low : high;                                    \
                for (size_t i = 0; i < n; i++) {                                                                       \
                    const type v = p[i * inner];                                                                       \
                    const wide u = (wide)v;                                                                            \
                    switch (kind) {                                                                                    \
                    case MK_REDUCE_prod: sum *= u; break;                                                              \
                    case MK_REDUCE_max: best = best != best || v <= best ? best : v; break;                            \
                    case MK_REDUCE_min: best = best != best || v >= best ? best : v; break;                            \
                    case MK_REDUCE_sum_square:                                                                         \
                    case MK_REDUCE_l2: sum += u * u; break;                                                            \
                    case MK_REDUCE_sum_abs: sum += v < 0 ? 0 - u : u; break;                                           \
                    default: sum += u;                                                                                 \
                    }                                                                                                  \
                }                                                                                                      \
                type result = (type)sum;                                                                               \
                if (kind == MK_REDUCE_max || kind == MK_REDUCE_min) result = best;                                     \
                if (kind == MK_REDUCE_mean) result = integer && !n ? 0 : result / (type)n;                             \
                if (kind == MK_REDUCE_l2) result = (type)root;                                                         \
                y[o * inner + j] = result;                                                                             \
            }                                                                                                          \
    }
REDUCE(double, double, -INFINITY, INFINITY, sqrt(sum))
REDUCE(int32_t, uint32_t, INT32_MIN, INT32_MAX, sqrt((double)(int32_t)sum))
REDUCE(int64_t, uint64_t, INT64_MIN, INT64_MAX, sqrt((double)(int64_t)sum))

void mk_reduce(int32_t kind, int32_t type, const void *x, void *y, size_t outer, size_t n, size_t inner) {
    switch (type) {
    case MK_F32: mk_reduce_f32(kind, x, y, outer, n, inner); break;
    case MK_F64: reduce_double(kind, x, y, outer, n, inner); break;
    case MK_I32: reduce_int32_t(kind, x, y, outer, n, inner); break;
    case MK_I64: reduce_int64_t(kind, x, y, outer, n, inner); break;
    default: break;
    }
}

#define ARG_EXTREME(type)                                                                                              \
    static void arg_##type(int32_t smallest, int32_t last, const type *x, int64_t *y, size_t outer, size_t n,          \
                           size_t inner) {                                                                             \
        for (size_t o = 0; o < outer; o++)                                                                             \
            for (size_t j = 0; j < inner; j++) {                                                                       \
                const type *p = x + o * n * inner + j;                                                                 \
                size_t best = 0;                                                                                       \
                for (size_t i = 1; i < n && p[best * inner] == p[best * inner]; i++) {                                 \
                    const type v = p[i * inner], b = p[best * inner];                                                  \
                    if (v != v || (smallest ? v < b : v > b) || (last && v == b)) best = i;                            \
                }                                                                                                      \
                y[o * inner + j] = (int64_t)best;                                                                      \
            }                                                                                                          \
    }
ARG_EXTREME(float)
ARG_EXTREME(double)
ARG_EXTREME(int32_t)
ARG_EXTREME(int64_t)

void mk_arg_extreme(int32_t smallest, int32_t last, int32_t type, const void *x, int64_t *y, size_t outer, size_t n,
                    size_t inner) {
    switch (type) {
    case MK_F32: arg_float(smallest, last, x, y, outer, n, inner); break;
    case MK_F64: arg_double(smallest, last, x, y, outer, n, inner); break;
    case MK_I32: arg_int32_t(smallest, last, x, y, outer, n, inner); break;
    case MK_I64: arg_int64_t(smallest, last, x, y, outer, n, inner); break;
    default: break;
    }
}
