/* exp, log, tanh, erf and what is made of them, on `vf`. Coefficients come from coefficients.py.
 * Errors, measured by ElementwiseTests: exp, tanh, erf, sigmoid and log within 4 ULP; gelu_erf within 1e-6 absolute. */

#define V_POLYNOMIAL(name, ...)                                                                                        \
    INLINE vf name(vf x) {                                                                                             \
        static const float c[] = {__VA_ARGS__};                                                                        \
        vf r = v_set(c[sizeof c / 4 - 1]);                                                                             \
        _Pragma("clang loop unroll(full)") for (int i = (int)(sizeof c / 4) - 2; i >= 0; i--)                          \
            r = v_fma(r, x, v_set(c[i]));                                                                              \
        return r;                                                                                                      \
    }

/* (exp(r) - 1 - r) / r² on |r| ≤ ln 2 / 2 */
V_POLYNOMIAL(v_exp_part, 0.49999994f, 0.166665196f, 0.0416683927f, 0.00836875569f, 0.00138145161f)
/* (log(1 + f) - f + f²/2) / f³ on [√½ - 1, √2 - 1] */
V_POLYNOMIAL(v_log_part, 0.333333135f, -0.250000089f, 0.200021192f, -0.166679963f, 0.142195523f, -0.1240559f,
             0.118881688f, -0.116756462f, 0.0674661919f)
/* (tanh(x) - x) / x³ in x², |x| ≤ 0.625 */
V_POLYNOMIAL(v_tanh_part, -0.333332807f, 0.133314416f, -0.0537397154f, 0.0206390899f, -0.00570498919f)
/* erf(x) / x in x², |x| ≤ 1 */
V_POLYNOMIAL(v_erf_part, 1.12837911f, -0.37612626f, 0.112835854f, -0.0268538147f, 0.00518833194f, -0.000801022805f,
             7.85396624e-05f)
/* log(erfc(x)) on [1, 4] */
V_POLYNOMIAL(v_erf_tail, 0.00018786054f, -1.12957764f, -0.633221567f, -0.108416803f, 0.025207134f, -0.00420414377f,
             0.000441251468f, -2.16796052e-05f)
/* (Φ(x) - ½) / x in 2x²/5.1² - 1, |x| ≤ 5.1 */
V_POLYNOMIAL(v_phi_part, 0.138605282f, -0.0690032616f, 0.0507829562f, -0.0402186587f, 0.0317160264f, -0.024016466f,
             0.0174654797f, -0.0120242611f, 0.006859947f, -0.00322961784f, 0.00240439991f, -0.00195683353f,
             0.000654205563f)

/* exp(x): x = n ln 2 + r, ln 2 in two parts (Cody and Waite). NaN and infinities come out right. */
INLINE vf v_exp(vf x) {
    vf clamped = v_min(v_set(89.0f), v_max(v_set(-104.0f), x));
    vf n = v_round(clamped * v_set(1.44269504f));
    vf r = v_fma(n, v_set(-0.693359375f), clamped);
    r = v_fma(n, v_set(2.12194440e-4f), r);
    return v_scale(v_fma(r * r, v_exp_part(r), r) + v_set(1.0f), n);
}

/* exp(x) for x ≤ 0, the softmax numerator: 0 below -104, and without AVX-512 already below the normal range. */
INLINE vf v_exp_negative(vf x) {
#if MK_LEVEL == 2
    const vf least = v_set(-104.0f);
#else
    const vf least = v_set(-87.3f);
#endif
    vf clamped = v_max(least, x);
    vf n = v_round(clamped * v_set(1.44269504f));
    vf r = v_fma(n, v_set(-0.693359375f), clamped);
    r = v_fma(n, v_set(2.12194440e-4f), r);
    vf y = v_fma(r * r, v_exp_part(r), r) + v_set(1.0f);
#if MK_LEVEL == 2
    return v_scale(y, n);
#else
    y = (vf)(v_bits(y) + (v_to_int(n) << 23));
    return v_select(v_lt(x, least), v_set(0.0f), y);
#endif
}

INLINE vf v_log(vf x) {
    vm tiny = v_lt(x, v_set(1.17549435e-38f));
    vf scaled = v_select(tiny, x * v_set(8388608.0f), x);
    /* scaled = 2^e · m with m in [√½, √2) */
    vi bits = v_bits(scaled) - 0x3f3504f3;
    vf e = v_convert(bits >> 23) - v_select(tiny, v_set(23.0f), v_set(0.0f));
    vf f = (vf)((bits & 0x007fffff) + 0x3f3504f3) - v_set(1.0f);
    vf f2 = f * f;
    vf tail = v_fma(f * f2, v_log_part(f), e * v_set(-2.12194440e-4f));
    vf y = v_fma(e, v_set(0.693359375f), f + v_fma(f2, v_set(-0.5f), tail));
    y = v_select(v_eq(x, v_set(INFINITY)), x, y);
    y = v_select(v_eq(x, v_set(0.0f)), v_set(-INFINITY), y);
    return v_select(v_or(v_lt(x, v_set(0.0f)), v_nan(x)), v_set(NAN), y);
}

/* 1 - 2 / (exp(2|x|) + 1) away from 0, where a polynomial keeps the relative error. */
INLINE vf v_tanh(vf x) {
    vf m = v_abs(x), x2 = x * x;
    vf near = v_fma(x * x2, v_tanh_part(x2), x);
    vf far = v_set(1.0f) - v_set(2.0f) / (v_exp(m + m) + v_set(1.0f));
    return v_select(v_lt(m, v_set(0.625f)), near, v_copysign(far, x));
}

INLINE vf v_sigmoid(vf x) { return v_set(1.0f) / (v_set(1.0f) + v_exp(v_neg(x))); }
INLINE vf v_silu(vf x) { return x / (v_set(1.0f) + v_exp(v_neg(x))); }

INLINE vf v_erf(vf x) {
    vf m = v_abs(x);
    vf near = x * v_erf_part(x * x);
    vf far = v_set(1.0f) - v_exp(v_erf_tail(v_min(v_set(4.0f), m)));
    vf y = v_select(v_lt(m, v_set(1.0f)), near, v_copysign(far, x));
    return v_select(v_nan(x), x, y);
}

/* x Φ(x) = x/2 + x · (Φ(x) - ½); the clamps make it exactly x or 0 beyond ±5.1. */
INLINE vf v_gelu_erf(vf x) {
    vf u = v_min(v_set(1.0f), v_fma(x * x, v_set(2.0f / (5.1f * 5.1f)), v_set(-1.0f)));
    vf t = x * v_phi_part(u);
    t = v_max(v_set(-0.5f), v_min(v_set(0.5f), t));
    return x * (t + v_set(0.5f));
}

/* ½x (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x · sigmoid of twice the argument. */
INLINE vf v_gelu_tanh(vf x) {
    vf inner = x * v_fma(x * x, v_set(-2.0f * 0.7978845608f * 0.044715f), v_set(-2.0f * 0.7978845608f));
    return x / (v_set(1.0f) + v_exp(inner));
}
