"""A query by DuckDB over a file, in a process of its own: prints the rows and the seconds of the query alone as JSON.

usage: table_peer.py THREADS SQL
"""

import json
import sys
import time

import duckdb


def main() -> None:
    threads, query = int(sys.argv[1]), sys.argv[2]
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    begin = time.perf_counter()
    rows = connection.execute(query).fetchall()
    seconds = time.perf_counter() - begin
    print(json.dumps({"seconds": seconds, "rows": rows, "version": duckdb.__version__}))


if __name__ == "__main__":
    main()
