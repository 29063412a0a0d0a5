"""Writes ops.json: inputs and outputs of single ops, computed by onnx.reference (onnx 1.23, numpy 2).

usage: python ops.py > ops.json
Floats are written as numbers, or as "nan", "inf", "-inf". The Swift side builds the op of the same name.
"""
import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

rng = np.random.default_rng(5)
cases = []
OPSET = 18


def f(*shape):
    return rng.uniform(-2, 2, shape).astype(np.float32)


def i64(*values):
    return np.array(values, dtype=np.int64)


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    x = float(x)
    return x if np.isfinite(x) else ("nan" if np.isnan(x) else ("inf" if x > 0 else "-inf"))


def tensor(x):
    if x is None:
        return None
    return {"dtype": str(x.dtype), "shape": list(x.shape), "values": [number(v) for v in x.reshape(-1)]}


def case(name, inputs, *, op=None, outputs=1, tag="", **attributes):
    names = [f"i{k}" if x is not None else "" for k, x in enumerate(inputs)]
    node = helper.make_node(op or name, names, [f"o{k}" for k in range(outputs)], **attributes)
    graph = helper.make_graph(
        [node], "g",
        [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
         for n, x in zip(names, inputs) if x is not None],
        [helper.make_tensor_value_info(f"o{k}", TensorProto.UNDEFINED, None) for k in range(outputs)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    with np.errstate(all="ignore"):
        results = ReferenceEvaluator(model).run(None, {n: x for n, x in zip(names, inputs) if x is not None})
    attributes = {k: (v.decode() if isinstance(v, bytes) else v) for k, v in attributes.items()}
    cases.append({"op": op or name, "tag": tag, "attributes": attributes,
                  "inputs": [tensor(x) for x in inputs], "outputs": [tensor(np.asarray(r)) for r in results]})


# Elementwise, with broadcasting and edge values.
edge = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.5, -1.5, 2.5], dtype=np.float32)
for name in ["Neg", "Abs", "Exp", "Sqrt", "Reciprocal", "Erf", "Tanh", "Sigmoid", "Relu", "Ceil", "Floor", "Round",
             "Sign", "Log", "Sin", "Cos", "Softplus", "Softsign"]:
    case(name, [f(3, 5)])
    if name not in ("Round", "Sign", "Softplus", "Softsign"):
        case(name, [edge], tag="edge")
case("Neg", [np.array([1, -2, 0], dtype=np.int32)], tag="int32")
case("Abs", [np.array([-128, 5], dtype=np.int8)], tag="int8")
for name in ["Add", "Sub", "Mul", "Div", "Pow"]:
    a = np.abs(f(2, 3, 4)) if name == "Pow" else f(2, 3, 4)
    case(name, [a, f(2, 3, 4)])
    case(name, [a, f(4)], tag="row")
    case(name, [a, f(3, 1)], tag="column")
    case(name, [a[0, 0, :1].reshape(()), f(2, 1, 4)], tag="scalar")
    case(name, [a[:0], f(1, 3, 4)], tag="empty")
for name in ["Add", "Sub", "Mul", "Div"]:
    for dtype in [np.int32, np.int64, np.uint8, np.int8, np.float64]:
        case(name, [np.array([[7, 100, 3]], dtype=dtype), np.array([[2], [5]], dtype=dtype)], tag=np.dtype(dtype).name)
case("Mod", [np.array([-7, 7, -7, 7], dtype=np.int64), np.array([3, -3, -3, 3], dtype=np.int64)])
case("Mod", [np.array([-7.5, 7.5], dtype=np.float32), np.array([2, -2], dtype=np.float32)], fmod=1)
case("Min", [f(3, 1), f(4)])
case("Max", [edge, edge[::-1].copy()], tag="nan")
case("Max", [np.array([1, 250], dtype=np.uint8), np.array([200], dtype=np.uint8)], tag="uint8")
for name in ["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"]:
    case(name, [np.round(f(2, 3)), np.round(f(3))])
    case(name, [np.array([1, 2, 3], dtype=np.int64), np.array(2, dtype=np.int64)], tag="int64")
case("Equal", [np.array([True, False]), np.array([[True], [False]])], tag="bool")
t, u = np.array([[True], [False]]), np.array([True, False, True])
for name in ["And", "Or", "Xor"]:
    case(name, [t, u])
case("Not", [u])
case("Where", [t, f(1, 3), f(2, 1)])
case("Where", [u, i64(1, 2, 3), np.array(9, dtype=np.int64)], tag="int64")
for to, name in [(TensorProto.INT32, "int32"), (TensorProto.BOOL, "bool"), (TensorProto.DOUBLE, "float64"),
                 (TensorProto.INT64, "int64")]:
    case("Cast", [np.array([0.0, -1.7, 2.9, 0.5], dtype=np.float32)], to=to, tag=name)
case("Cast", [np.array([True, False])], to=TensorProto.FLOAT, tag="frombool")
case("Clip", [f(2, 4), np.array(-0.5, dtype=np.float32), np.array(0.5, dtype=np.float32)])
case("Clip", [f(4), None, np.array(0.25, dtype=np.float32)], tag="high")
case("Clip", [np.array([1, 5, 9], dtype=np.int64), np.array(3, dtype=np.int64)], tag="int64")
case("IsNaN", [edge])
case("IsInf", [edge], detect_negative=0)

# Shapes and places.
x = f(2, 3, 4)
case("Transpose", [x])
case("Transpose", [x], perm=[0, 2, 1])
case("Transpose", [f(2, 3, 4, 5)], perm=[0, 2, 1, 3], tag="heads")
case("Reshape", [x, i64(0, -1)])
case("Reshape", [x, i64(4, 6)], tag="plain")
case("Reshape", [f(0, 3), i64(3, 0)], allowzero=1)
case("Expand", [f(3, 1), i64(2, 1, 4)])
case("Squeeze", [f(1, 3, 1), i64(0)])
case("Squeeze", [f(1, 3, 1)], tag="all")
case("Unsqueeze", [f(3), i64(0, 2)])
case("Flatten", [x], axis=2)
case("Slice", [f(5, 6), i64(1, 0), i64(5, 6), i64(0, 1), i64(2, 3)])
case("Slice", [f(5, 6), i64(-1), i64(-100), i64(0), i64(-2)], tag="backwards")
case("Slice", [f(5, 6), i64(2), i64(1000)], tag="clamped")
case("Slice", [f(5), i64(4), i64(2)], tag="empty")
case("Gather", [x, np.array([[0, 2], [-1, 1]], dtype=np.int64)], axis=1)
case("Gather", [x, np.array(1, dtype=np.int64)], axis=2, tag="scalar")
case("GatherElements", [f(3, 3), np.array([[0, 2, -1], [1, 1, 0]], dtype=np.int64)], axis=0)
case("GatherND", [x, np.array([[0, 1], [1, 2]], dtype=np.int64)])
case("GatherND", [x, np.array([[1], [2]], dtype=np.int64)], batch_dims=1, tag="batch")
case("Concat", [f(2, 1), f(2, 3), f(2, 0)], axis=-1)
case("Split", [f(2, 7), i64(3, 4)], outputs=2, axis=1)
case("Split", [f(7)], outputs=3, axis=0, num_outputs=3, tag="uneven")
case("Tile", [f(2, 3), i64(2, 2)])
for mode in ["constant", "reflect", "edge", "wrap"]:
    case("Pad", [f(3, 4), i64(1, 2, 0, 1)], mode=mode, tag=mode)
case("Shape", [x], start=1)
case("Size", [x])
case("ConstantOfShape", [i64(2, 3)], value=numpy_helper.from_array(np.array([5], dtype=np.int64)))
cases[-1]["attributes"] = {"value": 5}
case("Range", [np.array(2, dtype=np.int64), np.array(11, dtype=np.int64), np.array(3, dtype=np.int64)])
case("Range", [np.array(1, dtype=np.float32), np.array(0, dtype=np.float32), np.array(-0.3, dtype=np.float32)], tag="float")
case("Trilu", [f(2, 3, 4), np.array(1, dtype=np.int64)])
case("Trilu", [f(4, 3)], upper=0, tag="lower")
case("NonZero", [np.array([[1, 0], [0, 3]], dtype=np.int64)])
case("OneHot", [np.array([1, -1, 7], dtype=np.int64), np.array(3, dtype=np.int64), f(2)], axis=0)
case("CumSum", [f(2, 3), np.array(1, dtype=np.int64)])
case("CumSum", [np.array([1, 2, 3], dtype=np.int64), np.array(0, dtype=np.int64)], exclusive=1, reverse=1)

# Reductions and norms.
for name in ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
             "ReduceSumSquare", "ReduceLogSumExp"]:
    case(name, [x, i64(1)])
    case(name, [x, i64(0, 2)], keepdims=0, tag="apart")
    case(name, [x], tag="all")
case("ReduceLogSum", [np.abs(x), i64(-1)])
case("ReduceSum", [x, np.array([], dtype=np.int64)], noop_with_empty_axes=1, tag="noop")
case("ReduceSum", [np.array([[1, 2], [3, 4]], dtype=np.int32), i64(0)], tag="int32")
case("ReduceMax", [np.array([[1, 200], [3, 4]], dtype=np.uint8), i64(1)], tag="uint8")
case("ArgMax", [np.array([[1, 3, 3], [2, 2, 1]], dtype=np.float32)], axis=1)
case("ArgMax", [np.array([[1, 3, 3], [2, 2, 1]], dtype=np.float32)], axis=1, select_last_index=1, keepdims=0)
case("ArgMin", [x], axis=-1, keepdims=0)
case("TopK", [f(3, 5), i64(2)], outputs=2)
case("TopK", [np.array([[3, 1, 3, 2]], dtype=np.int64), i64(3)], outputs=2, largest=0, tag="ties")
for axis in [-1, 0, 1]:
    case("Softmax", [x * 3], axis=axis)
    case("LogSoftmax", [x * 3], axis=axis)
case("LayerNormalization", [f(2, 3, 8), f(8), f(8)])
case("LayerNormalization", [f(2, 3, 8), f(3, 8), f(3, 8)], axis=1, epsilon=1e-3, tag="axis")
case("BatchNormalization", [f(2, 3, 4), f(3), f(3), f(3), np.abs(f(3))])
case("LpNormalization", [x])
# The reference forgets |x| for p = 1.
case("LpNormalization", [np.abs(x)], axis=1, p=1)

# Products and windows.
case("MatMul", [f(3, 4), f(4, 5)])
case("MatMul", [f(2, 1, 3, 4), f(5, 4, 2)], tag="batch")
case("MatMul", [f(4), f(4)], tag="vectors")
case("MatMul", [f(2, 3, 4), f(4)], tag="vector")
case("MatMul", [f(3, 0), f(0, 2)], tag="empty")
case("MatMul", [np.array([[1, 2]], dtype=np.int64), np.array([[3], [4]], dtype=np.int64)], tag="int64")
case("Gemm", [f(4, 3), f(5, 4), f(5)], transA=1, transB=1, alpha=0.5, beta=2.0)
case("Gemm", [f(3, 4), f(4, 2)], tag="plain")
case("Conv", [f(2, 3, 7), f(4, 3, 3), f(4)])
case("Conv", [f(1, 2, 6, 7), f(4, 1, 3, 2)], group=2, pads=[1, 0, 2, 1], strides=[2, 1], dilations=[1, 2])
case("Conv", [f(1, 2, 5, 5), f(2, 2, 3, 3)], auto_pad="SAME_UPPER", strides=[2, 2], tag="same")
case("MaxPool", [f(1, 2, 6, 6)], kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 0])
case("MaxPool", [f(1, 1, 7)], kernel_shape=[3], strides=[2], ceil_mode=1, tag="ceil")
case("AveragePool", [f(1, 2, 5, 5)], kernel_shape=[3, 3], pads=[1, 1, 1, 1])
case("AveragePool", [f(1, 2, 5, 5)], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
case("GlobalAveragePool", [f(2, 3, 4, 5)])
case("GlobalMaxPool", [f(2, 3, 4, 5)])

json.dump({"onnx": onnx.__version__, "numpy": np.__version__, "cases": cases}, sys.stdout)
sys.stdout.write("\n")
