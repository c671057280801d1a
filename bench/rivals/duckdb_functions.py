#!/usr/bin/env python3
"""duckdb_functions.py FOLDER: DuckDB loads a release of Azure Functions' tables and counts invocations. MIT.

A column a minute, as the files have it: the quickest of what was tried (UNPIVOT of 1,440 columns takes far longer). Prints
{"seconds", "cpu_seconds", "rows", "invocations"}; the clock starts when the library is loaded.
"""

import json
import sys
import time

import duckdb

# Hour by hour: an expression may be a thousand deep.
MINUTES = " + ".join(f"""({" + ".join(f'"{minute}"' for minute in range(hour + 1, hour + 61))})""" for hour in range(0, 1440, 60))


def main():
    wall, cpu = time.perf_counter(), time.process_time()
    db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    db.execute(f"CREATE TABLE invocations AS SELECT * FROM read_csv('{sys.argv[1]}/invocations_*.csv', delim=',', header=true)")
    for table in ("function_durations", "app_memory"):
        db.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{sys.argv[1]}/{table}_*.csv', delim=',', header=true)")
    rows, invocations = db.execute(f"SELECT count(*), sum({MINUTES})::BIGINT FROM invocations").fetchone()
    print(json.dumps({"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu,
                      "rows": rows, "invocations": invocations, "version": duckdb.__version__}))  # fmt: skip


main()
