/* Weighted sums of rows or elements that tables name: linear and cubic resizing along one axis. */

/* One element for each entry of the table; two sums at a time hide the latency. */
INLINE void resample_elements(const float *x, const int32_t *places, const float *weights, size_t taps, size_t outputs,
                              float *y) {
    if (taps == 2) {
        for (size_t i = 0; i < outputs; i++)
            y[i] = x[places[2 * i]] * weights[2 * i] + x[places[2 * i + 1]] * weights[2 * i + 1];
        return;
    }
    for (size_t i = 0; i < outputs; i++, places += taps, weights += taps) {
        float sum = 0;
        for (size_t t = 0; t < taps; t++) sum += x[places[t]] * weights[t];
        y[i] = sum;
    }
}

static void resample_f32(const float *x, const int32_t *places, const float *weights, size_t taps, size_t outputs,
                         size_t inner, float *y) {
    if (inner == 1) {
        resample_elements(x, places, weights, taps, outputs, y);
        return;
    }
    for (size_t i = 0; i < outputs; i++, places += taps, weights += taps, y += inner) {
        size_t j = 0;
        for (; j + W <= inner; j += W) {
            vf sum = v_set(0.0f);
            for (size_t t = 0; t < taps; t++)
                sum = v_fma(v_load(x + (size_t)places[t] * inner + j), v_set(weights[t]), sum);
            v_store(y + j, sum);
        }
        if (j == inner) continue;
        vf sum = v_set(0.0f);
        for (size_t t = 0; t < taps; t++)
            sum = v_fma(v_loadn(x + (size_t)places[t] * inner + j, inner - j), v_set(weights[t]), sum);
        v_storen(y + j, sum, inner - j);
    }
}
