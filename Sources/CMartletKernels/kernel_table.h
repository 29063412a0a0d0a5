#pragma once
#include "martlet_kernels.h"

/* What each instruction set provides. Entries have the contract of the function of the same name in martlet_kernels.h. */
typedef struct {
    double (*fma_chain)(size_t rounds, double *sink); /* FLOP done; for mk_peak_fp32 */
    void (*gemm_packed)(const mk_gemm *, size_t, size_t, size_t, size_t);
    void (*integer_product)(const mk_integer_gemm *, size_t, size_t, size_t, size_t);
    void (*reduced_product)(const mk_reduced_gemm *, void *, size_t, size_t, size_t, size_t);
    void (*quantize_f32)(const float *, uint8_t *, size_t, int32_t, float, int32_t);
    void (*dequantize_f32)(const void *, int32_t, float *, size_t, float, int32_t);
    size_t (*block_scratch)(size_t, size_t);
    void (*block_product)(const mk_block_gemm *, float *, size_t, size_t, size_t, size_t);
    void (*block_gather)(const mk_block_matrix *, const int32_t *, float *, size_t, size_t);
    size_t (*attention_scratch)(size_t, size_t);
    void (*attention_run)(const mk_attention *, float *, size_t, size_t, size_t, size_t);
    void (*layer_norm)(const float *, size_t, const float *, size_t, float *, size_t, const float *, const float *,
                       float, float *, size_t, size_t, size_t);
    void (*rms_norm)(const float *, size_t, const float *, float, float *, size_t, size_t, size_t);
    void (*rotate)(const float *, size_t, const float *, const float *, int32_t, float *, size_t, size_t, size_t, size_t,
                   size_t);
    void (*softmax)(const float *, size_t, float *, size_t, size_t, size_t, int32_t);
    void (*l2_normalize)(const float *, size_t, float, float *, size_t, size_t, size_t);
    void (*row_pairs)(int32_t, const float *, size_t, const float *, size_t, float *, size_t, size_t);
    size_t (*embed)(const mk_embedding *, size_t, const float *, const float *, float, float *, size_t, size_t, size_t);
    void (*segment_pool)(int32_t, const float *, size_t, const int32_t *, const int32_t *, float *, size_t, size_t,
                         size_t);
    void (*reduce_f32)(int32_t, const float *, float *, size_t, size_t, size_t);
    void (*unary_f32)(int32_t, const float *, float *, size_t, float, float);
    void (*binary_f32)(int32_t, const float *, size_t, const float *, size_t, float *, size_t);
    void (*compare_f32)(int32_t, const float *, size_t, const float *, size_t, uint8_t *, size_t);
    void (*half_to_f32)(int32_t, const void *, float *, size_t);
    void (*f32_to_half)(int32_t, const float *, void *, size_t);
    void (*conv_f32)(const mk_conv *, float *, size_t, size_t);
    void (*conv_planes_f32)(const mk_conv *, size_t, size_t, size_t);
    void (*pool_f32)(const mk_pool *, const float *, float *, float *);
    void (*resample_f32)(const float *, const int32_t *, const float *, size_t, size_t, size_t, float *);
    void (*forest_run)(const mk_forest *, const float *, size_t, size_t, double *);
    void (*lstm_cell)(const float *, const float *, const float *, float, float *, float *, size_t);
    void (*gru_cell)(const float *, const float *, float, float *, size_t);
    void (*linear_attention)(const mk_linear_attention *, float *, size_t);
    void (*fft_f32)(const mk_fft *, size_t, void *, void *, void *, void *);
    void (*fft_f64)(const mk_fft *, size_t, void *, void *, void *, void *);
    void (*fft_scale_f32)(const void *, void *, void *, size_t, size_t);
    void (*fft_scale_f64)(const void *, void *, void *, size_t, size_t);
    void (*transpose_f32)(const float *, size_t, float *, size_t, size_t, size_t);
    size_t (*count_bytes)(const uint8_t *, size_t, uint8_t);
    size_t (*scan_fields)(const uint8_t *, size_t, uint8_t, int32_t, uint32_t *, mk_field_facts *);
} kernel_table;

extern const kernel_table mk_table_scalar;
#if defined(__x86_64__) && defined(__clang__)
#define MK_X86 1
extern const kernel_table mk_table_avx2, mk_table_avx512;
/* integer_product for processors of the last level that have VNNI. */
void mk_integer_product_vnni(const mk_integer_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1);
/* reduced_product for those, and for those that multiply bfloat16 too. */
void mk_reduced_product_vnni(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1);
void mk_reduced_product_bf16(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1);
#else
#define MK_X86 0
#endif

const kernel_table *mk_kernels(void);

/* mk_convert among the types of 16 bits and more, of 8 with a sign or without, and bool. */
int32_t mk_convert_wide(int32_t from, int32_t to, const uint8_t *p, uint8_t *q, size_t n);
/* Those to fp32, rounded to odd where fp32 does not hold them: a further rounding gives what one alone would. */
void mk_to_odd_f32(int32_t from, const uint8_t *p, float *y, size_t n);

/* How a convolution is done: the same at every level. */
typedef struct {
    size_t depth;  /* elements of a sum */
    size_t places; /* of the result */
    size_t panels; /* packed at once, where windows are packed */
    /* Where windows are read from padded copies of the input ("flat"; rows is 0 where they are packed): */
    size_t rows;      /* of the result at once */
    size_t pitch;     /* distance of the rows of a copy */
    size_t lines;     /* rows of a copy */
    size_t phases[2]; /* copies of a plane: one for each remainder of a place by the stride that a kernel place has */
    /* Where four rows are filtered at once (minimal_body.h), `rows` counts these: */
    int minimal;
    size_t parts; /* of the outputs, which are the units of work where weights are large; 0 where fours of rows are */
} conv_plan;
conv_plan mk_conv_plan(const mk_conv *c);
