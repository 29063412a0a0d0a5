#pragma once
/* Numeric kernels of Martlet: one function per operation, chosen at run time for the CPU.
 *
 * Conventions, true of every function here unless it says otherwise:
 *  - lengths and strides count elements, never bytes; a matrix is row major; `ld…` is the distance between its rows;
 *  - pointers need only the alignment of their element type; a pointer may be NULL where nothing would be read or written;
 *  - input and output do not overlap, except that an elementwise kernel may write exactly over an input;
 *  - arguments are trusted: MartletKernels checks them, and is the only caller;
 *  - a kernel is single-threaded, allocates nothing and keeps no state. Ranges let the caller split work over threads,
 *    and no result depends on how it was split.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- CPU ---------------------------------------------------------------------------------------------------- */

/* Instruction sets in rising order. SCALAR is the portable body: four lanes that any compiler maps to its baseline. */
enum { MK_ISA_SCALAR = 0, MK_ISA_AVX2 = 1, MK_ISA_AVX512 = 2, MK_ISA_COUNT = 3 };

/* The best level this CPU can run, whatever was forced. */
int32_t mk_isa_best(void);
/* The level in use: the best one, or a lower one named by MARTLET_ISA=scalar|avx2|avx512 or set below. */
int32_t mk_isa_active(void);
/* Uses `isa`, or the best available below it; returns what is then in use. Callable at any time, from any thread. */
int32_t mk_isa_set(int32_t isa);
const char *mk_isa_name(int32_t isa);
/* Space separated names of the CPU's features that matter here, for reports. */
const char *mk_cpu_features(void);
/* fp32 multiply-add peak of one core at the active level, in FLOP per second: best of a few runs, at most 10 ms in all. */
double mk_peak_fp32(void);

/* ---- Matrix product with constant, packed right side -------------------------------------------------------- */

/* A packed matrix is cut into panels of this many columns, each stored [K][MK_PANEL], the last one padded by zeros.
 * The layout is the same at every level, so that a level may change under a packed matrix. */
enum { MK_PANEL = 32 };

/* Element types. Those from MK_F8E4M3FN on are of 8, 4 or 2 bits, one element in each byte, integers sign-extended; they
 * are converted and nothing else. MK_OPAQUE has no size: every kernel refuses it. */
enum { MK_F32 = 0, MK_F16, MK_BF16, MK_F64, MK_I8, MK_U8, MK_I16, MK_U16, MK_I32, MK_U32, MK_I64, MK_U64, MK_BOOL,
       MK_F8E4M3FN, MK_F8E4M3FNUZ, MK_F8E5M2, MK_F8E5M2FNUZ, MK_F8E8M0, MK_F4E2M1, MK_I4, MK_U4, MK_I2, MK_U2,
       MK_OPAQUE, MK_TYPE_COUNT };

/* Floats that a packed K×N matrix takes; multiply by 4 for bytes. The caller has checked that this does not overflow. */
size_t mk_gemm_packed_size(size_t K, size_t N);

/* Packs B into dst (64-byte aligned). `type` is MK_F32, MK_F16 or MK_BF16. Not transposed: element (k, n) is
 * B[k*ldb + n]; transposed: B[n*ldb + k], as in weights stored [out, in]. B may be unaligned to its element. */
void mk_gemm_pack(const void *B, int32_t type, size_t ldb, int32_t transposed, size_t K, size_t N, float *dst);

/* leaky_relu(a) hard_sigmoid(a,b) clip(a,b) have parameters. */
#define MK_ACTIVATIONS(X)                                                                                              \
    X(none) X(relu) X(gelu_erf) X(gelu_tanh) X(tanh) X(sigmoid) X(silu) X(hard_swish) X(leaky_relu) X(hard_sigmoid)    \
    X(clip)
enum {
#define MK_X(name) MK_ACT_##name,
    MK_ACTIVATIONS(MK_X)
#undef MK_X
        MK_ACT_COUNT
};

typedef struct {
    const float *a;        /* [M, K], rows `lda` apart */
    size_t lda;
    const float *packed;   /* of mk_gemm_pack */
    float *c;              /* [M, N], rows `ldc` apart */
    size_t ldc;
    size_t K, N;
    float alpha;
    const float *bias;     /* [N] or NULL */
    int32_t activation;    /* MK_ACT_… */
    const float *residual; /* [M, N], rows `ldr` apart, or NULL; may be exactly c */
    size_t ldr;
    float a_parameter, b_parameter; /* of the activation */
    float scale, shift;             /* 1 and 0 for none */
} mk_gemm;

/* C[m0..<m1, n0..<n1] = scale · activation(alpha · A × B + bias) + shift + residual. n0 is a multiple of MK_PANEL.
 * Each element sums its products in the order of k, in one fp32 accumulator, whatever the range or the shape. */
void mk_gemm_packed(const mk_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1);

/* ---- Products of 8-bit integers ------------------------------------------------------------------------------- */

/* Bytes that a packed K×N matrix takes: panels of MK_PANEL columns, each [⌈K/4⌉][MK_PANEL][4], padded by zeros. */
size_t mk_integer_packed_size(size_t K, size_t N);
/* Packs B of MK_U8 or MK_I8, stored as mk_gemm_pack has it, into dst (64-byte aligned) as int8, uint8 less 128, with the sums of
 * its columns [N] in that form. */
void mk_integer_pack(const void *B, int32_t type, size_t ldb, int32_t transposed, size_t K, size_t N, int8_t *dst,
                     int32_t *column_sums);
/* Sums of the rows of A as uint8, int8 plus 128. */
void mk_integer_row_sums(const void *A, int32_t type, size_t lda, size_t M, size_t K, int32_t *sums);

typedef struct {
    const uint8_t *a; /* [M, K], rows `lda` apart */
    size_t lda;
    int32_t a_is_signed;   /* whether they are int8 */
    const int8_t *packed;  /* of mk_integer_pack */
    const int32_t *column_sums;
    size_t K, N;
    const int32_t *a_zero; /* that of row m at m · a_zero_step, or NULL for 0; 128 more than that of an int8 A */
    size_t a_zero_step;
    const int32_t *b_zero;   /* [N], 128 less than those of a uint8 B; NULL for 0, else with `row_sums` */
    const int32_t *row_sums; /* [M] of mk_integer_row_sums */
    const int32_t *bias;     /* [N] or NULL: added to the sums */
    int32_t type;            /* of C: MK_I32, or MK_F32, MK_U8, MK_I8 with `scale` */
    const float *scale;      /* [N] */
    const float *float_bias; /* [N] or NULL; MK_F32 only */
    int32_t c_zero;          /* MK_U8, MK_I8 only */
    void *c;                 /* [M, N], rows `ldc` apart */
    size_t ldc;
} mk_integer_gemm;

/* sum = Σ (A - a_zero) (B - b_zero) + bias, exact in int32, which wraps. C[m0..<m1, n0..<n1] = sum, scale · sum + float_bias, or
 * saturate(round(scale · sum) + c_zero). n0 is a multiple of MK_PANEL. */
void mk_integer_product(const mk_integer_gemm *g, size_t m0, size_t m1, size_t n0, size_t n1);
/* y = saturate(round(x⁄scale) + zero), of MK_U8 or MK_I8; ties to even, NaN to the lowest. */
void mk_quantize_f32(const float *x, void *y, size_t n, int32_t type, float scale, int32_t zero);
/* y = (x - zero) · scale, of MK_U8, MK_I8 or MK_I32. */
void mk_dequantize_f32(const void *x, int32_t type, float *y, size_t n, float scale, int32_t zero);

/* ---- Products of lower precision ------------------------------------------------------------------------------ */

/* bf16: both sides rounded to bfloat16, sums in fp32. int8: each column of B rounded to [-127, 127] by a scale of its own, each
 * row of A to [0, 255] by a scale and a zero point found when it is multiplied; sums are exact, so K is at most 65,536. */
#define MK_REDUCED_KINDS(X) X(bf16) X(int8)
enum {
#define MK_X(name) MK_REDUCED_##name,
    MK_REDUCED_KINDS(MK_X)
#undef MK_X
        MK_REDUCED_COUNT
};

/* Whether this CPU, at the level in use, multiplies bfloat16 faster than fp32. */
int32_t mk_has_bf16(void);
/* Bytes that a packed K×N matrix takes: panels of MK_PANEL columns, each [⌈K/2⌉][MK_PANEL][2] or [⌈K/4⌉][MK_PANEL][4]. */
size_t mk_reduced_packed_size(int32_t kind, size_t K, size_t N);
/* Packs an fp32 matrix K×N, stored at any address as mk_gemm_pack has it, as columns first…first+N of dst (64-byte aligned, zeros
 * before). int8 also sets those of `scales` and `sums`, which have room for whole panels. Returns √(Σ rounding error² ⁄ Σ B²);
 * NaN, and then no matrix, if int8 is to hold what is not finite. */
double mk_reduced_pack(int32_t kind, const void *B, size_t ldb, int32_t transposed, size_t K, size_t N, size_t first, void *dst,
                       float *scales, int32_t *sums);

typedef struct {
    mk_gemm gemm; /* without `packed`; alpha is 1 */
    int32_t kind;
    const void *panels;
    const float *column_scale;  /* of mk_reduced_pack; int8 only */
    const int32_t *column_sums;
} mk_reduced_gemm;

/* Bytes of scratch, 64-byte aligned, that each thread needs. */
size_t mk_reduced_scratch(int32_t kind, size_t K);
/* As mk_gemm_packed. A row's result does not depend on other rows. int8: a row with NaN or infinities is multiplied in fp32 with
 * the rounded weights. */
void mk_reduced_product(const mk_reduced_gemm *r, void *scratch, size_t m0, size_t m1, size_t n0, size_t n1);

/* ---- Weights used as they are stored -------------------------------------------------------------------------- */

/* Formats of a row of weights: name, weights in a block, bytes of a block. PLAIN ones are numbers; BLOCKS are ggml's, in which
 * a block shares scales; `packed` is that of ONNX Runtime's MatMulNBits, whose scales lie apart. */
#define MK_PLAIN(X) X(f32, 1, 4) X(f16, 1, 2) X(bf16, 1, 2)
#define MK_BLOCKS(X)                                                                                                   \
    X(q4_0, 32, 18) X(q4_1, 32, 20) X(q5_0, 32, 22) X(q5_1, 32, 24) X(q8_0, 32, 34) X(q2_k, 256, 84) X(q3_k, 256, 110) \
    X(q4_k, 256, 144) X(q5_k, 256, 176) X(q6_k, 256, 210) X(q8_k, 256, 292) X(iq4_nl, 32, 18) X(iq4_xs, 256, 136)
enum {
#define MK_X(name, elements, bytes) MK_BLOCK_##name,
    MK_PLAIN(MK_X) MK_BLOCKS(MK_X)
#undef MK_X
        MK_BLOCK_packed,
    MK_BLOCK_COUNT
};
/* Weights in a block and bytes of one; 0 for MK_BLOCK_packed. */
size_t mk_block_elements(int32_t format);
size_t mk_block_bytes(int32_t format);
/* `q4_k`; NULL past the end. */
const char *mk_block_name(int32_t format);

/* Weights stored [rows, columns], each row whole blocks, at any address. */
typedef struct {
    int32_t format;
    const uint8_t *data;
    size_t columns; /* K: the length of the sums */
    /* MK_BLOCK_packed only: integers of 2, 4 or 8 bits, low bits first; weight = (integer - zero) · scale with one of each for
     * `group` weights. A row takes ⌈columns/group⌉ · group · bits/8 bytes and as many scales. */
    size_t bits, group;
    const float *scales;
    const uint8_t *zeros;     /* packed like the weights, each row in whole bytes; NULL: 2^(bits-1) */
    const float *float_zeros; /* instead of `zeros` */
} mk_block_matrix;

typedef struct {
    const float *a; /* [M, K], rows `lda` apart */
    size_t lda;
    mk_block_matrix b; /* [N, K] */
    float *c;          /* [M, N], rows `ldc` apart */
    size_t ldc;
    const float *bias;     /* [N] or NULL */
    int32_t activation;    /* MK_ACT_… */
    const float *residual; /* [M, N], rows `ldr` apart, or NULL; may be exactly c */
    size_t ldr;
} mk_block_gemm;

/* Floats of scratch (64-byte aligned) for K columns and at most `rows` rows of the left side. */
size_t mk_block_scratch(size_t K, size_t rows);
/* C[m0..<m1, n0..<n1] = activation(A × Bᵀ + bias) + residual, in fp32. Every element is the same sum whatever the ranges. */
void mk_block_product(const mk_block_gemm *g, float *scratch, size_t m0, size_t m1, size_t n0, size_t n1);
/* y[r] = row ids[r] of the weights. */
void mk_block_gather(const mk_block_matrix *b, const int32_t *ids, float *y, size_t ldy, size_t rows);

/* ---- Attention over ragged sequences ------------------------------------------------------------------------ */

/* out = softmax(scale · q kᵀ + bias) v for each sequence and head. Row r, head h of q begins at
 * q + r*q_stride + h*q_head_stride; likewise k, v, out. k and v are read at head h / (heads / kv_heads).
 * Sequence s takes query rows q_start[s] ..< + q_len[s] and key rows k_start[s] ..< + k_len[s]. Other rows of out are
 * left alone. A query that sees no key (k_len 0, or all its keys biased to -inf) yields zeros. */
typedef struct {
    const float *q, *k, *v;
    float *out;
    size_t q_stride, k_stride, v_stride, out_stride;
    size_t q_head_stride, k_head_stride, v_head_stride, out_head_stride;
    size_t heads, kv_heads, head_dim;
    const int32_t *q_start, *q_len, *k_start, *k_len;
    float scale;
    int32_t causal;    /* query i sees keys 0 ... i + k_len - q_len */
    size_t window;     /* and of those the last `window` only, if it is not 0 */
    float softcap;     /* scores become softcap · tanh(score / softcap) before the bias, if it is not 0 */
    const float *bias; /* NULL, or added at s*[0] + h*[1] + i*[2] + j*[3] */
    size_t bias_stride[4];
} mk_attention;

/* Floats of scratch (64-byte aligned) for sequences of at most this many keys. */
size_t mk_attention_scratch(size_t max_keys, size_t head_dim);
/* Sequences s0 ..< s1, heads h0 ..< h1. */
void mk_attention_run(const mk_attention *a, float *scratch, size_t s0, size_t s1, size_t h0, size_t h1);

/* ---- Rows --------------------------------------------------------------------------------------------------- */

/* t = x + residual (if any); sum_out = t (if any); y = (t - mean) / sqrt(variance + eps) * gamma + beta.
 * gamma and beta may be NULL (1 and 0). y may be x, residual or sum_out. */
void mk_layer_norm(const float *x, size_t ldx, const float *residual, size_t ldr, float *sum_out, size_t lds,
                   const float *gamma, const float *beta, float eps, float *y, size_t ldy, size_t rows, size_t cols);
/* y = x / sqrt(mean(x²) + eps) * gamma */
void mk_rms_norm(const float *x, size_t ldx, const float *gamma, float eps, float *y, size_t ldy, size_t rows,
                 size_t cols);
/* Softmax (or its logarithm) of each row. A row of -inf only becomes NaN, as IEEE arithmetic has it. y may be x. */
void mk_softmax(const float *x, size_t ldx, float *y, size_t ldy, size_t rows, size_t cols, int32_t logarithm);
/* y = x / max(‖x‖₂, eps). y may be x. */
void mk_l2_normalize(const float *x, size_t ldx, float eps, float *y, size_t ldy, size_t rows, size_t cols);

enum { MK_PAIR_dot = 0, MK_PAIR_cosine, MK_PAIR_l2 };
/* out[r] = dot, cosine (0 if a norm is 0) or Euclidean distance of rows r of a and b; ld 0 repeats one row. */
void mk_row_pairs(int32_t kind, const float *a, size_t lda, const float *b, size_t ldb, float *out, size_t rows,
                  size_t cols);

/* Rotary position embedding. Of each head (`dim` columns, heads side by side) the first 2·pairs columns are turned: pair i by the
 * angle whose cosine and sine are cosines[r*pairs + i], sines[r*pairs + i]. A pair is columns i and i + pairs, or with
 * `interleaved` 2i and 2i + 1. y may be x. */
void mk_rotate(const float *x, size_t ldx, const float *cosines, const float *sines, int32_t interleaved, float *y,
               size_t ldy, size_t rows, size_t heads, size_t dim, size_t pairs);

/* One addend of an embedding: table rows by ids, or one row per position if ids is NULL (row index = position[r]). */
typedef struct {
    const float *table; /* [count, cols], contiguous */
    size_t count;
    const int32_t *ids; /* one per output row; NULL: always row 0 */
} mk_embedding;
/* y[r] = Σ tables[t].table[ids[r]]; then layer norm if gamma is given. Returns `rows`, or the first row that holds an
 * id outside its table (rows before it are written). tables ≤ 4. */
size_t mk_embed(const mk_embedding *tables, size_t count, const float *gamma, const float *beta, float eps, float *y,
                size_t ldy, size_t rows, size_t cols);

enum { MK_POOL_mean = 0, MK_POOL_max, MK_POOL_first, MK_POOL_last, MK_POOL_sum, MK_POOL_mean_sqrt };
/* out[s] = pooled rows start[s] ..< + length[s] of x; zeros for an empty segment. */
void mk_segment_pool(int32_t kind, const float *x, size_t ldx, const int32_t *start, const int32_t *length, float *out,
                     size_t ldo, size_t segments, size_t cols);

#define MK_REDUCTIONS(X) X(sum) X(mean) X(prod) X(max) X(min) X(sum_square) X(sum_abs) X(l2)
enum {
#define MK_X(name) MK_REDUCE_##name,
    MK_REDUCTIONS(MK_X)
#undef MK_X
        MK_REDUCE_COUNT
};
/* x is [outer, n, inner], y [outer, inner]. n = 0 gives the neutral element; mean of nothing is NaN; max and min of a row
 * with NaN are NaN. */
void mk_reduce_f32(int32_t kind, const float *x, float *y, size_t outer, size_t n, size_t inner);
/* The same for other types: MK_F64, MK_I32, MK_I64 (integer sums wrap, means truncate, n = 0 means 0). */
void mk_reduce(int32_t kind, int32_t type, const void *x, void *y, size_t outer, size_t n, size_t inner);
/* Index along n of the largest (or smallest) element, first or last among equals; a NaN wins. type: F32 F64 I32 I64. */
void mk_arg_extreme(int32_t smallest, int32_t last, int32_t type, const void *x, int64_t *y, size_t outer, size_t n,
                    size_t inner);

/* ---- Decision trees ----------------------------------------------------------------------------------------- */

/* A test sends a row to the left if x <= threshold (or x == threshold), else to the right. NaN goes to the right, in the _NAN
 * kinds to the left. */
enum { MK_TEST_LE = 0, MK_TEST_LE_NAN, MK_TEST_EQ, MK_TEST_EQ_NAN };

/* One test of a tree that is run by masks. Leaves are numbered from left to right; `clear` are those (of one word of 32)
 * under the test's left side. */
typedef struct {
    int32_t feature; /* column */
    float threshold;
    uint32_t clear;
} mk_tree_test;
/* Tests of one kind that clear the same word. Runs of a tree stand with the highest word first. */
typedef struct {
    int32_t word, kind, first, count;
} mk_tree_run;

/* A node of a tree that is walked. A leaf is a node with an infinite threshold that is its own child. */
typedef struct {
    int32_t test; /* column in the bits MK_NODE_FEATURE; MK_NODE_EQ; the sign: NaN goes to the right */
    float threshold;
    int32_t child; /* the left one; the right one is the next */
} mk_tree_node;
enum { MK_NODE_FEATURE = 0x0fffffff, MK_NODE_EQ = 0x40000000 };

enum { MK_TREE_MASKS = 0, MK_TREE_WALK };
enum { MK_TREE_ALL_TARGETS = -1, MK_TREE_SOME_TARGETS = -2 };
typedef struct {
    int32_t kind;
    int32_t first, count; /* masks: runs; walk: the root and the number of steps to the deepest leaf */
    int32_t leaf, leaves; /* the first leaf's number in the forest, and how many there are */
    int32_t target;       /* the one that each leaf has one weight for; or: each leaf has one for all of them, in order */
} mk_tree;

enum { MK_TREES_SUM = 0, MK_TREES_MIN, MK_TREES_MAX };
typedef struct {
    const mk_tree *trees;
    size_t tree_count;
    const mk_tree_run *runs;
    const mk_tree_test *tests;
    const mk_tree_node *nodes;
    const int32_t *leaf_of_node;  /* counted from the tree's first leaf */
    const int32_t *weight_start;  /* [leaves + 1]: where a leaf's weights begin */
    const int32_t *targets;       /* [weights] */
    const float *weights;         /* readable 32 elements past the end */
    const double *wide;           /* instead of `weights`, or NULL */
    int32_t target_count, aggregate;
} mk_forest;

/* Rows are taken in multiples of this many; what lies in the rows beyond the true ones must be readable numbers. */
enum { MK_FOREST_ROWS = 16 };
/* Joins the weights of all trees' leaves into sums[target * rows + row], which holds zeros at first, or NaN for minimum and
 * maximum (and NaN stays where no leaf had a weight). x[column * stride + row]; columns × stride < 2^31. */
void mk_forest_run(const mk_forest *f, const float *x, size_t stride, size_t rows, double *sums);

/* out[c * stride + r] = x[r * ldx + features[c]], and 0 in rows from `rows` to `stride`. */
void mk_columns_f32(const float *x, size_t ldx, const int32_t *features, size_t count, size_t rows, float *out,
                    size_t stride);
/* The same for doubles, each replaced by its place among the sorted thresholds of its feature: 2k for the k-th itself,
 * 2k - 1 for what lies before it and after the one before; NaN stays. Comparisons of places are those of the numbers.
 * Thresholds of column c are thresholds[start[c] ..< start[c + 1]], at most 2^22 of them. */
void mk_columns_ranked(const double *x, size_t ldx, const int32_t *features, const int32_t *start,
                       const double *thresholds, size_t count, size_t rows, float *out, size_t stride);

/* ---- Elementwise -------------------------------------------------------------------------------------------- */

/* Ops with parameters read a, b: elu(a) selu(a,b) leaky_relu(a) hard_sigmoid(a,b) clip(a,b) pow_scalar(a) affine(a x+b)
 * thresholded_relu(a) celu(a). `not` maps 0 to 1, all else to 0. round is half to even. */
#define MK_UNARY_OPS(X)                                                                                                \
    X(neg) X(abs) X(exp) X(log) X(sqrt) X(rsqrt) X(reciprocal) X(square) X(erf) X(tanh) X(sigmoid) X(relu)             \
    X(gelu_erf) X(gelu_tanh) X(silu) X(ceil) X(floor) X(round) X(trunc) X(sign) X(softsign) X(elu) X(selu)             \
    X(leaky_relu) X(hard_sigmoid) X(hard_swish) X(clip) X(affine) X(not) X(softplus) X(mish) X(celu)                   \
    X(thresholded_relu) X(pow_scalar) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(asinh) X(acosh)   \
    X(atanh) X(expm1) X(log1p) X(log2) X(log10) X(exp2)
enum {
#define MK_X(name) MK_UNARY_##name,
    MK_UNARY_OPS(MK_X)
#undef MK_X
        MK_UNARY_COUNT
};
void mk_unary_f32(int32_t op, const float *x, float *y, size_t n, float a, float b);
/* neg abs sign for MK_I32, MK_I64 (wrapping); every op for MK_F64 through libm. False if the pair is not there. */
int32_t mk_unary(int32_t op, int32_t type, const void *x, void *y, size_t n, double a, double b);

/* mod has the sign of the divisor (Python), fmod of the dividend (C). Integer div truncates; integer div, mod, fmod by zero
 * yield 0 (the caller checks), integer pow of a negative exponent 0; add, sub, mul, pow wrap. */
#define MK_BINARY_OPS(X) X(add) X(sub) X(mul) X(div) X(pow) X(min) X(max) X(mod) X(fmod) X(atan2)
enum {
#define MK_X(name) MK_BINARY_##name,
    MK_BINARY_OPS(MK_X)
#undef MK_X
        MK_BINARY_COUNT
};
#define MK_COMPARE_OPS(X) X(eq) X(ne) X(lt) X(le) X(gt) X(ge)
enum {
#define MK_X(name) MK_COMPARE_##name,
    MK_COMPARE_OPS(MK_X)
#undef MK_X
        MK_COMPARE_COUNT
};
/* One run of n elements with steps 0 (scalar) or 1; the step of at least one side is 1, or n is 1. Types: F32 F64 I32 I64,
 * and for min, max, compare all of MK_F32…MK_BOOL but the halves. False if the op is not there for the type. */
int32_t mk_binary(int32_t op, int32_t type, const void *x, size_t x_step, const void *y, size_t y_step, void *z, size_t n);
int32_t mk_compare(int32_t op, int32_t type, const void *x, size_t x_step, const void *y, size_t y_step, uint8_t *z,
                   size_t n);
/* z[r, :] = x[r, :] op y, y repeated on each of `rows` rows of `cols`; f32. z may be x. */
void mk_binary_rows_f32(int32_t op, const float *x, const float *y, float *z, size_t rows, size_t cols);
/* z[i] = condition[i] ? x[i] : y[i] by element size 1, 2, 4, 8; steps 0 or 1. */
void mk_select(size_t size, const uint8_t *condition, size_t c_step, const void *x, size_t x_step, const void *y,
               size_t y_step, void *z, size_t n);
enum { MK_LOGIC_and = 0, MK_LOGIC_or, MK_LOGIC_xor };
/* Of bytes 0 and 1 (any other byte counts as 1). */
void mk_logic(int32_t op, const uint8_t *x, size_t x_step, const uint8_t *y, size_t y_step, uint8_t *z, size_t n);

/* ---- Recurrence --------------------------------------------------------------------------------------------- */

/* One row of an LSTM with sigmoid, tanh and tanh. x + r are the gates [4][n] in the order i o f c, biases added; peephole
 * is [3][n] (i o f) or NULL; clip bounds the arguments of the activations (INFINITY: not at all). c and h are
 * written. */
void mk_lstm_cell(const float *x, const float *r, const float *peephole, float clip, float *c, float *h, size_t n);
/* One row of a GRU with sigmoid and tanh, reset after the product: x and r are the gates [3][n] in the order z r h, each
 * with its own biases; h is replaced. */
void mk_gru_cell(const float *x, const float *r, float clip, float *h, size_t n);

/* Linear attention of one key head: for each step S = S · e^decay; v = beta (v - Sᵀk); S = S + k vᵀ; y = scale · Sᵀq, the
 * steps of inputs that are NULL left out. Several query heads read the same state. */
typedef struct {
    const float *q, *k, *v; /* at the first step: [queries][keys], [keys], [values] */
    const float *decay;     /* [keys], or one number if not decay_per_key; or NULL */
    const float *beta;      /* one number, or NULL */
    float *y;               /* [queries][values] */
    float *scratch;         /* [values] */
    size_t q_stride, k_stride, v_stride, decay_stride, beta_stride, y_stride; /* from step to step */
    size_t queries, keys, values;
    int32_t decay_per_key;
    float scale;
} mk_linear_attention;
void mk_linear_attention_run(const mk_linear_attention *a, float *state, size_t steps);

/* ---- Fourier transform -------------------------------------------------------------------------------------- */

/* A transform of length n = the product of its radices. For each pass, with `left` of n still to do (n, n / r₀, …), the
 * twiddles hold r pairs (cos, sin) of -2π k / r, then left / r groups p of r pairs of -2π p j / left. */
typedef struct {
    int32_t type; /* MK_F32 or MK_F64, of the twiddles and of all data */
    size_t n, passes;
    const size_t *radices;
    const void *twiddles;
} mk_fft;
/* The forward transform of `batch` signals that lie side by side: element i of signal b is re[i*batch + b], im[i*batch + b].
 * The work arrays are of the same size. Exchange re and im for the inverse, which is not divided by n. */
void mk_fft_run(const mk_fft *plan, size_t batch, void *re, void *im, void *work_re, void *work_im);
/* Row i of re + im·√-1 times the number (factors[2i], factors[2i+1]). */
void mk_fft_scale(int32_t type, const void *factors, void *re, void *im, size_t rows, size_t batch);

/* ---- Conversion and movement -------------------------------------------------------------------------------- */

/* Of conversions to floats of 8 bits: what is above the range becomes an infinity or NaN instead of the largest number; and how
 * E8M0 rounds, up by default, nearest with ties up. */
enum { MK_CONVERT_OVERFLOWS = 1, MK_CONVERT_NEAREST = 2, MK_CONVERT_DOWN = 4 };
/* Any type to any type. To narrower floats: one rounding, to nearest even. Float to integer: towards zero, saturating, NaN
 * to 0; to one of less than a byte: towards zero, then as integers. Integer to narrower integer: low bits. To bool: not equal
 * to zero. Pointers may be unaligned. False for unknown types. */
int32_t mk_convert(int32_t from, int32_t to, int32_t options, const void *x, void *y, size_t n);
size_t mk_type_size(int32_t type);

/* dst is contiguous with shape dims[rank]; its element (i…) is src[Σ i·strides]; strides may be 0 or negative. rank ≤ 16.
 * size is 1, 2, 4 or 8 bytes. Blocked where the order of axes changes. */
void mk_strided_copy(const void *src, void *dst, size_t size, size_t rank, const size_t *dims, const ptrdiff_t *strides);
/* dst[j*ldd + i] = src[i*lds + j] for a rows×cols src of 4-byte elements. */
void mk_transpose_f32(const float *src, size_t lds, float *dst, size_t ldd, size_t rows, size_t cols);

/* One axis that a window slides over. `before` counts padding at the start; the input is read as if padded as far as the
 * last window reaches. */
typedef struct {
    size_t input, kernel, stride, dilation, before, output;
} mk_axis;
/* Convolution of one image and one group: y = scale · activation(w × windows of x + bias + residual) + shift. */
typedef struct {
    const float *x; /* [channels, …input] */
    const float *w; /* [out, channels, …kernel] */
    float *y;       /* [out, …output] */
    size_t channels, out;
    mk_axis axes[3];       /* depth, height, width; a missing one has lengths of 1 */
    const float *bias;     /* [out] or NULL */
    const float *residual; /* of y's shape, or NULL; may be exactly y */
    int32_t activation;    /* MK_ACT_… */
    float a, b;            /* its parameters */
    float scale, shift;    /* 1 and 0 for none */
    const float *minimal;  /* the weights by mk_conv_minimal_weights, or NULL */
    size_t minimal_step;   /* floats from one of its six parts to the next: out · channels · kernel width, of all groups */
} mk_conv;
/* Whether the convolution would be done faster by weights of that form, twice as large: minimal filtering (Winograd). */
int32_t mk_conv_wants_minimal(const mk_conv *c);
/* Those weights, [6][filters, kernel width], of `filters` = out · channels, which are [filters, 3, kernel width]. */
void mk_conv_minimal_weights(const float *w, size_t filters, size_t width, float *minimal);
/* The result is cut into units (panels of places, or rows); this computes units u0..<u1 of all output channels. Every element
 * is one fp32 sum in the order of channels, then kernel places, or some of six such sums, and the same whatever the range. */
void mk_conv_f32(const mk_conv *c, float *scratch, size_t u0, size_t u1);
size_t mk_conv_units(const mk_conv *c);
/* Bytes of scratch that it needs. */
size_t mk_conv_scratch(const mk_conv *c);
/* The windows that the convolution sums, as rows [places, channels · kernel]: what its product with the weights takes. */
void mk_conv_rows_f32(const mk_conv *c, float *rows);
/* The same for one channel in and one out, and a depth of 1: a stencil on planes p0..<p1 of x, which lie one after the other as
 * those of y do; plane p takes kernel and bias p % kernels. Without scratch. The residual may not be y. */
void mk_conv_planes_f32(const mk_conv *c, size_t kernels, size_t p0, size_t p1);

enum { MK_WINDOW_max = 0, MK_WINDOW_mean, MK_WINDOW_sum };
typedef struct {
    int32_t kind;
    mk_axis axes[3];     /* depth, height, width; a missing one has lengths of 1 */
    const float *counts; /* of the mean: elements that count along each axis, one list of `output` after the other */
} mk_pool;
/* y = max, mean or sum of each window of the volume x; a NaN wins, padding never does. */
void mk_pool_f32(const mk_pool *p, const float *x, float *y, float *scratch);
/* Floats of scratch that it needs. */
size_t mk_pool_scratch(const mk_pool *p);

/* y[i, :] = x[places[i], :] for i < outputs, rows of `inner` elements of `size` (1, 2, 4 or 8) bytes. */
void mk_pick(const void *x, size_t size, const int32_t *places, size_t outputs, size_t inner, void *y);
/* y[i, :] = Σ weights[i, t] · x[places[i, t], :] over t < taps, rows of `inner` elements; summed in the order of t. */
void mk_resample_f32(const float *x, const int32_t *places, const float *weights, size_t taps, size_t outputs,
                     size_t inner, float *y);

/* ---- Separated text: where its fields end, and fields to columns ------------------------------------------------ */
enum { MK_TEXT_NUL = 1, MK_TEXT_HIGH = 2, MK_TEXT_MISPLACED = 4, MK_TEXT_OPEN = 8 };
typedef struct {
    uint32_t flags;     /* NUL: a zero byte. HIGH: a byte that is not ASCII. MISPLACED: a quote inside a field without
                           quotes, or text behind a closing one. OPEN: the text ends inside quotes */
    size_t lines;       /* ends of records */
    size_t inner_lines; /* line ends inside quotes */
} mk_field_facts;
/* The bytes of the text that are `byte`. */
size_t mk_count_bytes(const uint8_t *text, size_t n, uint8_t byte);
/* Places of the separators, LF, and CR without LF outside quotes, n < 2^32; returns how many. Quotes are doubled inside
 * quotes; quote is -1 for none. The text starts outside quotes. `ends` has room for n + 8. */
size_t mk_scan_fields(const uint8_t *text, size_t n, uint8_t separator, int32_t quote, uint32_t *ends,
                      mk_field_facts *facts);

/* One column of records that have `columns` fields each. */
typedef struct {
    const uint8_t *text;
    const uint32_t *ends; /* of all fields, row by row, with UINT32_MAX before the first */
    size_t columns, column, rows;
    int32_t quote;
} mk_field_column;
/* Fields from `row` on to numbers or texts, as long as they are in their usual form; returns the first row that is not, or
 * the number of rows. An empty field (for text: without quotes) clears its bit of `valid`. Usual are whole numbers of up to
 * 16 digits, decimals of up to 24 bytes without an exponent, YYYY-MM-DD as microseconds from 1970, and text without doubled
 * quotes. 16 bytes behind the text can be read. */
size_t mk_fields_to_i64(const mk_field_column *f, size_t row, int64_t *out, uint64_t *valid);
size_t mk_fields_to_f64(const mk_field_column *f, size_t row, double *out, uint64_t *valid);
size_t mk_fields_to_dates(const mk_field_column *f, size_t row, int64_t *out, uint64_t *valid);
/* offsets[row] is where the row's text goes in `out`, which has 16 bytes more than mk_fields_bytes. */
size_t mk_fields_to_text(const mk_field_column *f, size_t row, int64_t *offsets, uint8_t *out, uint64_t *valid);
/* Bytes of a column's fields as they stand in the text. */
size_t mk_fields_bytes(const mk_field_column *f);

/* ---- Names of the tables above, in order; NULL past the end -------------------------------------------------- */
const char *mk_activation_name(int32_t i);
const char *mk_unary_name(int32_t i);
const char *mk_binary_name(int32_t i);
const char *mk_compare_name(int32_t i);
const char *mk_reduction_name(int32_t i);

#ifdef __cplusplus
}
#endif
