/* Decision trees over columns of rows: by leaf masks for small trees, by walking for large ones. See mk_forest. */

#if MK_LEVEL == 2
INLINE vi t_gather_int(const int32_t *p, vi i) { return (vi)_mm512_i32gather_epi32((__m512i)i, p, 4); }
INLINE vf t_gather(const float *p, vi i) { return _mm512_i32gather_ps((__m512i)i, p, 4); }
/* v without the bits `clear` where m */
INLINE vi t_clear(vm m, vi v, vi clear) {
    return (vi)_mm512_mask_andnot_epi32((__m512i)v, m, (__m512i)clear, (__m512i)v);
}
INLINE vm t_not_le(vf x, vf t) { return _mm512_cmp_ps_mask(x, t, _CMP_NLE_UQ); }
INLINE vm t_gt(vf x, vf t) { return _mm512_cmp_ps_mask(x, t, _CMP_GT_OQ); }
INLINE vm t_not_eq(vf x, vf t) { return _mm512_cmp_ps_mask(x, t, _CMP_NEQ_UQ); }
INLINE vm t_lt_gt(vf x, vf t) { return _mm512_cmp_ps_mask(x, t, _CMP_NEQ_OQ); }
INLINE vm t_negative(vi a) { return _mm512_movepi32_mask((__m512i)a); }
INLINE vm t_and(vm a, vm b) { return (vm)(a & b); }
INLINE vm t_blend(vm m, vm a, vm b) { return (vm)((a & m) | (b & ~m)); }
INLINE vi t_add_one(vi a, vm m) { return (vi)_mm512_mask_add_epi32((__m512i)a, m, (__m512i)a, _mm512_set1_epi32(1)); }
INLINE vi t_select(vm m, vi a, vi b) { return (vi)_mm512_mask_blend_epi32(m, (__m512i)b, (__m512i)a); }
INLINE vm t_nonzero(vi a) { return _mm512_test_epi32_mask((__m512i)a, (__m512i)a); }
INLINE int t_differ(vi a, vi b) { return _mm512_cmpneq_epi32_mask((__m512i)a, (__m512i)b) != 0; }
/* Of a table of at most 32 numbers that may be read to its 32nd. */
INLINE vf t_lookup32(const float *p, vi i) {
    return _mm512_permutex2var_ps(v_load(p), (__m512i)i, v_load(p + 16));
}
INLINE void t_add_to(double *sum, vf a) {
    const __m512 v = a;
    const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v)), high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    _mm512_storeu_pd(sum, _mm512_add_pd(_mm512_loadu_pd(sum), low));
    _mm512_storeu_pd(sum + 8, _mm512_add_pd(_mm512_loadu_pd(sum + 8), high));
}
#else
#if MK_LEVEL == 1
INLINE vi t_gather_int(const int32_t *p, vi i) { return (vi)_mm256_i32gather_epi32(p, (__m256i)i, 4); }
INLINE vf t_gather(const float *p, vi i) { return _mm256_i32gather_ps(p, (__m256i)i, 4); }
INLINE int t_any_bit(vi a) { return !_mm256_testz_si256((__m256i)a, (__m256i)a); }
#else
INLINE vi t_gather_int(const int32_t *p, vi i) { return (vi){p[i[0]], p[i[1]], p[i[2]], p[i[3]]}; }
INLINE vf t_gather(const float *p, vi i) { return (vf){p[i[0]], p[i[1]], p[i[2]], p[i[3]]}; }
INLINE int t_any_bit(vi a) { return (a[0] | a[1] | a[2] | a[3]) != 0; }
#endif
INLINE vi t_clear(vm m, vi v, vi clear) { return v & ~(m & clear); }
INLINE vm t_not_le(vf x, vf t) { return ~(vm)(x <= t); }
INLINE vm t_gt(vf x, vf t) { return (vm)(x > t); }
INLINE vm t_not_eq(vf x, vf t) { return (vm)(x != t); }
INLINE vm t_lt_gt(vf x, vf t) { return (vm)(x < t) | (vm)(x > t); }
INLINE vm t_negative(vi a) { return a >> 31; }
INLINE vm t_and(vm a, vm b) { return a & b; }
INLINE vm t_blend(vm m, vm a, vm b) { return (a & m) | (b & ~m); }
INLINE vi t_add_one(vi a, vm m) { return a - m; }
INLINE vi t_select(vm m, vi a, vi b) { return (m & a) | (~m & b); }
INLINE vm t_nonzero(vi a) { return (vm)(a != 0); }
INLINE int t_differ(vi a, vi b) { return t_any_bit(a ^ b); }
INLINE vf t_lookup32(const float *p, vi i) { return t_gather(p, i); }
INLINE void t_add_to(double *sum, vf a) {
    for (int i = 0; i < W; i++) sum[i] += a[i];
}
#endif

/* Place of the lowest bit, from the exponent of that bit as a float; meaningless for 0. */
INLINE vi t_lowest_bit(vi v) {
    const vi low = v & -v;
    return ((v_bits(v_convert(low)) >> 23) & 0xff) - 127;
}

/* Leaves of NV vectors of rows: every test of the tree takes from each row's mask the leaves that it rules out, and the
 * lowest bit that stays is the row's leaf. No branch depends on data. */
#define T_TESTS(FAILS)                                                                                                 \
    for (; test < end; test++) {                                                                                       \
        const float *column = x + (size_t)test->feature * stride;                                                      \
        const vf threshold = v_set(test->threshold);                                                                   \
        const vi clear = v_seti((int32_t)test->clear);                                                                 \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < NV; i++) mask[i] =                                      \
            t_clear(FAILS(v_load(column + i * W), threshold), mask[i], clear);                                         \
    }

#define T_LEAVES_BY_MASKS(name, NV_)                                                                                   \
    static void name(const mk_forest *f, const mk_tree *tree, const float *x, size_t stride, vi *leaf) {               \
        enum { NV = NV_ };                                                                                             \
        vi mask[NV];                                                                                                   \
        const mk_tree_run *run = f->runs + tree->first, *last = run + tree->count;                                     \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < NV; i++) {                                              \
            mask[i] = v_seti(-1);                                                                                      \
            /* Nothing is ever taken from a last word of one leaf. */                                                  \
            leaf[i] = v_seti((tree->leaves - 1) & ~31);                                                                \
        }                                                                                                              \
        for (; run < last; run++) {                                                                                    \
            const mk_tree_test *test = f->tests + run->first, *end = test + run->count;                                \
            switch (run->kind) {                                                                                       \
            case MK_TEST_LE: T_TESTS(t_not_le) break;                                                                  \
            case MK_TEST_LE_NAN: T_TESTS(t_gt) break;                                                                  \
            case MK_TEST_EQ: T_TESTS(t_not_eq) break;                                                                  \
            default: T_TESTS(t_lt_gt) break;                                                                           \
            }                                                                                                          \
            if (run + 1 < last && run[1].word == run->word) continue;                                                  \
            const vi base = v_seti(32 * run->word);                                                                    \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < NV; i++) {                                          \
                leaf[i] = t_select(t_nonzero(mask[i]), base + t_lowest_bit(mask[i]), leaf[i]);                         \
                mask[i] = v_seti(-1);                                                                                  \
            }                                                                                                          \
        }                                                                                                              \
    }
T_LEAVES_BY_MASKS(leaves_by_masks_4, 4)
T_LEAVES_BY_MASKS(leaves_by_masks_1, 1)

/* Leaves of `vectors` (at most 4) vectors of rows, all lanes going down by one node in each step; leaves stay where they are. */
static void leaves_by_walking(const mk_forest *f, const mk_tree *tree, const float *x, size_t stride, vi *leaf,
                              int vectors) {
    const int32_t *nodes = (const int32_t *)f->nodes;
    const vi columns = v_seti((int32_t)stride);
    vi node[4], row;
    for (int i = 0; i < W; i++) row[i] = i;
    for (int i = 0; i < vectors; i++) node[i] = v_seti(tree->first);
    for (int32_t step = 0; step < tree->count; step++) {
        int moved = 0;
        for (int i = 0; i < vectors; i++) {
            const vi place = node[i] * 3, test = t_gather_int(nodes, place);
            const vf threshold = t_gather((const float *)nodes + 1, place);
            const vi child = t_gather_int(nodes + 2, place);
            const vf value = t_gather(x, (test & MK_NODE_FEATURE) * columns + (row + i * W));
            const vm equality = t_negative(test << 1);
            const vm fails = v_or(t_blend(equality, t_lt_gt(value, threshold), t_gt(value, threshold)),
                                  t_and(v_nan(value), t_negative(test)));
            const vi next = t_add_one(child, fails);
            moved |= t_differ(next, node[i]);
            node[i] = next;
        }
        if (!moved) break;
    }
    for (int i = 0; i < vectors; i++) leaf[i] = t_gather_int(f->leaf_of_node, node[i]);
}

/* Where trees' weights are joined other than by sums of one float for each leaf. */
static void add_weights(const mk_forest *f, const mk_tree *tree, const int32_t *leaf, size_t count, double *sums,
                        size_t rows) {
    for (size_t r = 0; r < count; r++) {
        const int32_t at = tree->leaf + leaf[r];
        for (int32_t i = f->weight_start[at]; i < f->weight_start[at + 1]; i++) {
            double *sum = sums + (size_t)f->targets[i] * rows + r;
            const double w = f->wide ? f->wide[i] : (double)f->weights[i];
            if (f->aggregate == MK_TREES_SUM) *sum += w;
            else if (!(*sum == *sum) || (f->aggregate == MK_TREES_MIN ? w < *sum : w > *sum)) *sum = w;
        }
    }
}

static void forest_run(const mk_forest *f, const float *x, size_t stride, size_t rows, double *sums) {
    const int floats = f->aggregate == MK_TREES_SUM && !f->wide;
    for (size_t t = 0; t < f->tree_count; t++) {
        const mk_tree *tree = f->trees + t;
        const int32_t first = f->weight_start[tree->leaf];
        for (size_t r = 0; r < rows;) {
            vi leaf[4];
            const int vectors = rows - r >= 4 * W ? 4 : 1;
            if (tree->kind == MK_TREE_WALK) leaves_by_walking(f, tree, x + r, stride, leaf, vectors);
            else if (vectors == 4) leaves_by_masks_4(f, tree, x + r, stride, leaf);
            else leaves_by_masks_1(f, tree, x + r, stride, leaf);
            if (floats && tree->target >= 0) {
                double *sum = sums + (size_t)tree->target * rows + r;
                const float *weights = f->weights + first;
                if (tree->leaves <= 32)
                    for (int i = 0; i < vectors; i++) t_add_to(sum + i * W, t_lookup32(weights, leaf[i]));
                else
                    for (int i = 0; i < vectors; i++) t_add_to(sum + i * W, t_gather(weights, leaf[i]));
            } else if (floats && tree->target == MK_TREE_ALL_TARGETS) {
                for (int32_t k = 0; k < f->target_count; k++)
                    for (int i = 0; i < vectors; i++)
                        t_add_to(sums + (size_t)k * rows + r + i * W,
                                 t_gather(f->weights + first + k, leaf[i] * f->target_count));
            } else {
                add_weights(f, tree, (const int32_t *)leaf, (size_t)vectors * W, sums + r, rows);
            }
            r += (size_t)vectors * W;
        }
    }
}
