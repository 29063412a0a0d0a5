import MartletModels

/// What mutations put in place of what a file says.
enum Words {
    static let integers: [Int] = [
        0, 1, -1, 2, -2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 63, 64, 100, 1000, -1000, 4096, 65536, 1 << 20, 1 << 31,
        1 << 32,
        -(1 << 31), 1 << 40, 1 << 62, .max, .min, .max - 1, .min + 1,
    ]
    static let floats: [Float] = [
        0, -0.0, 1, -1, 0.5, 2, 1e-5, 1e10, -1e10, 1e38, -1e38, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
    ]
    /// Codes of element types, and some that there are not.
    static let types = Array(0...27) + [100, -1]
    /// `AttributeProto.AttributeType`.
    static let attributeTypes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 99]
    static let opsets = [
        0, 1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 999, -1,
    ]
    static let domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft", "local", "ai.onnx.preview.training"]
    static let operators = ONNXOpTable.entries.map { ($0.name, $0.domain) }
    static let bodies = ["If", "Loop", "Scan", "SequenceMap"]
    static let attributes = split(
        """
        aggregate_function align_corners allowzero alpha antialias auto_pad axes axis base_values batch_axis batch_dims beta bias
        bits block_size blocksize body cats_strings cats_int64s ceil_mode center_point_box class_ids classes_strings clip
        coefficients count_include_pad cubic_coeff_a decay_factor default_float default_string default_tensor detect_negative
        detect_positive dilations direction do_rotary dtype else_branch end ends epsilon equation exclude_outside exclusive
        extrapolation_value fmod gamma gather_axis group hidden_size high ignore_index input_forget intercepts interleaved inverse
        is_causal k keepdims kernel_params kernel_shape kernel_type keys_strings keys_int64s kv_num_heads lambd largest layout
        leaf_targetids left_window_size linear_before_reset local_window_size low max mean metric min mode momentum n_supports
        n_targets nodes_falseleafs nodes_falsenodeids nodes_featureids nodes_modes nodes_nodeids nodes_treeids nodes_trueleafs
        nodes_truenodeids nodes_values noop_with_empty_axes norm num_groups num_heads num_outputs num_scan_inputs offset
        offset_group one_class onesided output_datatype output_dtype output_height output_padding output_shape output_width p pads
        perm pooled_shape post_transform q_num_heads qk_matmul_output_mode qkv_hidden_sizes reduction reverse rho right_window_size
        rotary_embedding_dim sample_size sampling_ratio saturate scale scales scan_input_axes scan_input_directions
        scan_output_axes scan_output_directions select_last_index shape size softcap sorted spatial spatial_scale split
        split_index start starts stash_type storage_order strides support_vectors targets then_branch threshold time_axis to
        training_mode transA transB tree_roots unidirectional update_rule upper value value_float value_floats value_int
        value_ints value_string value_strings values_floats values_tensor vectors_per_class zeros
        """)
    static let strings =
        split(
            """
            SAME_UPPER SAME_LOWER VALID NOTSET constant reflect edge wrap linear nearest cubic bilinear bicubic half_pixel asymmetric
            align_corners tf_crop_and_resize none add mul max min sum mean bidirectional forward reverse DCR CRD tanh Tanh Relu
            Sigmoid Affine LeakyRelu avg zeros border reflection floor ceil round_prefer_ceil stretch not_larger not_smaller
            BRANCH_LEQ LEAF SOFTMAX LOGISTIC PROBIT LINEAR RBF POLY SIGMOID RIGHT LEFT ii,jj->ij ...ij,...jk->...ik i->ii ->
            a..b-> abc,cd,de->abe
            """) + [""]

    private static func split(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<max(count, 1), using: &self) }
    mutating func chance(_ one: Int) -> Bool { below(one) == 0 }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}
