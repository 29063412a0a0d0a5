"""Writes random expressions over random tables with what DuckDB makes of them, one JSON object a line.

    usage: expressions.py FILE CASES [SEED]

The first line is {"duckdb": version, "cases": …, "source": hash of this folder}. Then {"table": a `let t = …` of Martlet} and, until the next
such line, {"query": …, "rows": …} over it. `rows` holds a row as a list of cells: text, or null. With "each", a row that cannot be computed
is the text of DuckDB's error instead of a list; without, `rows` as a whole may be such a text.
"""
import datetime
import hashlib
import json
import pathlib
import random as randomness
import sys

import duckdb

import forms
import tables
import trees

HERE = pathlib.Path(__file__).parent
AGGREGATES = forms.forms(forms.AGGREGATES)
TABLE_ROWS = 12
CASES_PER_TABLE = 50


def text(value, nested=False):
    """A value as Martlet prints it."""
    if value is None:
        return "null" if nested else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'" if nested else value
    if isinstance(value, list):
        return "[" + ", ".join(text(item, True) for item in value) + "]"
    if isinstance(value, datetime.datetime):
        whole, point, decimals = value.isoformat().partition(".")
        return whole + point + decimals.rstrip("0") + "Z"
    return repr(value)


def values(columns, ours):
    """The rows of a table as a `values` list."""
    kinds = [(name, "i" if name in ("id", "g") else name) for name in columns]
    rows = []
    for row in range(len(columns["id"])):
        rows.append("(" + ", ".join(tables.literal(kind, columns[name][row], ours, in_table=True) for name, kind in kinds) + ")")
    return "values " + ", ".join(rows)


class Oracle:
    def __init__(self):
        self.connection = duckdb.connect()
        # Its optimizer leaves out what fails beside a null, depending on what it knows of the columns.
        self.connection.execute("pragma disable_optimizer")
        self.connection.execute("set timezone = 'UTC'; set threads = 1; set order_by_non_integer_literal = true")
        self.connection.execute((HERE / "differences.sql").read_text(encoding="utf-8"))

    def load(self, columns):
        names = ", ".join(columns)
        nulls = ", ".join(f"null::{type} as null_{kind}" for kind, type in tables.THEIRS.items())
        self.connection.execute(f"create or replace table t as select *, {nulls} from ({values(columns, False)}) v({names}) order by id")

    def rows(self, query):
        """Rows as lists of texts, or an error's text."""
        try:
            return [[text(cell) for cell in row] for row in self.connection.execute(query).fetchall()]
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException) as error:
            raise SystemExit(f"the generator makes what DuckDB does not know: {query}\n{error}")
        except duckdb.Error as error:
            return str(error).splitlines()[0]

    def each(self, expression):
        together = self.rows(f"select {expression} from t order by id")
        if isinstance(together, list):
            return together
        alone = (self.rows(f"select {expression} from t where id = {row}") for row in range(TABLE_ROWS))
        return [rows if isinstance(rows, str) else rows[0] for rows in alone]


def select(random, oracle):
    form = random.choice(trees.SCALARS)
    ours, theirs = trees.filled(random, form, random.choice([0, 1, 1, 2, 3]))
    return {"query": f"from t |> select {ours} as v", "each": True, "rows": oracle.each(theirs)}


def aggregate(random, oracle):
    ours, theirs = trees.filled(random, random.choice(AGGREGATES), random.choice([0, 0, 1]))
    match random.randrange(3):
        case 0:
            return {"query": f"from t |> aggregate {ours} as v", "rows": oracle.rows(f"select {theirs} as v from t")}
        case 1:
            mine, other = random.choice(["g", "b", "k", "s", "q", "t"]), None
            other = mine
        case _:
            mine, other = trees.expression(random, random.choice("bikfs"), 1)
    return {"query": f"from t |> aggregate {ours} as v group by {mine} as key |> select key, v",
            "rows": oracle.rows(f"select {other} as key, {theirs} as v from t group by 1 order by min(id)")}


def keep(random, oracle):
    ours, theirs = trees.expression(random, "b", 2)
    # In its own `where`, DuckDB may leave out parts that fail.
    rows = oracle.rows(f"select id, {theirs} from t order by id")
    return {"query": f"from t |> where {ours} |> select id",
            "rows": rows if isinstance(rows, str) else [[id] for id, holds in rows if holds == "true"]}


def order(random, oracle):
    ours, theirs = trees.expression(random, random.choice("bifst"), 1)
    way = random.choice(["", " desc"])
    return {"query": f"from t |> order by {ours}{way} |> select id", "rows": oracle.rows(f"select id from t order by {theirs}{way} nulls last, id")}


def distinct(random, oracle):
    ours, theirs = trees.expression(random, random.choice("bifstLM"), 1)
    return {"query": f"from t |> select {ours} as v |> distinct",
            "rows": oracle.rows(f"select v from (select {theirs} as v, id from t) group by v order by min(id)")}


KINDS = [select] * 14 + [aggregate] * 4 + [keep, order, distinct]


def source():
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")) + [HERE / "differences.sql"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main():
    path, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    head = json.dumps({"duckdb": duckdb.__version__, "cases": count, "seed": seed, "source": source()})
    if path.exists() and path.open(encoding="utf-8").readline().strip() == head:
        return
    oracle = Oracle()
    lines = [head]
    for case in range(count):
        random = randomness.Random(f"{seed}-{case}")
        if case % CASES_PER_TABLE == 0:
            columns = tables.table(random, TABLE_ROWS)
            oracle.load(columns)
            lines.append(json.dumps({"table": f"let t = from {values(columns, True)} as t({', '.join(columns)})"}))
        lines.append(json.dumps(random.choice(KINDS)(random, oracle)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
