"""Measures the parts of the benchmarks that are asked for and writes the report. See `run`."""

import argparse
import importlib
import sys
from pathlib import Path

import report
from measure import RunFailed

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "encoders": "encoders_section",
    "scaling": "scaling_section",
    "latency": "latency",
    "models": "models",
    "trees": "trees_section",
    "tables": "tables",
}
"""Name of each part and of the module whose `main` measures it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks/run DATA_DIR")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS), default=list(PARTS))
    parser.add_argument("--data", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=lambda text: None if text == "all" else int(text), default=8000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--martlet", type=Path, default=ROOT / ".build/release/martlet")
    parser.add_argument("--only", default="", metavar="WORD", help="of the part `models` the cases whose name has the word")
    chosen = parser.parse_args()
    chosen.martlet, chosen.data = chosen.martlet.absolute(), chosen.data.absolute()
    if not chosen.martlet.exists():
        sys.exit(f"benchmarks/run: no {chosen.martlet}; build it with `make build` or give --martlet FILE")
    for part in chosen.parts:
        if part not in PARTS:
            sys.exit(f"benchmarks/run: no part `{part}`; there are {', '.join(PARTS)}")
    for part in chosen.parts:
        try:
            importlib.import_module(PARTS[part]).main(chosen)
        except RunFailed as failure:
            sys.exit(f"benchmarks/run: {part}: {failure}")
    report.main()


if __name__ == "__main__":
    main()
