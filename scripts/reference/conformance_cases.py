"""Write the ONNX backend node test suite as models with serialized inputs and outputs: see `conformance`."""

import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases


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


def main(out: pathlib.Path) -> None:
    warnings.filterwarnings("ignore")
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
    print(f"{len(cases)} cases in {out}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
