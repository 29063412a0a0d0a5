"""Tiny ONNX models for script tests, and tables with the numbers that onnxruntime gives for them.

usage: script_models.py TARGET, in the project's folder

TARGET/<name>.onnx hold the models, TARGET/streams.csv rows of three interleaved streams with what a loop over each stream's
rows gives: columns `want_<output>`. Rows without a value (null) and rows that fail leave the state of their stream as it was.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import tokenizers
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64


def save(path: Path, nodes, inputs, outputs, constants=None) -> None:
    graph = helper.make_graph(
        [helper.make_node(op, i, o, **attributes) for op, i, o, attributes in nodes], path.stem,
        [helper.make_tensor_value_info(*port) for port in inputs],
        [helper.make_tensor_value_info(*port) for port in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in (constants or {}).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="fixture")
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def recurrent(target: Path) -> None:
    # hn = h + x, y = 2 hn
    save(target / "running-sum.onnx",
         [("Add", ["h", "x"], ["hn"], {}), ("Mul", ["hn", "two"], ["y"], {})],
         [("x", FLOAT, ["batch", 2]), ("h", FLOAT, ["batch", 2])],
         [("y", FLOAT, ["batch", 2]), ("hn", FLOAT, ["batch", 2])], {"two": np.float32(2)})
    # A state with rows in its second dimension, and a rate for all rows: as voice-activity models have them.
    save(target / "voice.onnx",
         [("Cast", ["rate"], ["hertz"], {"to": FLOAT}), ("Div", ["hertz", "base"], ["gain"], {}),
          ("Mul", ["frame", "gain"], ["loud"], {}), ("Mul", ["state", "decay"], ["kept"], {}),
          ("Add", ["kept", "loud"], ["stateN"], {}), ("ReduceMean", ["stateN"], ["level"], {"axes": [0, 2], "keepdims": 0}),
          ("Unsqueeze", ["level", "one"], ["column"], {}), ("Sigmoid", ["column"], ["output"], {})],
         [("frame", FLOAT, ["batch", "samples"]), ("state", FLOAT, [2, "batch", 2]), ("rate", INT, [])],
         [("output", FLOAT, ["batch", 1]), ("stateN", FLOAT, ["d0", "batch", "d2"])],
         {"base": np.float32(16000), "decay": np.array([[[0.5]], [[0.25]]], np.float32), "one": np.array([1])})
    # The same sum for exactly one row at a time.
    save(target / "running-sum-one.onnx",
         [("Add", ["h", "x"], ["hn"], {}), ("Mul", ["x", "two"], ["x2"], {}),
          ("ReduceSum", ["hn", "axes"], ["sum"], {"keepdims": 0}), ("Add", ["sum", "x2"], ["y"], {})],
         [("x", FLOAT, [1, 2]), ("h", FLOAT, [2, 1, 2])], [("y", FLOAT, [1, 2]), ("hn", FLOAT, [2, 1, 2])],
         {"two": np.float32(2), "axes": np.array([0])})
    # Single numbers; an index beyond the table fails its row.
    save(target / "counter.onnx",
         [("Gather", ["prices", "item"], ["price"], {}), ("Add", ["total", "price"], ["totalN"], {}),
          ("Add", ["seen", "one"], ["seenN"], {})],
         [("item", INT, ["n"]), ("total", FLOAT, ["n"]), ("seen", INT, ["n"])],
         [("totalN", FLOAT, ["n"]), ("seenN", INT, ["n"])],
         {"prices": np.array([1, 2.5, 4], np.float32), "one": np.int64(1)})
    # A state of a size that the file leaves open.
    save(target / "open-state.onnx",
         [("Unsqueeze", ["x", "one"], ["column"], {}), ("Add", ["h", "column"], ["hn"], {}),
          ("ReduceMean", ["hn"], ["y"], {"axes": [1], "keepdims": 0})],
         [("x", FLOAT, ["batch"]), ("h", FLOAT, ["batch", "width"])],
         [("y", FLOAT, ["batch"]), ("hn", FLOAT, ["batch", "width"])], {"one": np.array([1])})


def columns(target: Path) -> None:
    """Models with an input for each column of a table, of every kind of number, as converted pipelines have them."""
    kinds = {"a": TensorProto.DOUBLE, "b": TensorProto.FLOAT16, "c": TensorProto.INT8, "d": TensorProto.UINT16,
             "e": TensorProto.INT32, "f": TensorProto.UINT64, "g": FLOAT}
    parts = [("Cast", [name], [f"{name}_wide"], {"to": TensorProto.DOUBLE}) for name in kinds]
    save(target / "columns.onnx",
         parts + [("Sum", [f"{name}_wide" for name in kinds], ["total"], {}), ("Not", ["flag"], ["off"], {}),
                  ("Where", ["flag", "name", "none"], ["kept"], {})],
         [(name, kind, ["N", 1]) for name, kind in kinds.items()]
         + [("flag", TensorProto.BOOL, ["N", 1]), ("name", TensorProto.STRING, ["N", 1])],
         [("total", TensorProto.DOUBLE, ["N", 1]), ("kept", TensorProto.STRING, ["N", 1]), ("off", TensorProto.BOOL, ["N", 1])],
         {"none": np.array(["(none)"], object)})
    # Vectors of integers of another width than the language's.
    save(target / "vectors.onnx",
         [("Cast", ["ids"], ["wide"], {"to": FLOAT}), ("Mul", ["wide", "weights"], ["products"], {}),
          ("ReduceSum", ["products", "one"], ["y"], {"keepdims": 0})],
         [("ids", TensorProto.INT32, ["N", "n"]), ("weights", FLOAT, ["N", "n"])], [("y", FLOAT, ["N"])],
         {"one": np.array([1])})


def pair(target: Path) -> None:
    """An encoder with a vector for each of a row's tokens, a decoder that attends to them, and what they give together."""
    random = np.random.default_rng(9)
    save(target / "encoder.onnx",
         [("Gather", ["table", "ids"], ["vectors"], {}), ("CumSum", ["vectors", "one"], ["sums"], {}),
          ("Tanh", ["sums"], ["hidden"], {})],
         [("ids", INT, ["batch", "seq"])], [("hidden", FLOAT, ["batch", "seq", 4])],
         {"table": random.normal(size=(10, 4)).astype(np.float32).round(2), "one": np.array(1)})
    save(target / "decoder.onnx",
         [("Unsqueeze", ["query", "two"], ["column"], {}), ("MatMul", ["hidden", "column"], ["scores"], {}),
          ("Squeeze", ["scores", "two"], ["flat"], {}), ("Softmax", ["flat"], ["weights"], {}),
          ("Unsqueeze", ["weights", "one"], ["row"], {}), ("MatMul", ["row", "hidden"], ["mixed"], {}),
          ("Squeeze", ["mixed", "one"], ["context"], {})],
         [("hidden", FLOAT, ["batch", "seq", 4]), ("query", FLOAT, ["batch", 4])],
         [("context", FLOAT, ["batch", 4]), ("weights", FLOAT, ["batch", "seq"])],
         {"one": np.array([1]), "two": np.array([2])})
    encoder, decoder = (onnxruntime.InferenceSession(target / f"{name}.onnx") for name in ("encoder", "decoder"))
    query = np.array([[1, -1, 0.5, 2]], np.float32)
    with open(target / "tokens.jsonl", "w") as file:
        for number, length in enumerate([3, 1, 5, 3, 2, 5, 1, 3, 8]):
            ids = random.integers(0, 10, length)
            hidden = encoder.run(None, {"ids": ids[None]})[0]
            context, weights = decoder.run(None, {"hidden": hidden, "query": query})
            row = {"n": number, "ids": ids.tolist(), "want_last": float(hidden[0, -1, 1]),
                   "want_context": float(context[0, 2]), "want_weight": float(weights[0, -1]), "length": length}
            file.write(json.dumps(row) + "\n")
        file.write('{"n": 9}\n')


def texts(target: Path) -> None:
    """A text model that gives a vector for each token, with what it gives for some texts, each alone."""
    save(target / "token-states.onnx",
         [("Cast", ["input_ids"], ["numbers"], {"to": FLOAT}), ("Unsqueeze", ["numbers", "two"], ["column"], {}),
          ("Mul", ["column", "rates"], ["angles"], {}), ("Sin", ["angles"], ["states"], {}),
          ("Cast", ["attention_mask"], ["kept"], {"to": FLOAT}), ("Unsqueeze", ["kept", "two"], ["mask"], {}),
          ("Mul", ["states", "mask"], ["last_hidden_state"], {})],
         [("input_ids", INT, ["batch", "seq"]), ("attention_mask", INT, ["batch", "seq"])],
         [("last_hidden_state", FLOAT, ["batch", "seq", 2])],
         {"two": np.array([2]), "rates": np.array([0.01, 0.001], np.float32)})
    session = onnxruntime.InferenceSession(target / "token-states.onnx")
    tokenizer = tokenizers.Tokenizer.from_file("examples/models/tone/tokenizer.json")
    tokenizer.no_padding()
    with open(target / "texts.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "want_count", "want_second", "want_last"])
        for text in ["I hate this", "A lovely film, all in all", "no", "I hate this", "Grand", "The worst meal I ever had"]:
            ids = np.array([tokenizer.encode(text).ids])
            states = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
            writer.writerow([text, len(states), states[1, 0], states[-1, 1]])


def limits(target: Path) -> None:
    # Adds 1 as often as the largest of a batch's numbers says (with one row: as that says).
    body = helper.make_graph(
        [helper.make_node("Add", ["sum", "step"], ["more"]), helper.make_node("Identity", ["on"], ["go"])], "body",
        [helper.make_tensor_value_info("round", INT, []), helper.make_tensor_value_info("on", TensorProto.BOOL, []),
         helper.make_tensor_value_info("sum", FLOAT, [1])],
        [helper.make_tensor_value_info("go", TensorProto.BOOL, []), helper.make_tensor_value_info("more", FLOAT, [1])],
        [numpy_helper.from_array(np.array([1], np.float32), "step")])
    save(target / "loop.onnx",
         [("Squeeze", ["n"], ["rounds"], {}), ("Loop", ["rounds", "", "zero"], ["y"], {"body": body})],
         [("n", INT, [1])], [("y", FLOAT, [1])], {"zero": np.array([0], np.float32)})
    # Needs 4 MB for a row, all of which one number comes from.
    save(target / "wide.onnx",
         [("Unsqueeze", ["x", "one"], ["column"], {}), ("Expand", ["column", "shape"], ["spread"], {}),
          ("Softmax", ["spread"], ["shares"], {}),
          ("ReduceMax", ["shares"], ["y"], {"axes": [1], "keepdims": 0})],
         [("x", FLOAT, ["N"])], [("y", FLOAT, ["N"])], {"one": np.array([1]), "shape": np.array([1, 1000000])})


def external(target: Path) -> None:
    """A model whose weights are in a file of their own."""
    save(target / "external.onnx", [("MatMul", ["x", "w"], ["y"], {})], [("x", FLOAT, ["N", 2])], [("y", FLOAT, ["N", 3])],
         {"w": np.array([[1, 2, 3], [4, 5, 6]], np.float32)})
    model = onnx.load(target / "external.onnx")
    (target / "external.weights").unlink(missing_ok=True)
    onnx.save_model(model, target / "external.onnx", save_as_external_data=True, location="external.weights",
                    size_threshold=0)
    (target / "external.weights").chmod(0o644)


def streams(target: Path) -> None:
    random = np.random.default_rng(5)
    names = ["running-sum", "voice", "running-sum-one", "counter"]
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 4
    models = {name: onnxruntime.InferenceSession(target / f"{name}.onnx", quiet) for name in names}
    states: dict = {}

    def step(name, stream, inputs, links):
        """Runs one row of a stream; None, leaving its state, if that fails."""
        zeros = {i.name: np.zeros([1 if isinstance(d, str) else d for d in i.shape],
                                  np.int64 if "int64" in i.type else np.float32) for i in models[name].get_inputs()}
        state = states.setdefault((name, stream), {i: zeros[i] for i in links})
        session = models[name]
        try:
            values = dict(zip([o.name for o in session.get_outputs()], session.run(None, {**inputs, **state})))
        except onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument:
            return None
        states[(name, stream)] = {i: values[o] for i, o in links.items()}
        return values

    rows = []
    for number in range(40):
        stream = "abc"[random.choice(3, p=[0.6, 0.3, 0.1])]
        a, b = random.normal(size=2).astype(np.float32).round(3)
        item = int(random.integers(0, 4))
        row = {"id": number, "stream": stream, "a": a, "b": b, "item": item}
        if number % 11 == 7:
            row["a"] = ""
        else:
            x = np.array([[a, b]], np.float32)
            y = step("running-sum", stream, {"x": x}, {"h": "hn"})["y"][0]
            row |= {"want_y0": y[0], "want_y1": y[1]}
            voice = step("voice", stream, {"frame": x, "rate": np.array(8000)}, {"state": "stateN"})
            row["want_voice"] = voice["output"][0][0]
            row["want_all"] = step("voice", "", {"frame": x, "rate": np.array(16000)}, {"state": "stateN"})["output"][0][0]
            one = step("running-sum-one", stream, {"x": x}, {"h": "hn"})["y"][0]
            row["want_one"] = one[1]
        counted = step("counter", stream, {"item": np.array([item])}, {"total": "totalN", "seen": "seenN"})
        if counted:
            row |= {"want_total": counted["totalN"][0], "want_seen": counted["seenN"][0]}
        rows.append(row)
    with open(target / "streams.csv", "w", newline="") as file:
        columns = ["id", "stream", "a", "b", "item", "want_y0", "want_y1", "want_voice", "want_all", "want_one",
                   "want_total", "want_seen"]
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    recurrent(folder)
    columns(folder)
    pair(folder)
    texts(folder)
    limits(folder)
    external(folder)
    streams(folder)
