"""Write cases of ONNX Runtime's own transformer operators, with what onnxruntime answers, in the layout of ONNX's test cases.

usage: microsoft_cases.py OUT

OUT/microsoft_<operator>_<variant>/model.onnx and test_data_set_0/{input,output}_<i>.pb. Small, seeded, float32 unless said.
Where an output is only partly defined (rows of padding), the case leaves it out.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

DOMAIN = "com.microsoft"
rng = np.random.default_rng(20240601)


def floats(*shape: int) -> np.ndarray:
    return rng.standard_normal(shape).astype(np.float32)


def case(out: Path, name: str, op: str, inputs: list[tuple[str, np.ndarray] | None], outputs: int = 1,
         constants: tuple[str, ...] = (), domain: str = DOMAIN, equal_to: list | None = None, **attributes: object) -> None:
    """Runs one node on `inputs` (name and value; None is left out); those named in `constants` become initializers.

    Answers are those of the inputs `equal_to`, if they are given: onnxruntime has forms that its CPU provider does not run."""
    folder = out / f"microsoft_{name}" / "test_data_set_0"
    if equal_to is not None:
        case(out, name, op, equal_to, outputs, constants, domain, **attributes)
        for path in folder.glob("input_*.pb"):
            path.unlink()
    given = [item for item in inputs if item is not None]
    names = [item[0] if item else "" for item in inputs]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, names, results, name=name, domain=domain, **attributes)

    def info(name: str, value: np.ndarray):
        return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)

    fed = [(name, value) for name, value in given if name not in constants]
    graph = helper.make_graph(
        [node], name, [info(*item) for item in fed],
        [helper.make_tensor_value_info(result, TensorProto.UNDEFINED, None) for result in results],
        [numpy_helper.from_array(value, name) for name, value in given if name in constants])
    for value in graph.output:
        value.ClearField("type")
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(DOMAIN, 1)], ir_version=9)
    if equal_to is None:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        answers = session.run(None, dict(fed))
    else:
        paths = sorted(folder.glob("output_*.pb"))
        answers = [numpy_helper.to_array(TensorProto.FromString(path.read_bytes())) for path in paths]
    for value, answer in zip(graph.output, answers):
        value.CopyFrom(helper.make_tensor_value_info(
            value.name, helper.np_dtype_to_tensor_dtype(answer.dtype), answer.shape))
    model.graph.CopyFrom(graph)
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "model.onnx").write_bytes(model.SerializeToString())
    for index, (label, value) in enumerate(fed):
        (folder / f"input_{index}.pb").write_bytes(numpy_helper.from_array(value, label).SerializeToString())
    for index, (result, value) in enumerate(zip(results, answers)):
        (folder / f"output_{index}.pb").write_bytes(numpy_helper.from_array(value, result).SerializeToString())


def packed(values: np.ndarray, bits: int) -> np.ndarray:
    """Integers along the last axis packed into bytes, low bits first."""
    each = 8 // bits
    pad = -values.shape[-1] % each
    values = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, pad)])
    parts = values.reshape(*values.shape[:-1], -1, each).astype(np.uint32)
    return (parts << (np.arange(each) * bits)).sum(axis=-1).astype(np.uint8)


def matmul_nbits(out: Path) -> None:
    for bits, block, rows, K, N, zeros in [
        (4, 32, 1, 64, 7, None), (4, 32, 5, 64, 24, "packed"), (4, 16, 3, 48, 9, "packed"), (4, 32, 2, 80, 6, None),
        (4, 128, 9, 256, 33, "packed"), (4, 32, 3, 64, 8, "floats"), (8, 32, 2, 64, 5, None), (8, 64, 4, 128, 17, "packed"),
        (2, 32, 3, 64, 12, None), (2, 32, 3, 128, 12, "packed"),
    ]:
        groups = -(-K // block)
        q = rng.integers(0, 1 << bits, (N, groups, block))
        inputs = [("A", floats(2, rows, K)), ("B", packed(q, bits)), ("scales", floats(N * groups) * 0.1)]
        points = rng.integers(0, 1 << bits, (N, groups))
        if zeros == "packed":
            inputs.append(("zeros", packed(points, bits).reshape(-1)))
        if zeros == "floats":
            inputs.append(("zeros", (points + floats(N, groups) * 0.1).astype(np.float32)))
        name = f"matmulnbits_{bits}bit_block{block}_k{K}" + (f"_{zeros}_zeros" if zeros else "")
        case(out, name, "MatMulNBits", inputs, constants=("B", "scales", "zeros"), K=K, N=N, bits=bits, block_size=block)
    q = packed(rng.integers(0, 16, (10, 2, 32)), 4)
    case(out, "matmulnbits_bias", "MatMulNBits",
         [("A", floats(3, 64)), ("B", q), ("scales", floats(20)), None, None, ("bias", floats(10))],
         constants=("B", "scales", "bias"), K=64, N=10, bits=4, block_size=32)
    case(out, "matmulnbits_accuracy", "MatMulNBits", [("A", floats(1, 64)), ("B", q), ("scales", floats(20))],
         constants=("B", "scales"), K=64, N=10, bits=4, block_size=32, accuracy_level=1)


def gather_block_quantized(out: Path) -> None:
    ids = np.array([[3, 0, 6], [6, 6, 1]], dtype=np.int64)
    q = rng.integers(0, 16, (7, 64))
    for zeros in (False, True):
        inputs = [("data", packed(q, 4)), ("ids", ids), ("scales", floats(7, 2))]
        if zeros:
            inputs.append(("zeros", packed(rng.integers(0, 16, (7, 2)), 4)))
        case(out, "gatherblockquantized" + ("_zeros" if zeros else ""), "GatherBlockQuantized", inputs,
             constants=("data", "scales", "zeros"), gather_axis=0, quantize_axis=1, block_size=32, bits=4)


def rotary(out: Path) -> None:
    angles = np.outer(np.arange(16), 10000.0 ** (-np.arange(4) / 4))
    caches = [("cos", np.cos(angles).astype(np.float32)), ("sin", np.sin(angles).astype(np.float32))]
    for interleaved in (0, 1):
        positions = ("positions", rng.integers(0, 16, (2, 5)).astype(np.int64))
        case(out, f"rotary_3d_{interleaved}", "RotaryEmbedding", [("x", floats(2, 5, 24)), positions, *caches],
             interleaved=interleaved)
        case(out, f"rotary_4d_{interleaved}", "RotaryEmbedding", [("x", floats(2, 3, 5, 8)), positions, *caches],
             interleaved=interleaved)
    case(out, "rotary_offset", "RotaryEmbedding",
         [("x", floats(2, 5, 24)), ("positions", np.array([7], dtype=np.int64)), *caches])
    case(out, "rotary_partial", "RotaryEmbedding",
         [("x", floats(2, 5, 36)), ("positions", np.array([1], dtype=np.int64)), *caches], num_heads=3,
         rotary_embedding_dim=8)


def group_query_attention(out: Path) -> None:
    heads, kv, d = 6, 2, 16
    angles = np.outer(np.arange(32), 10000.0 ** (-np.arange(d // 2) / (d // 2)))
    caches = [("cos", np.cos(angles).astype(np.float32)), ("sin", np.sin(angles).astype(np.float32))]

    def run(name: str, batch: int, tokens: int, past: int, lengths: list[int], *, is_packed: bool = False,
            rotates: bool = False, bias: bool = False, **attributes: object) -> None:
        total = past + tokens
        qkv = [("q", floats(batch, tokens, heads * d)), ("k", floats(batch, tokens, kv * d)), ("v", floats(batch, tokens, kv * d))]
        if is_packed:
            qkv = [("qkv", floats(batch, tokens, (heads + 2 * kv) * d)), None, None]
        cache = [("pk", floats(batch, kv, past, d)), ("pv", floats(batch, kv, past, d))] if past else [None, None]
        inputs = [*qkv, *cache, ("seqlens", np.array(lengths, dtype=np.int32) - 1),
                  ("total", np.array(max(lengths), dtype=np.int32))]
        inputs += caches if rotates else [None, None] if bias else []
        if bias:
            inputs += [None, ("bias", floats(1, heads, tokens, total))]
        case(out, f"gqa_{name}", "GroupQueryAttention", inputs, outputs=3, num_heads=heads, kv_num_heads=kv,
             do_rotary=int(rotates), **attributes)

    run("prompt", 2, 5, 0, [5, 5])
    run("prompt_packed", 2, 5, 0, [5, 5], is_packed=True)
    run("prompt_rotary", 2, 5, 0, [5, 5], rotates=True)
    run("prompt_rotary_interleaved", 1, 5, 0, [5], rotates=True, rotary_interleaved=1)
    run("prompt_window", 1, 9, 0, [9], local_window_size=3)
    run("prompt_softcap", 1, 5, 0, [5], softcap=2.0)
    run("prompt_scale", 1, 5, 0, [5], scale=0.5)
    run("prompt_bias", 1, 5, 0, [5], bias=True)
    run("decode", 2, 1, 7, [8, 8])
    run("decode_uneven", 2, 1, 7, [8, 5])
    run("decode_rotary", 2, 1, 7, [8, 5], rotates=True)
    run("decode_rotary_packed", 2, 1, 7, [8, 5], rotates=True, is_packed=True)
    run("decode_window", 1, 1, 7, [8], local_window_size=4)
    run("continue_rotary", 1, 3, 7, [10], rotates=True)


def multi_head_attention(out: Path) -> None:
    heads, d = 3, 8
    h = heads * d
    q, k, v = ("q", floats(2, 4, h)), ("k", floats(2, 6, h)), ("v", floats(2, 6, h))
    bias = ("bias", floats(3 * h))
    mask = ("mask", np.array([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0]], dtype=np.int32))
    run = lambda name, inputs, outputs=1, **more: case(  # noqa: E731
        out, f"mha_{name}", "MultiHeadAttention", inputs, outputs, num_heads=heads, **more)
    run("plain", [q, k, v])
    run("bias", [q, k, v, bias])
    run("scale", [q, k, v], scale=0.7)
    run("mask", [q, k, v, bias, mask])
    run("mask_lengths", [q, k, v, None, ("lengths", np.array([5, 3], dtype=np.int32))])
    run("mask_filter", [q, k, v, None, mask], mask_filter_value=-3.0)
    run("attention_bias", [q, k, v, None, None, ("scores", floats(1, heads, 4, 6))])
    run("both_biases", [q, k, v, bias, mask, ("scores", floats(2, heads, 4, 6))])
    run("causal", [("q", floats(2, 5, h)), ("k", floats(2, 5, h)), ("v", floats(2, 5, h))], unidirectional=1)
    qkv, kv = floats(2, 4, heads, 3, d), floats(2, 6, heads, 2, d)
    run("packed_qkv", [("qkv", qkv)], equal_to=[(n, qkv[:, :, :, i].reshape(2, 4, h)) for i, n in enumerate("qkv")])
    run("packed_kv", [q, ("kv", kv)], equal_to=[q, *((n, kv[:, :, :, i].reshape(2, 6, h)) for i, n in enumerate("kv"))])
    run("cross", [q, ("k", floats(2, heads, 6, d)), ("v", floats(2, heads, 6, d))])
    past = [("pk", floats(2, heads, 3, d)), ("pv", floats(2, heads, 3, d))]
    run("past", [q, ("k", floats(2, 4, h)), ("v", floats(2, 4, h)), bias, None, None, *past], 3)
    run("present", [q, ("k", floats(2, 4, h)), ("v", floats(2, 4, h))], 3)


def attention(out: Path) -> None:
    heads, d = 3, 8
    h = heads * d
    x, w, b = ("x", floats(2, 5, 20)), ("w", floats(20, 3 * h) * 0.2), ("b", floats(3 * h))
    run = lambda name, inputs, outputs=1, **more: case(  # noqa: E731
        out, f"attention_{name}", "Attention", inputs, outputs, constants=("w", "b"), num_heads=heads, **more)
    run("plain", [x, w, b])
    run("no_bias", [x, w])
    run("causal", [x, w, b], unidirectional=1)
    run("lengths", [x, w, b, ("mask", np.array([5, 3], dtype=np.int32))])
    run("mask", [x, w, b, ("mask", np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]], dtype=np.int32))])
    cube = np.ones((2, 5, 5), dtype=np.int32)
    cube[:, :, 3] = 0
    run("mask_3d", [x, w, b, ("mask", cube)])
    run("scale", [x, w, b], scale=0.3)
    run("score_bias", [x, w, b, None, None, ("scores", floats(1, heads, 5, 5))])
    run("past", [x, w, b, None, ("past", floats(2, 2, heads, 4, d))], 2, unidirectional=1)
    run("present", [x, w, b], 2)


def rows(out: Path) -> None:
    x, gamma, beta = ("x", floats(2, 3, 16)), ("gamma", floats(16)), ("beta", floats(16))
    skip, bias = ("skip", floats(2, 3, 16)), ("bias", floats(16))
    case(out, "simplified_norm", "SimplifiedLayerNormalization", [x, gamma], domain="", epsilon=1e-5, axis=-1)
    case(out, "skip_norm", "SkipLayerNormalization", [x, skip, gamma, beta, bias], epsilon=1e-5)
    case(out, "skip_norm_no_beta", "SkipLayerNormalization", [x, skip, gamma], epsilon=1e-5)
    case(out, "skip_norm_broadcast", "SkipLayerNormalization", [x, ("skip", floats(3, 16)), gamma, beta])
    case(out, "skip_simplified_norm", "SkipSimplifiedLayerNormalization", [x, skip, gamma], epsilon=1e-5)
    case(out, "skip_simplified_norm_bias", "SkipSimplifiedLayerNormalization", [x, skip, gamma, bias], epsilon=1e-5)
    case(out, "gelu", "Gelu", [x])
    case(out, "fast_gelu", "FastGelu", [x])
    case(out, "fast_gelu_bias", "FastGelu", [x, bias])
    case(out, "bias_gelu", "BiasGelu", [x, bias])
    case(out, "quick_gelu", "QuickGelu", [x])
    case(out, "quick_gelu_alpha", "QuickGelu", [x], alpha=1.1)
    case(out, "fused_matmul", "FusedMatMul", [("a", floats(2, 3, 4)), ("b", floats(2, 5, 4))], transB=1, alpha=0.5)
    case(out, "fused_matmul_both", "FusedMatMul", [("a", floats(4, 3)), ("b", floats(5, 4))], transA=1, transB=1)
    case(out, "fused_matmul_batch", "FusedMatMul", [("a", floats(3, 2, 4)), ("b", floats(2, 4, 5))], transBatchA=1)


def embed(out: Path) -> None:
    ids = ("ids", np.array([[1, 5, 3], [0, 2, 6]], dtype=np.int32))
    segments = ("segments", np.array([[0, 0, 1], [0, 1, 1]], dtype=np.int32))
    tables = [("words", floats(7, 8)), ("places", floats(10, 8)), ("kinds", floats(2, 8))]
    norm = [("gamma", floats(8)), ("beta", floats(8))]
    mask = ("mask", np.array([[1, 1, 1], [1, 1, 0]], dtype=np.int32))
    constants = ("words", "places", "kinds", "gamma", "beta")
    run = lambda name, inputs, outputs=2: case(  # noqa: E731
        out, f"embed_norm{name}", "EmbedLayerNormalization", inputs, outputs, constants=constants)
    run("", [ids, segments, *tables, *norm])
    run("_mask", [ids, segments, *tables, *norm, mask])
    run("_no_segments", [ids, None, *tables[:2], None, *norm, mask])
    run("_positions", [ids, segments, *tables, *norm, None, ("positions", np.array([[4, 5, 6]], dtype=np.int32))])
    run("_sum", [ids, segments, *tables, *norm, mask], 3)


def byte_levels(*shape: int, dtype: type = np.uint8) -> np.ndarray:
    bounds = np.iinfo(dtype)
    return rng.integers(bounds.min, bounds.max + 1, shape).astype(dtype)


def point(name: str, value: int, dtype: type = np.uint8) -> tuple[str, np.ndarray]:
    return name, np.array(value, dtype=dtype)


def scale(name: str, value: float) -> tuple[str, np.ndarray]:
    return name, np.array(value, dtype=np.float32)


def integer_products(out: Path) -> None:
    """Products of 8-bit integers: weights with a zero point for all, and with scales and zero points of columns."""
    for kind, dtype in (("u8", np.uint8), ("s8", np.int8)):
        w = ("w", byte_levels(20, 35, dtype=dtype))
        scales = ("w_scale", (rng.random(35) * 0.02 + 0.001).astype(np.float32))
        zeros = ("w_zero", byte_levels(35, dtype=dtype))
        constants = ("w", "w_scale", "w_zero", "bias")
        case(out, f"qmatmul_dynamic_{kind}", "DynamicQuantizeMatMul",
             [("x", floats(2, 5, 20)), w, scale("w_scale", 0.01), point("w_zero", 7, dtype), ("bias", floats(35))],
             constants=constants)
        case(out, f"qmatmul_dynamic_columns_{kind}", "DynamicQuantizeMatMul",
             [("x", floats(2, 5, 20)), w, scales, zeros], constants=constants)
        case(out, f"qmatmul_to_float_{kind}", "MatMulIntegerToFloat",
             [("x", byte_levels(2, 5, 20)), w, scale("x_scale", 0.03), scales, point("x_zero", 120), zeros,
              ("bias", floats(35))], constants=constants)
        case(out, f"qlinearmatmul_{kind}", "QLinearMatMul",
             [("x", byte_levels(2, 5, 20)), scale("x_scale", 0.03), point("x_zero", 120), w, scales, zeros,
              scale("y_scale", 0.2), point("y_zero", 130)], constants=constants, domain="")
        case(out, f"qmatmulinteger_{kind}", "MatMulInteger",
             [("x", byte_levels(3, 20)), w, point("x_zero", 120), zeros], constants=constants, domain="")
        bias = ("bias", rng.integers(-3000, 3000, 35).astype(np.int32))
        case(out, f"qgemm_{kind}", "QGemm",
             [("x", byte_levels(6, 20)), scale("x_scale", 0.03), point("x_zero", 120), w, scales, zeros, bias,
              scale("y_scale", 0.2), point("y_zero", 130)], constants=constants)
        case(out, f"qgemm_transposed_float_{kind}", "QGemm",
             [("x", byte_levels(20, 6)), scale("x_scale", 0.03), point("x_zero", 120),
              ("w", np.ascontiguousarray(w[1].T)), scale("w_scale", 0.01), point("w_zero", 3, dtype), bias],
             constants=constants, transA=1, transB=1)
    w = ("w", byte_levels(2, 20, 7, dtype=np.int8))
    case(out, "qmatmulinteger_batch", "MatMulInteger",
         [("x", byte_levels(2, 3, 20)), w, point("x_zero", 120), point("w_zero", -5, np.int8)], domain="")
    for heads, name in ((2, "plain"), (4, "causal")):
        case(out, f"qattention_{name}", "QAttention",
             [("x", byte_levels(2, 5, 16)), ("w", byte_levels(16, 48, dtype=np.int8)), ("bias", floats(48)),
              scale("x_scale", 0.02), scale("w_scale", 0.01), ("mask", np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], np.int32))
              if name == "plain" else None, point("x_zero", 128), point("w_zero", 2, np.int8)],
             constants=("w", "bias"), num_heads=heads, unidirectional=int(name == "causal"))


def integer_convolutions(out: Path) -> None:
    constants = ("w", "w_scale", "w_zero", "bias")
    forms = {
        "plain": ((2, 5, 9, 8), (7, 5, 3, 3), {}),
        "strided": ((1, 4, 11, 12), (6, 4, 3, 5), {"strides": [2, 3], "pads": [1, 2, 0, 1], "dilations": [2, 1]}),
        "depthwise": ((2, 6, 7, 7), (6, 1, 3, 3), {"group": 6, "pads": [1, 1, 1, 1]}),
        "groups": ((1, 6, 10), (8, 3, 4), {"group": 2, "auto_pad": "SAME_UPPER"}),
    }
    for name, (x_shape, w_shape, attributes) in forms.items():
        for kind, dtype in (("u8", np.uint8), ("s8", np.int8)):
            channels = w_shape[0]
            w = ("w", byte_levels(*w_shape, dtype=dtype))
            zeros = point("w_zero", 9 if kind == "u8" else 0, dtype)
            scales = ("w_scale", (rng.random(channels) * 0.01 + 0.001).astype(np.float32))
            bias = ("bias", rng.integers(-9000, 9000, channels).astype(np.int32))
            case(out, f"qlinearconv_{name}_{kind}", "QLinearConv",
                 [("x", byte_levels(*x_shape)), scale("x_scale", 0.05), point("x_zero", 100), w, scales,
                  ("w_zero", np.full(channels, zeros[1], dtype)), scale("y_scale", 0.4), point("y_zero", 120), bias],
                 constants=constants, domain="", **attributes)
        case(out, f"qconvinteger_{name}", "ConvInteger",
             [("x", byte_levels(*x_shape)), ("w", byte_levels(*w_shape)), point("x_zero", 100), point("w_zero", 9)],
             constants=constants, domain="", **attributes)


def quantized_elements(out: Path) -> None:
    """Operators that work on the numbers which levels stand for."""
    for kind, dtype in (("u8", np.uint8), ("s8", np.int8)):
        def levels(name: str, *shape: int) -> list[tuple[str, np.ndarray]]:
            return [(name, byte_levels(*shape, dtype=dtype)), scale(f"{name}_scale", 0.04), point(f"{name}_zero", 11, dtype)]

        result = [scale("y_scale", 0.03), point("y_zero", 5, dtype)]
        fine = [scale("y_scale", 1 / 256), point("y_zero", 0 if kind == "u8" else -128, dtype)]
        constants = tuple(f"{x}_{part}" for x in "aby" for part in ("scale", "zero"))
        run = lambda name, op, inputs, **attributes: case(  # noqa: E731
            out, f"q{name}_{kind}", op, inputs, constants=constants, **attributes)
        run("add", "QLinearAdd", [*levels("a", 2, 3, 4), *levels("b", 3, 1), *result])
        run("mul", "QLinearMul", [*levels("a", 2, 3, 4), *levels("b", 4), *result])
        run("sigmoid", "QLinearSigmoid", [*levels("a", 6, 50), *fine])
        run("leakyrelu", "QLinearLeakyRelu", [*levels("a", 6, 50), *result], alpha=0.1)
        run("softmax", "QLinearSoftmax", [*levels("a", 3, 12), *fine], axis=-1, opset=13)
        run("globalaveragepool", "QLinearGlobalAveragePool", [*levels("a", 2, 5, 4, 3), *result])
        run("averagepool", "QLinearAveragePool", [*levels("a", 2, 3, 7, 8), *result], kernel_shape=[3, 2], strides=[2, 1],
            pads=[1, 0, 1, 1])
        run("concat", "QLinearConcat", [*result, *levels("a", 2, 3), *levels("b", 2, 5)], axis=1)
        run("where", "QLinearWhere",
            [("condition", rng.random((4, 6)) < 0.5), *levels("a", 4, 6), *levels("b", 4, 6), *result])


def quantized_embedding(out: Path) -> None:
    ids = ("ids", np.array([[1, 5, 3], [0, 2, 6]], dtype=np.int32))
    segments = ("segments", np.array([[0, 0, 1], [0, 1, 1]], dtype=np.int32))
    mask = ("mask", np.array([[1, 1, 1], [1, 1, 0]], dtype=np.int32))
    names = ("words", "places", "kinds", "gamma", "beta")
    shapes = ((7, 8), (10, 8), (2, 8), (8,), (8,))
    tables = [(name, byte_levels(*shape)) for name, shape in zip(names, shapes)]
    scales = [scale(f"{name}_scale", 0.02) for name in names]
    zeros = [point(f"{name}_zero", 100 + index) for index, name in enumerate(names)]
    case(out, "qembed_norm", "QEmbedLayerNormalization", [ids, segments, *tables, mask, *scales, *zeros], 2,
         constants=tuple(name for name, _ in tables + scales + zeros))


def main(out: Path) -> None:
    for write in (matmul_nbits, gather_block_quantized, rotary, group_query_attention, multi_head_attention, attention, rows, embed,
                  integer_products, integer_convolutions, quantized_elements, quantized_embedding):
        write(out)
    print(f"{len(list(out.glob('microsoft_*')))} cases in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
