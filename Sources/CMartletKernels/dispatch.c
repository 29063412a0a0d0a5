/* Chooses a kernel table for this CPU, and forwards every SIMD function of the header to it. */
#include "kernel_table.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const isa_names[MK_ISA_COUNT] = {"scalar", "avx2", "avx512"};

static const kernel_table *table_of(int32_t isa) {
#if MK_X86
    if (isa == MK_ISA_AVX512) return &mk_table_avx512;
    if (isa == MK_ISA_AVX2) return &mk_table_avx2;
#endif
    (void)isa;
    return &mk_table_scalar;
}

int32_t mk_isa_best(void) {
#if MK_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
            return MK_ISA_AVX512;
        return MK_ISA_AVX2;
    }
#endif
    return MK_ISA_SCALAR;
}

/* -1: not chosen yet. Every thread that races to choose comes to the same answer. */
static _Atomic int32_t active = -1;
static _Atomic(const kernel_table *) active_table = NULL;

int32_t mk_isa_set(int32_t isa) {
    const int32_t best = mk_isa_best();
    if (isa > best) isa = best;
    if (isa < 0) isa = MK_ISA_SCALAR;
    atomic_store(&active_table, table_of(isa));
    atomic_store(&active, isa);
    return isa;
}

static int32_t choose(void) {
    const char *forced = getenv("MARTLET_ISA");
    if (forced)
        for (int32_t isa = 0; isa < MK_ISA_COUNT; isa++)
            if (!strcmp(forced, isa_names[isa])) return mk_isa_set(isa);
    return mk_isa_set(MK_ISA_COUNT - 1);
}

int32_t mk_isa_active(void) {
    const int32_t isa = atomic_load(&active);
    return isa < 0 ? choose() : isa;
}

const kernel_table *mk_kernels(void) {
    const kernel_table *table = atomic_load_explicit(&active_table, memory_order_relaxed);
    if (table) return table;
    choose();
    return atomic_load(&active_table);
}

const char *mk_isa_name(int32_t isa) { return isa >= 0 && isa < MK_ISA_COUNT ? isa_names[isa] : NULL; }

const char *mk_cpu_features(void) {
    static _Thread_local char text[256];
    text[0] = 0;
#if MK_X86
    __builtin_cpu_init();
#define ADD(name)                                                                                                      \
    if (__builtin_cpu_supports(name)) strcat(strcat(text, text[0] ? " " : ""), name);
    ADD("avx") ADD("avx2") ADD("fma") ADD("f16c") ADD("avx512f") ADD("avx512bw") ADD("avx512vl") ADD("avx512dq")
    ADD("avx512vnni") ADD("avx512bf16")
#undef ADD
#elif defined(__aarch64__)
    strcat(text, "neon");
#endif
    return text;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double mk_peak_fp32(void) {
    const kernel_table *table = mk_kernels();
    double best = 0, sink = 1e-3;
    const double start = now();
    /* short runs, so that some fall between interruptions, and several of them however long those are */
    for (int i = 0; i < 40 && (i < 8 || now() - start < 0.008); i++) {
        const double from = now(), work = table->fma_chain(20000, &sink), rate = work / (now() - from);
        if (rate > best) best = rate;
    }
    return sink == 12345.0 ? 0 : best;
}

void mk_gemm_packed(const mk_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1) {
    mk_kernels()->gemm_packed(g, m0, m1, n0, n1);
}

/* What AVX-512 processors may have besides. */
#if MK_X86
#define HAS_VNNI (mk_isa_active() == MK_ISA_AVX512 && __builtin_cpu_supports("avx512vnni"))
#define HAS_BF16 (HAS_VNNI && __builtin_cpu_supports("avx512bf16"))
#endif

void mk_integer_product(const mk_integer_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1) {
#if MK_X86
    if (HAS_VNNI) {
        mk_integer_product_vnni(g, m0, m1, n0, n1);
        return;
    }
#endif
    mk_kernels()->integer_product(g, m0, m1, n0, n1);
}

int32_t mk_has_bf16(void) {
#if MK_X86
    return HAS_BF16;
#else
    return 0;
#endif
}

void mk_reduced_product(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1) {
#if MK_X86
    if (HAS_BF16) {
        mk_reduced_product_bf16(r, scratch, m0, m1, n0, n1);
        return;
    }
    if (HAS_VNNI) {
        mk_reduced_product_vnni(r, scratch, m0, m1, n0, n1);
        return;
    }
#endif
    mk_kernels()->reduced_product(r, scratch, m0, m1, n0, n1);
}

void mk_quantize_f32(const float *x, void *y, size_t n, int32_t type, float scale, int32_t zero) {
    mk_kernels()->quantize_f32(x, y, n, type, scale, zero);
}

void mk_dequantize_f32(const void *x, int32_t type, float *y, size_t n, float scale, int32_t zero) {
    mk_kernels()->dequantize_f32(x, type, y, n, scale, zero);
}

size_t mk_block_scratch(size_t K, size_t rows) {
    size_t most = 0; /* of all levels, as the level may change before the run */
    for (int32_t isa = 0; isa <= mk_isa_best(); isa++) {
        const size_t n = table_of(isa)->block_scratch(K, rows);
        if (n > most) most = n;
    }
    return most;
}

void mk_block_product(const mk_block_gemm *g, float *scratch, size_t m0, size_t m1, size_t n0, size_t n1) {
    mk_kernels()->block_product(g, scratch, m0, m1, n0, n1);
}

void mk_block_gather(const mk_block_matrix *b, const int32_t *ids, float *y, size_t ldy, size_t rows) {
    mk_kernels()->block_gather(b, ids, y, ldy, rows);
}

static const struct {
    const char *name;
    size_t elements, bytes;
} block_kinds[] = {
#define MK_X(name, elements, bytes) {#name, elements, bytes},
    MK_PLAIN(MK_X) MK_BLOCKS(MK_X)
#undef MK_X
        {"packed", 0, 0},
};

size_t mk_block_elements(int32_t format) {
    return format >= 0 && format < MK_BLOCK_COUNT ? block_kinds[format].elements : 0;
}
size_t mk_block_bytes(int32_t format) { return format >= 0 && format < MK_BLOCK_COUNT ? block_kinds[format].bytes : 0; }
const char *mk_block_name(int32_t format) {
    return format >= 0 && format < MK_BLOCK_COUNT ? block_kinds[format].name : NULL;
}

size_t mk_attention_scratch(size_t max_keys, size_t head_dim) {
    size_t most = 0; /* of all levels, as the level may change before the run */
    for (int32_t isa = 0; isa <= mk_isa_best(); isa++) {
        const size_t n = table_of(isa)->attention_scratch(max_keys, head_dim);
        if (n > most) most = n;
    }
    return most;
}

void mk_attention_run(const mk_attention *a, float *scratch, size_t s0, size_t s1, size_t h0, size_t h1) {
    mk_kernels()->attention_run(a, scratch, s0, s1, h0, h1);
}

void mk_layer_norm(const float *x, size_t ldx, const float *residual, size_t ldr, float *sum_out, size_t lds,
                   const float *gamma, const float *beta, float eps, float *y, size_t ldy, size_t rows, size_t cols) {
    mk_kernels()->layer_norm(x, ldx, residual, ldr, sum_out, lds, gamma, beta, eps, y, ldy, rows, cols);
}

void mk_rms_norm(const float *x, size_t ldx, const float *gamma, float eps, float *y, size_t ldy, size_t rows,
                 size_t cols) {
    mk_kernels()->rms_norm(x, ldx, gamma, eps, y, ldy, rows, cols);
}

void mk_rotate(const float *x, size_t ldx, const float *cosines, const float *sines, int32_t interleaved, float *y,
               size_t ldy, size_t rows, size_t heads, size_t dim, size_t pairs) {
    mk_kernels()->rotate(x, ldx, cosines, sines, interleaved, y, ldy, rows, heads, dim, pairs);
}

void mk_softmax(const float *x, size_t ldx, float *y, size_t ldy, size_t rows, size_t cols, int32_t logarithm) {
    mk_kernels()->softmax(x, ldx, y, ldy, rows, cols, logarithm);
}

void mk_l2_normalize(const float *x, size_t ldx, float eps, float *y, size_t ldy, size_t rows, size_t cols) {
    mk_kernels()->l2_normalize(x, ldx, eps, y, ldy, rows, cols);
}

void mk_row_pairs(int32_t kind, const float *a, size_t lda, const float *b, size_t ldb, float *out, size_t rows,
                  size_t cols) {
    mk_kernels()->row_pairs(kind, a, lda, b, ldb, out, rows, cols);
}

size_t mk_embed(const mk_embedding *tables, size_t count, const float *gamma, const float *beta, float eps, float *y,
                size_t ldy, size_t rows, size_t cols) {
    return mk_kernels()->embed(tables, count, gamma, beta, eps, y, ldy, rows, cols);
}

void mk_segment_pool(int32_t kind, const float *x, size_t ldx, const int32_t *start, const int32_t *length, float *out,
                     size_t ldo, size_t segments, size_t cols) {
    mk_kernels()->segment_pool(kind, x, ldx, start, length, out, ldo, segments, cols);
}

void mk_reduce_f32(int32_t kind, const float *x, float *y, size_t outer, size_t n, size_t inner) {
    mk_kernels()->reduce_f32(kind, x, y, outer, n, inner);
}

void mk_unary_f32(int32_t op, const float *x, float *y, size_t n, float a, float b) {
    mk_kernels()->unary_f32(op, x, y, n, a, b);
}

void mk_binary_rows_f32(int32_t op, const float *x, const float *y, float *z, size_t rows, size_t cols) {
    const kernel_table *table = mk_kernels();
    for (size_t r = 0; r < rows; r++) table->binary_f32(op, x + r * cols, 1, y, 1, z + r * cols, cols);
}

void mk_conv_f32(const mk_conv *c, float *scratch, size_t u0, size_t u1) {
    mk_kernels()->conv_f32(c, scratch, u0, u1);
}

void mk_conv_planes_f32(const mk_conv *c, size_t kernels, size_t p0, size_t p1) {
    mk_kernels()->conv_planes_f32(c, kernels, p0, p1);
}

void mk_pool_f32(const mk_pool *p, const float *x, float *y, float *scratch) {
    mk_kernels()->pool_f32(p, x, y, scratch);
}

size_t mk_pool_scratch(const mk_pool *p) {
    const mk_axis *w = &p->axes[2];
    return (w->output - 1) * w->stride + (w->kernel - 1) * w->dilation + 1;
}

void mk_resample_f32(const float *x, const int32_t *places, const float *weights, size_t taps, size_t outputs,
                     size_t inner, float *y) {
    mk_kernels()->resample_f32(x, places, weights, taps, outputs, inner, y);
}

void mk_transpose_f32(const float *src, size_t lds, float *dst, size_t ldd, size_t rows, size_t cols) {
    mk_kernels()->transpose_f32(src, lds, dst, ldd, rows, cols);
}

void mk_forest_run(const mk_forest *f, const float *x, size_t stride, size_t rows, double *sums) {
    mk_kernels()->forest_run(f, x, stride, rows, sums);
}

size_t mk_count_bytes(const uint8_t *text, size_t n, uint8_t byte) { return mk_kernels()->count_bytes(text, n, byte); }

size_t mk_scan_fields(const uint8_t *text, size_t n, uint8_t separator, int32_t quote, uint32_t *ends,
                      mk_field_facts *facts) {
    return mk_kernels()->scan_fields(text, n, separator, quote, ends, facts);
}

#define NAMES(function, table)                                                                                         \
    const char *function(int32_t i) {                                                                                  \
        static const char *const names[] = {table(NAME)};                                                              \
        return i >= 0 && (size_t)i < sizeof names / sizeof *names ? names[i] : NULL;                                   \
    }
#define NAME(name) #name,
NAMES(mk_activation_name, MK_ACTIVATIONS)
NAMES(mk_unary_name, MK_UNARY_OPS)
NAMES(mk_binary_name, MK_BINARY_OPS)
NAMES(mk_compare_name, MK_COMPARE_OPS)
NAMES(mk_reduction_name, MK_REDUCTIONS)
void mk_lstm_cell(const float *x, const float *r, const float *peephole, float clip, float *c, float *h, size_t n) {
    mk_kernels()->lstm_cell(x, r, peephole, clip, c, h, n);
}
void mk_gru_cell(const float *x, const float *r, float clip, float *h, size_t n) {
    mk_kernels()->gru_cell(x, r, clip, h, n);
}
void mk_linear_attention_run(const mk_linear_attention *a, float *state, size_t steps) {
    mk_kernels()->linear_attention(a, state, steps);
}
void mk_fft_run(const mk_fft *plan, size_t batch, void *re, void *im, void *work_re, void *work_im) {
    (plan->type == MK_F64 ? mk_kernels()->fft_f64 : mk_kernels()->fft_f32)(plan, batch, re, im, work_re, work_im);
}
void mk_fft_scale(int32_t type, const void *factors, void *re, void *im, size_t rows, size_t batch) {
    (type == MK_F64 ? mk_kernels()->fft_scale_f64 : mk_kernels()->fft_scale_f32)(factors, re, im, rows, batch);
}
