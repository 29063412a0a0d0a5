/* Everything of one instruction set, in one translation unit that has set MK_LEVEL, MK_TABLE and its target attribute.
 * a*b+c may fuse; sums are never reordered by the compiler: their order is written out. */
#pragma clang fp contract(fast)
#include "vector.h"
#include "vector_math.h"
#include "half_body.h"
#include "finish_body.h"
#include "gemm_body.h"
#include "integer_body.h"
#include "reduced_body.h"
#include "block_body.h"
#include "move_body.h"
#include "attention_body.h"
#include "rows_body.h"
#include "elementwise_body.h"
#include "resample_body.h"
#include "pool_body.h"
#include "trees_body.h"
#include "recurrent_body.h"
#include "fft_body.h"
#include "conv_body.h"
#include "minimal_body.h"
#include "stencil_body.h"
#include "text_body.h"

/* Independent multiply-adds in registers, enough chains to hide their latency; returns the FLOP done. */
static double fma_chain(size_t rounds, double *sink) {
    enum { chains = MK_LEVEL == 2 ? 24 : 12 };
    vf sum[chains], x = v_set((float)*sink), y = v_set(0.5f);
    for (int i = 0; i < chains; i++) sum[i] = v_set((float)i);
    for (size_t r = 0; r < rounds; r++) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < chains; i++) sum[i] = v_fma(sum[i], y, x);
    }
    vf total = v_set(0.0f);
    for (int i = 0; i < chains; i++) total += sum[i];
    *sink = v_sum(total);
    return 2.0 * W * chains * (double)rounds;
}

const kernel_table MK_TABLE = {
    .fma_chain = fma_chain,
    .gemm_packed = gemm_packed,
    .integer_product = integer_product,
    .reduced_product = reduced_product,
    .quantize_f32 = quantize_f32,
    .dequantize_f32 = dequantize_f32,
    .block_scratch = block_scratch,
    .block_product = block_product,
    .block_gather = block_gather,
    .attention_scratch = attention_scratch,
    .attention_run = attention_run,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .rotate = rotate,
    .softmax = softmax,
    .l2_normalize = l2_normalize,
    .row_pairs = row_pairs,
    .embed = embed,
    .segment_pool = segment_pool,
    .reduce_f32 = reduce_f32,
    .unary_f32 = unary_f32,
    .binary_f32 = binary_f32,
    .compare_f32 = compare_f32,
    .half_to_f32 = half_to_f32,
    .f32_to_half = f32_to_half,
    .conv_f32 = conv_f32,
    .conv_planes_f32 = conv_planes_f32,
    .pool_f32 = pool_f32,
    .resample_f32 = resample_f32,
    .forest_run = forest_run,
    .lstm_cell = lstm_cell,
    .gru_cell = gru_cell,
    .linear_attention = linear_attention,
    .fft_f32 = fft_f32,
    .fft_f64 = fft_f64,
    .fft_scale_f32 = fft_scale_f32,
    .fft_scale_f64 = fft_scale_f64,
    .transpose_f32 = transpose_f32,
    .count_bytes = count_bytes,
    .scan_fields = scan_fields,
};
