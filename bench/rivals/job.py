#!/usr/bin/env python3
"""job.py RIVAL FILE JOB [EDGES.tsv]: one job of a rival in a process of its own.

RIVAL is duckdb, polars or clickhouse: a class of the module RIVAL_rival with
  version            of the engine
  count(file)        rows of the CSV, nothing kept
  load(file)         all columns into memory
  rows()             of what was loaded
  four()             the four analyses, into memory
  answers()          what they found, as a dictionary (README.md says what each is)
  edges()            an iterable of (caller, callee, kind, calls, p50, p99)
JOB is count, load (then counts what it loaded) or four (load and the four analyses). With EDGES.tsv, the edges go there.

Prints one JSON object. Its clocks run from after the import of the engine until the answer lies in its memory: neither
Python's start nor handing over the answer counts against it. MIT.
"""

import importlib
import json
import resource
import sys
import time


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def known(name):
    """A name, or nothing where it is missing: engines read an empty field as they like."""
    return "" if name in (None, "(?)") else name


def main(name, file, job, edges_file=None):
    module = importlib.import_module(f"{name}_rival")
    wall, cpu = time.perf_counter(), cpu_seconds()
    rival = module.Rival(threads=2)
    result = {}
    if job == "count":
        result["rows"] = rival.count(file)
    else:
        rival.load(file)
        result["rows"] = rival.rows()
        if job == "four":
            rival.four()
    result.update(version=rival.version, seconds=time.perf_counter() - wall, cpu_seconds=cpu_seconds() - cpu)
    if job == "four":
        result.update(rival.answers())
        if edges_file:
            with open(edges_file, "w", encoding="utf-8") as out:
                lines = [(known(a), known(b), kind, n, float(p50), float(p99)) for a, b, kind, n, p50, p99 in rival.edges()]
                for line in sorted(lines):
                    print(*line, sep="\t", file=out)
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
