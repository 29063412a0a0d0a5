"""Write the ONNX project's test cases as models with serialized inputs and outputs: see `conformance`."""

import importlib.resources
import pathlib
import shutil
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

# Folders of the package that hold cases in this very layout.
FOLDERS = ("simple", "pytorch-converted", "pytorch-operator")


def serialized(value, info) -> bytes:
    """The value as the proto that its declared type asks for."""
    if isinstance(value, onnx.TensorProto):
        return value.SerializeToString()
    writers = {
        "sequence_type": numpy_helper.from_list,
        "optional_type": numpy_helper.from_optional,
        "map_type": numpy_helper.from_dict,
    }
    for kind, write in writers.items():
        if info.type.HasField(kind):
            return write(value, info.name).SerializeToString()
    return numpy_helper.from_array(np.array(value), info.name).SerializeToString()


def write_nodes(out: pathlib.Path) -> int:
    cases = collect_testcases(None)
    for case in cases:
        folder = out / case.name / "test_data_set_0"
        folder.mkdir(parents=True, exist_ok=True)
        (out / case.name / "model.onnx").write_bytes(case.model.SerializeToString())
        inputs, outputs = case.data_sets[0]
        for kind, values, infos in (
            ("input", inputs, case.model.graph.input),
            ("output", outputs, case.model.graph.output),
        ):
            for index, (value, info) in enumerate(zip(values, infos)):
                (folder / f"{kind}_{index}.pb").write_bytes(serialized(value, info))
    return len(cases)


def write_folders(data: pathlib.Path, out: pathlib.Path) -> int:
    count = 0
    for name in FOLDERS:
        for case in sorted((data / name).iterdir()):
            shutil.copytree(case, out / f"{name}-{case.name}", dirs_exist_ok=True)
            count += 1
    return count


def write_light(data: pathlib.Path, out: pathlib.Path) -> int:
    """Image classifiers without weights of their own; the package feeds them the numbers 0 ≤ i/n < 1 in order."""
    models = sorted((data / "light").glob("*.onnx"))
    for path in models:
        folder = out / f"light-{path.stem.removeprefix('light_')}"
        (folder / "test_data_set_0").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / "model.onnx")
        model = onnx.load(path)
        weights = {tensor.name for tensor in model.graph.initializer}
        inputs = [info for info in model.graph.input if info.name not in weights]
        for index, info in enumerate(inputs):
            shape = [dim.dim_value or 1 for dim in info.type.tensor_type.shape.dim]
            count = int(np.prod(shape))
            values = (np.arange(count).reshape(shape) / count).astype(np.float32)
            target = folder / "test_data_set_0" / f"input_{index}.pb"
            target.write_bytes(numpy_helper.from_array(values, info.name).SerializeToString())
        for expected in path.parent.glob(f"{path.stem}_output_*.pb"):
            number = expected.stem.rsplit("_", 1)[1]
            shutil.copyfile(expected, folder / "test_data_set_0" / f"output_{number}.pb")
    return len(models)


def main(out: pathlib.Path) -> None:
    warnings.filterwarnings("ignore")
    data = pathlib.Path(str(importlib.resources.files("onnx"))) / "backend/test/data"
    count = write_nodes(out) + write_folders(data, out) + write_light(data, out)
    print(f"{count} cases in {out}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
