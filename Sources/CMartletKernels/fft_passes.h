/* The discrete Fourier transform for one type of number: FFT_REAL, and FFT_NAME to tell functions apart. No include guard:
 * fft_body.h includes it once for each type. */

/* One pass of Stockham's algorithm, decimation in frequency: radix r, m groups, s neighbours that go through it alike.
 * w is [m][r] pairs e^(-2πi p j / (r m)), roots [r] pairs e^(-2πi k / r). */
static void FFT_NAME(pass)(size_t r, size_t m, size_t s, const FFT_REAL *w, const FFT_REAL *roots,
                           const FFT_REAL *restrict xr, const FFT_REAL *restrict xi, FFT_REAL *restrict yr,
                           FFT_REAL *restrict yi) {
    const size_t step = m * s;
    for (size_t p = 0; p < m; p++, w += 2 * r, xr += s, xi += s, yr += r * s, yi += r * s) {
        if (r == 2) {
            const FFT_REAL c = w[2], d = w[3];
            for (size_t q = 0; q < s; q++) {
                const FFT_REAL ar = xr[q], ai = xi[q], br = xr[q + step], bi = xi[q + step];
                const FFT_REAL er = ar - br, ei = ai - bi;
                yr[q] = ar + br;
                yi[q] = ai + bi;
                yr[q + s] = er * c - ei * d;
                yi[q + s] = er * d + ei * c;
            }
        } else if (r == 4) {
            const FFT_REAL c1 = w[2], d1 = w[3], c2 = w[4], d2 = w[5], c3 = w[6], d3 = w[7];
            for (size_t q = 0; q < s; q++) {
                const FFT_REAL ar = xr[q], br = xr[q + step], cr = xr[q + 2 * step], dr = xr[q + 3 * step];
                const FFT_REAL ai = xi[q], bi = xi[q + step], ci = xi[q + 2 * step], di = xi[q + 3 * step];
                const FFT_REAL pr = ar + cr, pi = ai + ci, mr = ar - cr, mi = ai - ci;
                const FFT_REAL sr = br + dr, si = bi + di, tr = br - dr, ti = bi - di;
                const FFT_REAL er = mr + ti, ei = mi - tr, fr = pr - sr, fi = pi - si, gr = mr - ti, gi = mi + tr;
                yr[q] = pr + sr;
                yi[q] = pi + si;
                yr[q + s] = er * c1 - ei * d1;
                yi[q + s] = er * d1 + ei * c1;
                yr[q + 2 * s] = fr * c2 - fi * d2;
                yi[q + 2 * s] = fr * d2 + fi * c2;
                yr[q + 3 * s] = gr * c3 - gi * d3;
                yi[q + 3 * s] = gr * d3 + gi * c3;
            }
        } else {
            for (size_t j = 0; j < r; j++) {
                FFT_REAL *restrict zr = yr + j * s, *restrict zi = yi + j * s;
                for (size_t q = 0; q < s; q++) zr[q] = xr[q], zi[q] = xi[q];
                for (size_t k = 1, turn = j; k < r; k++, turn = turn + j >= r ? turn + j - r : turn + j) {
                    const FFT_REAL c = roots[2 * turn], d = roots[2 * turn + 1];
                    const FFT_REAL *br = xr + k * step, *bi = xi + k * step;
                    for (size_t q = 0; q < s; q++) {
                        zr[q] += br[q] * c - bi[q] * d;
                        zi[q] += br[q] * d + bi[q] * c;
                    }
                }
                const FFT_REAL c = w[2 * j], d = w[2 * j + 1];
                for (size_t q = 0; q < s; q++) {
                    const FFT_REAL a = zr[q], b = zi[q];
                    zr[q] = a * c - b * d;
                    zi[q] = a * d + b * c;
                }
            }
        }
    }
}

static void FFT_NAME(fft)(const mk_fft *plan, size_t batch, void *re, void *im, void *work_re, void *work_im) {
    const FFT_REAL *w = plan->twiddles;
    FFT_REAL *from_re = re, *from_im = im, *to_re = work_re, *to_im = work_im;
    size_t n = plan->n, s = batch;
    for (size_t i = 0; i < plan->passes; i++) {
        const size_t r = plan->radices[i], m = n / r;
        FFT_NAME(pass)(r, m, s, w + 2 * r, w, from_re, from_im, to_re, to_im);
        w += 2 * (r + n);
        n = m;
        s *= r;
        FFT_REAL *a = from_re, *b = from_im;
        from_re = to_re;
        from_im = to_im;
        to_re = a;
        to_im = b;
    }
    if (from_re != re) {
        memcpy(re, from_re, plan->n * batch * sizeof(FFT_REAL));
        memcpy(im, from_im, plan->n * batch * sizeof(FFT_REAL));
    }
}

static void FFT_NAME(fft_scale)(const void *factors, void *re, void *im, size_t rows, size_t batch) {
    const FFT_REAL *f = factors;
    FFT_REAL *restrict a = re, *restrict b = im;
    for (size_t i = 0; i < rows; i++, a += batch, b += batch) {
        const FFT_REAL c = f[2 * i], d = f[2 * i + 1];
        for (size_t q = 0; q < batch; q++) {
            const FFT_REAL x = a[q], y = b[q];
            a[q] = x * c - y * d;
            b[q] = x * d + y * c;
        }
    }
}
