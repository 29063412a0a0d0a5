"""Convolutional networks with random weights, as exporters write them: batch norms apart, dynamic shapes.

usage: vision_models.py FOLDER

Writes resnet18.onnx, mobilenet_v2.onnx, mobilenet_v3.onnx and unet.onnx. Their times are those of trained ones.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Net:
    def __init__(self) -> None:
        self.nodes, self.weights, self.count = [], [], 0
        self.random = np.random.default_rng(7)

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        self.count += 1
        name = f"v{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value: np.ndarray) -> str:
        self.count += 1
        self.weights.append(numpy_helper.from_array(value, f"w{self.count}"))
        return f"w{self.count}"

    def numbers(self, *shape: int, scale: float = 1.0, shift: float = 0.0) -> str:
        return self.constant((shift + scale * self.random.standard_normal(shape)).astype(np.float32))

    def conv(self, x: str, i: int, o: int, k: int, s: int = 1, group: int = 1, norm: bool = True) -> str:
        pad = (k - 1) // 2
        w = self.numbers(o, i // group, k, k, scale=(2 / (i // group * k * k)) ** 0.5)
        y = self.op("Conv", x, w, kernel_shape=[k, k], strides=[s, s], pads=[pad] * 4, group=group)
        if not norm:
            return y
        variance = self.constant((0.8 + 0.4 * self.random.random(o)).astype(np.float32))
        parameters = [self.numbers(o, scale=0.05, shift=1), self.numbers(o, scale=0.1), self.numbers(o, scale=0.1)]
        return self.op("BatchNormalization", y, *parameters, variance)

    def clip(self, x: str, low: float, high: float) -> str:
        return self.op("Clip", x, self.constant(np.float32(low)), self.constant(np.float32(high)))

    def hard_swish(self, x: str) -> str:
        gate = self.clip(self.op("Add", x, self.constant(np.float32(3))), 0, 6)
        return self.op("Div", self.op("Mul", x, gate), self.constant(np.float32(6)))

    def classify(self, x: str, i: int) -> str:
        flat = self.op("Flatten", self.op("GlobalAveragePool", x))
        return self.op("Gemm", flat, self.numbers(1000, i, scale=0.05), self.numbers(1000), transB=1)

    def save(self, path: Path, output: str) -> None:
        shape = ["n", 3, "h", "w"]
        graph = helper.make_graph(
            self.nodes, path.stem, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.weights)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


def resnet18(net: Net) -> str:
    x = net.op("Relu", net.conv("x", 3, 64, 7, 2))
    x = net.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    width = 64
    for o in (64, 128, 256, 512):
        for block in range(2):
            s = 2 if o != 64 and block == 0 else 1
            short = x if s == 1 else net.conv(x, width, o, 1, s)
            y = net.conv(net.op("Relu", net.conv(x, width, o, 3, s)), o, o, 3)
            x, width = net.op("Relu", net.op("Add", y, short)), o
    return net.classify(x, 512)


def mobilenet_v2(net: Net) -> str:
    x, width = net.clip(net.conv("x", 3, 32, 3, 2), 0, 6), 32
    for t, o, n, first in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2)):
        for s in [first] + [1] * (n - 1):
            y = x if t == 1 else net.clip(net.conv(x, width, width * t, 1), 0, 6)
            y = net.clip(net.conv(y, width * t, width * t, 3, s, group=width * t), 0, 6)
            y = net.conv(y, width * t, o, 1)
            x, width = (net.op("Add", x, y) if s == 1 and o == width else y), o
    return net.classify(net.clip(net.conv(x, 160, 1280, 1), 0, 6), 1280)


def mobilenet_v3(net: Net) -> str:
    x, width = net.hard_swish(net.conv("x", 3, 16, 3, 2)), 16
    for k, e, o, s in ((3, 64, 24, 2), (3, 72, 24, 1), (5, 72, 40, 2), (5, 120, 40, 1), (5, 240, 80, 2), (5, 480, 112, 1)):
        y = net.hard_swish(net.conv(x, width, e, 1))
        y = net.hard_swish(net.conv(y, e, e, k, s, group=e))
        gate = net.op("Relu", net.conv(net.op("GlobalAveragePool", y), e, e // 4, 1, norm=False))
        gate = net.op("HardSigmoid", net.conv(gate, e // 4, e, 1, norm=False), alpha=1 / 6, beta=0.5)
        y = net.conv(net.op("Mul", y, gate), e, o, 1)
        x, width = (net.op("Add", x, y) if s == 1 and o == width else y), o
    return net.classify(net.hard_swish(net.conv(x, 112, 960, 1)), 960)


def unet(net: Net) -> str:
    skips, x, width = [], "x", 3
    for o in (24, 48, 96):
        x = net.op("Relu", net.conv(net.op("Relu", net.conv(x, width, o, 3)), o, o, 3))
        skips.append((x, o))
        x, width = net.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2]), o
    for skip, o in reversed(skips):
        if o > 24:
            w = net.numbers(width, o, 2, 2, scale=0.1)
            x = net.op("ConvTranspose", x, w, kernel_shape=[2, 2], strides=[2, 2])
        else:
            scales = net.constant(np.array([1, 1, 2, 2], np.float32))
            x = net.conv(net.op("Resize", x, "", scales, mode="linear"), width, o, 1)
        x, width = net.op("Relu", net.conv(net.op("Concat", x, skip, axis=1), 2 * o, o, 3)), o
    return net.op("Sigmoid", net.conv(x, width, 1, 1))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for build in (resnet18, mobilenet_v2, mobilenet_v3, unet):
        net = Net()
        net.save(folder / f"{build.__name__}.onnx", build(net))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
