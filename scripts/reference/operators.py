"""Print the page of supported ONNX operators: see `operators` in the folder above.

usage: operators.py RESULTS < OPERATORS

OPERATORS is what `martlet model operators --json` prints, RESULTS what `martlet model verify --json` prints for type_cases.py's cases.
"""

import collections
import json
import pathlib
import sys

import onnx

OLDEST = 7

HEADER = """# ONNX operators

Written by `make operators`; do not edit. A model may use operators of the standard operator sets from opset {oldest} to {newest}, in all versions that are in
force there. *Versions* are those in which an operator changed. *Element types* are those for which small cases give what the reference
implementation gives, by the names of the standard's type constraints; `all` means all that the standard allows (complex numbers aside).
Types after *not* are refused with an error or give something else; those after *untried* have no reference to compare with. Operators
without types take graphs, sequences or attributes that name a type.
"""


def versions() -> dict:
    """Versions of each operator that are in force at some opset from OLDEST on."""
    history = collections.defaultdict(set)
    for schema in onnx.defs.get_all_schemas_with_history():
        history[schema.domain or "ai.onnx", schema.name].add(schema.since_version)
    result = {}
    for (domain, name), since in history.items():
        ordered = sorted(since)
        if domain == "ai.onnx":
            in_force = [v for i, v in enumerate(ordered) if i + 1 == len(ordered) or ordered[i + 1] > OLDEST]
        else:
            in_force = ordered
        result[domain, name] = in_force
    return result


def types(path: pathlib.Path) -> dict:
    """(domain, name) → constraint → element type → whether all of its cases pass."""
    result = collections.defaultdict(lambda: collections.defaultdict(dict))
    for line in path.read_text().splitlines():
        item = json.loads(line)
        operator, constraint, element, _ = pathlib.Path(item["case"]).name.rsplit("-", 3)
        domain, name = operator.rsplit(".", 1)
        known = result[domain, name][constraint]
        known[element] = known.get(element, True) and item["result"] == "passed"
    return result


def allowed(domain: str, name: str) -> dict:
    schema = onnx.defs.get_schema(name, domain="" if domain == "ai.onnx" else domain)
    result = {}
    for constraint in schema.type_constraints:
        kinds = [k[7:-1] for k in constraint.allowed_type_strs if k.startswith("tensor(") and "complex" not in k]
        result[constraint.type_param_str] = kinds
    return result


def type_text(domain: str, name: str, tried: dict) -> str:
    parts = []
    for constraint, kinds in allowed(domain, name).items():
        results = tried.get(constraint)
        if not results:
            continue
        good = [kind for kind in kinds if results.get(kind)]
        bad = [kind for kind in kinds if results.get(kind) is False]
        untried = [kind for kind in kinds if kind not in results]
        clauses = ["all" if good == kinds else ", ".join(good) or "none"]
        clauses += ["*not* " + ", ".join(bad)] if bad else []
        clauses += ["*untried* " + ", ".join(untried)] if untried else []
        parts.append(f"{constraint}: " + "; ".join(clauses))
    return "<br>".join(parts)


def main() -> None:
    operators = json.load(sys.stdin)
    results = types(pathlib.Path(sys.argv[1]))
    known = versions()
    print(HEADER.format(oldest=OLDEST, newest=onnx.defs.onnx_opset_version()))
    for domain, names in operators.items():
        print(f"## {domain}\n")
        if not any((domain, name) in known for name in names):
            print(", ".join(names) + ".\n")
            continue
        print("| operator | versions | element types |\n| --- | --- | --- |")
        for name in names:
            since = ", ".join(map(str, known.get((domain, name), [])))
            text = type_text(domain, name, results.get((domain, name), {})) if (domain, name) in known else ""
            print(f"| {name} | {since} | {text} |")
        print()
        missing = sorted(n for d, n in known if d == domain and n not in names)
        if missing:
            print(f"Not supported: {', '.join(missing)}.\n")


if __name__ == "__main__":
    main()
