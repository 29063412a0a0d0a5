"""Builds the peer's models: MiniLM-L6 as ONNX, and both encoders with onnxruntime's own fusions and in 8 bits.

usage: build_onnx.py DATA_DIR

DATA_DIR/benchmarks gets `minilm-l6.onnx` (standard operators in the arrangement of PyTorch's exporter), and
`minilm-l6.fused.onnx` and `minilm-l3.fused.onnx`, made of that and of paraphrase-MiniLM-L3-v2.onnx by
onnxruntime.transformers; of all four, `*.int8.onnx` by dynamic quantization, each column of weights by a scale of its own.
`models.json` says which operators they have. What is there is left alone.
"""

import json
import logging
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from safetensors.numpy import load_file

OPSET = 17


class EncoderGraph:
    """Writes a BERT folder's encoder node by node; each method returns the name of what it computes."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = load_file(folder / "model.safetensors")
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, np.ndarray] = {}

    def model(self) -> onnx.ModelProto:
        states = self.encoder()
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        shape = ["batch", "sequence", self.config["hidden_size"]]
        outputs = [helper.make_tensor_value_info(states, TensorProto.FLOAT, shape)]
        tensors = [numpy_helper.from_array(np.asarray(v, order="C"), k) for k, v in self.initializers.items()]
        graph = helper.make_graph(self.nodes, "bert", inputs, outputs, tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 8
        onnx.checker.check_model(model, full_check=True)
        return model

    def encoder(self) -> str:
        mask = self.node("Unsqueeze", "attention_mask", self.constant("one", np.array([1])))
        mask = self.node("Unsqueeze", mask, self.constant("two", np.array([2])))
        mask = self.node("Cast", mask, to=TensorProto.FLOAT)
        mask = self.node("Sub", self.scalar("keep", 1), mask)
        mask = self.node("Mul", mask, self.scalar("hide", np.finfo(np.float32).min))

        x = self.embeddings()
        layers = self.config["num_hidden_layers"]
        for number in range(layers):
            x = self.layer(x, mask, f"encoder.layer.{number}", last=number == layers - 1)
        return x

    def embeddings(self) -> str:
        length = self.node("Gather", self.node("Shape", "input_ids"), self.constant("place", np.array(1)), axis=0)
        length = self.node("Unsqueeze", length, self.constant("zero", np.array([0])))
        positions = self.constant("positions", np.arange(self.config["max_position_embeddings"])[None])
        begin, axis = self.constant("begin", np.array([0])), self.constant("axis", np.array([1]))
        positions = self.node("Slice", positions, begin, length, axis)
        words = self.node("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        types = self.node("Gather", self.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
        places = self.node("Gather", self.weight("embeddings.position_embeddings.weight"), positions)
        return self.norm(self.node("Add", self.node("Add", words, types), places), "embeddings.LayerNorm")

    def layer(self, x: str, mask: str, name: str, last: bool) -> str:
        heads = self.config["num_attention_heads"]
        size = self.config["hidden_size"] // heads
        split = self.constant("split", np.array([0, 0, heads, size]))
        merge = self.constant("merge", np.array([0, 0, heads * size]))

        def projected(part: str, order: list[int]) -> str:
            flat = self.linear(x, f"{name}.attention.self.{part}")
            return self.node("Transpose", self.node("Reshape", flat, split), perm=order)

        query, value = projected("query", [0, 2, 1, 3]), projected("value", [0, 2, 1, 3])
        scores = self.node("MatMul", query, projected("key", [0, 2, 3, 1]))
        scores = self.node("Div", scores, self.scalar("root", size**0.5))
        shares = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        mixed = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        mixed = self.linear(self.node("Reshape", mixed, merge), f"{name}.attention.output.dense")
        x = self.norm(self.node("Add", mixed, x), f"{name}.attention.output.LayerNorm")

        inner = self.linear(x, f"{name}.intermediate.dense")
        bent = self.node("Erf", self.node("Div", inner, self.scalar("bend", 2**0.5)))
        bent = self.node("Mul", inner, self.node("Add", bent, self.scalar("keep", 1)))
        outer = self.linear(self.node("Mul", bent, self.scalar("half", 0.5)), f"{name}.output.dense")
        target = "last_hidden_state" if last else None
        return self.norm(self.node("Add", outer, x), f"{name}.output.LayerNorm", target)

    def linear(self, x: str, name: str) -> str:
        weight = self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.weight(f"{name}.bias"), self.node("MatMul", x, weight))

    def norm(self, x: str, name: str, target: str | None = None) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node(
            "LayerNormalization", x, scale, bias, target=target, axis=-1, epsilon=self.config["layer_norm_eps"]
        )

    def node(self, kind: str, *inputs: str, target: str | None = None, **attributes: object) -> str:
        target = target or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [target], name=f"node_{len(self.nodes)}", **attributes))
        return target

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, dtype=np.float32))

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers[name] = value
        return name


def fuse(source: Path, target: Path) -> dict[str, int]:
    """Writes `source` with the fusions of onnxruntime.transformers, and counts its operators."""
    options = FusionOptions("bert")
    model = optimizer.optimize_model(
        str(source), model_type="bert", num_heads=12, hidden_size=384, optimization_options=options, opt_level=0
    )
    model.save_model_to_file(str(target))
    return dict(Counter(node.op_type for node in model.model.graph.node).most_common())


def quantize(source: Path, target: Path) -> dict[str, int]:
    """Writes `source` with weights as int8 and activations quantized as they come, and counts its operators."""
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8, extra_options=options)
    return dict(Counter(node.op_type for node in onnx.load(target, load_external_data=False).graph.node).most_common())


def main(data: Path) -> None:
    logging.disable(logging.ERROR)
    folder = data / "benchmarks"
    facts = folder / "models.json"
    if facts.exists() and "operators" in json.loads(facts.read_text()):
        return
    folder.mkdir(exist_ok=True)
    built = folder / "minilm-l6.onnx"
    onnx.save(EncoderGraph(data / "models/all-MiniLM-L6-v2").model(), built)
    sources = {"minilm-l6": built, "minilm-l3": data / "models/paraphrase-MiniLM-L3-v2.onnx"}
    operators = {}
    for name, source in sources.items():
        fused = folder / f"{name}.fused.onnx"
        operators[f"{name}.fused"] = fuse(source, fused)
        operators[f"{name}.int8"] = quantize(source, folder / f"{name}.int8.onnx")
        operators[f"{name}.fused.int8"] = quantize(fused, folder / f"{name}.fused.int8.onnx")
    facts.write_text(json.dumps({"operators": operators}, indent=2) + "\n")
    for name, counts in operators.items():
        print(f"{name}:", ", ".join(f"{kind} × {count}" for kind, count in counts.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
