/* Fourier transforms of many signals at once: neighbours in memory are signals, so that every pass is vectorized. */
#define FFT_REAL float
#define FFT_NAME(name) name##_f32
#include "fft_passes.h"
#undef FFT_REAL
#undef FFT_NAME
#define FFT_REAL double
#define FFT_NAME(name) name##_f64
#include "fft_passes.h"
#undef FFT_REAL
#undef FFT_NAME
