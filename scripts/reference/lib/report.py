"""What every reference file carries beside it: where its numbers come from."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("gguf", "numpy", "onnxruntime", "safetensors", "tokenizers")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(**facts: object) -> dict:
    versions = {name: version(name) for name in PACKAGES}
    return {**facts, "versions": {"python": platform.python_version(), **versions}}


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
