"""Write test cases of every ONNX operator for every element type that its schema allows: see `operators`.

usage: type_cases.py OUT

The ONNX project's own node cases are taken as they are, and again with the inputs of one type constraint cast to each other type of
it; what is expected then comes from the onnx package's reference evaluator, or from onnxruntime where that has no answer, or, for
the other floating-point types, from the same in float. A case is a folder OUT/<domain>.<operator>-<constraint>-<type>-<number> in the layout of the ONNX project.
"""

import collections
import pathlib
import shutil
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator

CASES_PER_OPERATOR = 3
# Attributes that name an element type: casting the inputs would contradict them.
TYPE_ATTRIBUTES = {"to", "dtype", "output_dtype", "stash_type", "output_datatype"}
# Where no reference computes in one of these, float does.
FLOATS = {onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE}
# Their results are random, or no tensors.
SKIPPED = {"Bernoulli", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Dropout"}


def element_type(name: str) -> int | None:
    """TensorProto code of `tensor(float)`; None for sequences, optionals and types that numpy lacks."""
    if not name.startswith("tensor("):
        return None
    inner = name.removeprefix("tensor(").removesuffix(")")
    if inner.startswith("complex"):
        return None
    alias = {"float": "FLOAT", "double": "DOUBLE", "string": "STRING"}
    return onnx.TensorProto.DataType.Value(alias.get(inner, inner.upper()))


def cast(value: np.ndarray, code: int) -> np.ndarray:
    dtype = helper.tensor_dtype_to_np_dtype(code)
    if code == onnx.TensorProto.STRING:
        return value.astype(str).astype(object)
    if value.dtype == object:
        raise TypeError("strings are no numbers")
    if code in (onnx.TensorProto.UINT8, onnx.TensorProto.UINT16, onnx.TensorProto.UINT32, onnx.TensorProto.UINT64):
        value = np.abs(value)
    return np.asarray(value).astype(dtype)


def formals(parameters, count: int) -> list:
    """The schema's parameter of each argument; the last one repeats if it is variadic."""
    result = list(parameters[:count])
    while result and len(result) < count:
        result.append(parameters[-1])
    return result


def expected(model: onnx.ModelProto, feeds: dict) -> list:
    try:
        return ReferenceEvaluator(model).run(None, feeds)
    except Exception:  # noqa: BLE001 - whatever the evaluator cannot do, the other may
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(None, feeds)


def retyped(model: onnx.ModelProto, inputs: list, schema, constraint: str, code: int):
    """The case with every value of `constraint` in another element type, or None."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    node = copy.graph.node[0]
    values = dict(zip([info.name for info in model.graph.input], inputs))
    kinds = dict(zip(node.input, formals(schema.inputs, len(node.input))))
    for info in copy.graph.input:
        if kinds[info.name].type_str == constraint:
            values[info.name] = cast(values[info.name], code)
            info.type.tensor_type.elem_type = code
    kinds = dict(zip(node.output, formals(schema.outputs, len(node.output))))
    for info in copy.graph.output:
        if kinds[info.name].type_str == constraint:
            info.type.tensor_type.elem_type = code
    onnx.checker.check_model(copy)
    return copy, list(values.values())


def write(out: pathlib.Path, model: onnx.ModelProto, inputs: list, outputs: list) -> None:
    folder = out / "test_data_set_0"
    folder.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(model.SerializeToString())
    for kind, values, infos in (("input", inputs, model.graph.input), ("output", outputs, model.graph.output)):
        for index, (value, info) in enumerate(zip(values, infos)):
            tensor = numpy_helper.from_array(np.asarray(value), info.name)
            (folder / f"{kind}_{index}.pb").write_bytes(tensor.SerializeToString())


def has_declared_type(value, info) -> bool:
    """Whether the evaluator kept to the schema: it computes some narrow types in wider ones."""
    code = info.type.tensor_type.elem_type
    return code == onnx.TensorProto.STRING or np.asarray(value).dtype == helper.tensor_dtype_to_np_dtype(code)


def only_tensors(model: onnx.ModelProto) -> bool:
    infos = [*model.graph.input, *model.graph.output]
    return all(info.type.HasField("tensor_type") for info in infos)


def expected_in_float(model: onnx.ModelProto, feeds: dict) -> list:
    """What the evaluator gives in float for inputs of another floating-point type, in the declared types."""
    wide = onnx.ModelProto()
    wide.CopyFrom(model)
    for info in [*wide.graph.input, *wide.graph.output]:
        if info.type.tensor_type.elem_type in FLOATS:
            info.type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    floats = {info.name for info in wide.graph.input if info.type.tensor_type.elem_type == onnx.TensorProto.FLOAT}
    values = {name: value.astype(np.float32) if name in floats else value for name, value in feeds.items()}
    outputs = expected(wide, values)
    kinds = [helper.tensor_dtype_to_np_dtype(info.type.tensor_type.elem_type) for info in model.graph.output]
    return [np.asarray(value).astype(kind) for value, kind in zip(outputs, kinds)]


def answer(model: onnx.ModelProto, feeds: dict, code: int) -> list | None:
    """The expected outputs, in the declared types; None if no reference gives them."""
    try:
        outputs = expected(model, feeds)
        if all(map(has_declared_type, outputs, model.graph.output)):
            return outputs
    except Exception:  # noqa: BLE001 - no reference has an answer in this type
        pass
    if code not in FLOATS:
        return None
    onnx.checker.check_model(model, full_check=True)  # the other types must go with this one
    return expected_in_float(model, feeds)


def main(out: pathlib.Path) -> None:
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    onnxruntime.set_default_logger_severity(4)
    seen: dict = collections.Counter()
    written = 0
    for case in sorted(collect_testcases(None), key=lambda case: len(case.model.SerializeToString())):
        model = case.model
        node = model.graph.node[0]
        operator = f"{node.domain or 'ai.onnx'}.{node.op_type}"
        version = next((item.version for item in model.opset_import if item.domain == node.domain), 1)
        if (
            len(model.graph.node) != 1
            or not only_tensors(model)
            or node.op_type in SKIPPED
            or any(attribute.name in TYPE_ATTRIBUTES or attribute.HasField("g") for attribute in node.attribute)
            or seen[operator] >= CASES_PER_OPERATOR
            or len(model.graph.input) != len([name for name in node.input if name])
            or not onnx.defs.has(node.op_type, node.domain)
        ):
            continue
        seen[operator] += 1
        schema = onnx.defs.get_schema(node.op_type, version, node.domain)
        inputs = [numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else np.asarray(v) for v in case.data_sets[0][0]]
        for constraint in schema.type_constraints:
            used = [p.type_str for p in formals(schema.inputs, len(node.input))]
            if constraint.type_param_str not in used:
                continue
            for name in constraint.allowed_type_strs:
                code = element_type(name)
                if code is None or (node.op_type == "GridSample" and code not in {*FLOATS, onnx.TensorProto.FLOAT}):
                    continue  # the evaluator cuts weights of integer images to integers
                label = onnx.TensorProto.DataType.Name(code).lower()
                folder = f"{operator}-{constraint.type_param_str}-{label}-{seen[operator]}"
                try:
                    changed, values = retyped(model, inputs, schema, constraint.type_param_str, code)
                    feeds = {info.name: value for info, value in zip(changed.graph.input, values)}
                    outputs = answer(changed, feeds, code)
                    if outputs is None:
                        continue
                    write(out / folder, changed, values, outputs)
                    written += 1
                except Exception:  # noqa: BLE001 - no reference has an answer
                    shutil.rmtree(out / folder, ignore_errors=True)
    print(f"{written} cases of {len(seen)} operators in {out}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
