#!/usr/bin/env python3
"""check.py FOLDER: are the answers of a run of the bench the same? Prints a line for each thing that was compared and is;
exits 1 at the first that is not.

Ours among each other: sections, completeness and traces, to the byte, however the rows came. Rivals among each other: all
answers, all edges. Ours against theirs: counts and sizes of traces are equal; latencies of an edge within the sketch's 1 %
and half a tick of the clock (1 ms), as ours are rounded to whole ticks. MIT.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True  # the checkout stays as it is
sys.path.insert(0, str(pathlib.Path(__file__).parent / "rivals"))
from crisp_stand_in import by_operation  # noqa: E402

KINDS = {"rpc": "rpc", "http": "http", "mq": "message", "mc": "cache", "db": "database", "userDefined": "other"}
SKETCH = 0.01
TICK_MS = 1
NS_A_MS = 1e6
VARIANTS = ["trace-order", "gz-many", "gz-one", "zstd", "memory", "merge"]
RIVALS = ["duckdb", "polars", "clickhouse"]


def same(what, ours, theirs):
    equal = abs(ours - theirs) <= 1e-9 * abs(ours) if isinstance(ours, float) else ours == theirs
    if not equal:
        sys.exit(f"{what}: {str(ours)[:200]} and {str(theirs)[:200]} differ")


def headlines(report, section):
    return {line["name"]: line["value"] for line in part(report, section)["headline"]}


def part(report, section):
    return next(s for s in report["sections"] if s["id"] == section)


def table(report, section, name):
    return next(t for t in part(report, section)["tables"] if t["id"] == name)["rows"]


def answers_of(report):
    """Those of our answers that the rivals give too, under their names."""
    scale, sizes = headlines(report, "scale"), headlines(report, "graph-size")
    of_trace = ["calls_mean", "calls_p50", "calls_p99", "services_mean", "services_p50", "services_p99"]
    return {
        "rows": report["input"]["rows"],
        "traces": report["traces"]["read"],
        **{name: scale[name] for name in ("calls", "services", "edges")},
        **{name: float(sizes[name]) for name in of_trace},
        "kinds": {row[0]: row[1] for row in table(report, "paradigms", "kinds") if row[1]},
    }


def edges_of(file):
    """A rival's edges between services that are both known: (caller, callee, our kind) to (calls, p50, p99) in ms."""
    edges = {}
    for line in file.read_text().splitlines():
        caller, callee, kind, calls, p50, p99 = line.split("\t")
        if caller and callee:
            edges[caller, callee, KINDS[kind]] = int(calls), float(p50), float(p99)
    return edges


def check_edges(report, theirs):
    ours = {}
    for caller, callee, kind, calls, p50, _, p99, *_ in table(report, "edges", "slowest_edges"):
        if caller != "(outside)" and callee != "(unknown)":
            ours[caller, callee, kind] = calls, p50 / NS_A_MS, p99 / NS_A_MS
    same("edges by kind", sorted(ours), sorted(theirs))
    off = 0
    for edge, (calls, *exact) in theirs.items():
        same(f"calls of {edge}", ours[edge][0], calls)
        for name, our, their in zip(("p50", "p99"), ours[edge][1:], exact):
            if abs(our - their) > SKETCH * their + TICK_MS / 2:
                sys.exit(f"{name} of {edge}: {our} ms, exactly {their} ms")
            off += our != their
    print(
        f"latency of {len(theirs)} edges by kind between known services: calls equal; of p50 and p99 "
        f"{off / (2 * len(theirs)):.2%} differ from the exact ones, all within 1 % and half a tick of the clock"
    )


def check_spans(folder, load):
    spans = load("run")["spans"]
    plain = load("spans-jaeger")
    same("spans that analyze used", plain["input"]["rows"], spans)
    formats = [name for name in ("otlp-json", "otlp-proto", "parquet") if (folder / f"spans-{name}.json").exists()]
    for name in formats:
        report = load(f"spans-{name}")
        for key in ("sections", "completeness", "traces"):
            same(f"{key} of {name} and jaeger", json.dumps(plain[key]), json.dumps(report[key]))
    print(f"spans: the same sections, completeness and traces, to the byte, from jaeger, {', '.join(formats)}")
    for name in ("otlp-json", "otlp-proto"):
        if (folder / f"columns-{name}.json").exists():
            columns = load(f"columns-{name}")
            same(f"rows of {name}, and damaged ones", [columns["rows"], columns["damaged"]], [spans, 0])

    # own time on the critical path, us, by "[service] operation"
    ours = {}
    for service, operation, *_, total, _, asynchronous in table(load("path-job"), "critical-path", "critical_path"):
        ours[f"[{service}] {operation}"] = (total + asynchronous) / 1000
    crisp, stand_in, clocks = (dict(by_operation((folder / f"{name}.cct").read_text().splitlines())) for name in ("crisp", "stand-in", "clocks"))
    missing = [line.split("\t")[0] for line in (folder / "missing.tsv").read_text().splitlines()]
    same("CRISP and the program by its rules", crisp, stand_in)
    same("whole time on the path, ours and CRISP's", sum(ours.values()), float(sum(crisp.values())))
    same("time on the path by operation, ours and by CRISP's rules with the clocks moved", ours, {k: float(v) for k, v in clocks.items()})
    who = "the program by CRISP's rules" if "crisp" in missing else "CRISP and the program by its rules"
    off = sum(abs(ours[name] - crisp.get(name, 0)) for name in ours) / 2 / sum(ours.values())
    print(
        f"critical path: ours and {who} ({(folder / 'crisp-cases.txt').read_text().strip()} of CRISP's own cases right) agree on the whole time, and to the "
        f"microsecond on each of {len(ours)} operations once servers' clocks are moved as ours are; without, {off:.1%} of the time is with other operations"
    )


def check_functions(folder, load):
    if (folder / "functions-day.json").exists():
        theirs = {one["name"]: one for one in load("functions-reference")["policies"]}
        ours = {one["name"]: one for one in load("functions-day")["policies"]}
        same("policies of ours and the reference", sorted(ours), sorted(theirs))
        for name, one in ours.items():
            same(f"cold starts of {name}", one["cold_starts"], theirs[name]["cold_starts"])
            same(f"waste of {name}", round(one["waste_percent"], 6), round(theirs[name]["waste_percent"], 6))
        print(f"ours and plain Python: the same cold starts and waste of {len(ours)} policies")
    if (folder / "functions-duckdb.json").exists():
        theirs, ours = load("functions-duckdb"), load("functions-release")["workload"]
        for key in ("rows", "invocations"):
            same(f"{key} of ours and DuckDB", ours[key], theirs[key])
        print(f"ours and DuckDB: {ours['rows']} rows, {ours['invocations']} invocations")


def main(folder):
    folder = pathlib.Path(folder)
    load = lambda name: json.loads((folder / f"{name}.json").read_text())  # noqa: E731
    if (folder / "functions-release.json").exists():
        check_functions(folder, load)
    if (folder / "spans-jaeger.json").exists():
        check_spans(folder, load)
    if not (folder / "plain.json").exists():
        return
    rows = load("run")["rows"]
    plain = load("plain")
    same("lines of the file", int((folder / "wc.txt").read_text().split()[0]) - 1, rows)
    same("rows that analyze used", plain["input"]["rows"], rows)

    variants = [name for name in VARIANTS if (folder / f"{name}.json").exists() and (folder / f"{name}.json").stat().st_size]
    for name in variants:
        report = load(name)
        for key in ("sections", "completeness", "traces"):
            same(f"{key} of {name} and plain", json.dumps(plain[key]), json.dumps(report[key]))
    print(f"ours: the same sections, completeness and traces, to the byte, from plain, {', '.join(variants)}")

    ours = answers_of(plain)
    missing = {line.split("\t")[0] for line in (folder / "missing.tsv").read_text().splitlines()}
    present = [name for name in RIVALS if name not in missing and (folder / f"{name}.edges").exists()]
    for rival in present:
        for job in ("count", "load", "four", "count-gz"):
            if (folder / f"{rival}-{job}.json").exists():
                same(f"rows of {rival} {job}", rows, load(f"{rival}-{job}")["rows"])
        theirs = load(f"{rival}-four")
        theirs["kinds"] = {KINDS[kind]: calls for kind, calls in theirs["kinds"].items()}
        for name, value in ours.items():
            same(f"{name} of ours and {rival}", value, theirs[name])
    if present:
        first, *others = [(folder / f"{rival}.edges").read_text() for rival in present]
        for rival, text in zip(present[1:], others):
            if text != first:
                sys.exit(f"the edges of {present[0]} and {rival} differ: {folder}/*.edges")
        same_counts = ", ".join(f"{ours[name]} {name}" for name in ("rows", "traces", "calls", "services", "edges"))
        print(f"ours and {', '.join(present)}: {same_counts}; calls of each kind; mean, median and p99 of a trace's calls and services")
        check_edges(load("edges"), edges_of(folder / f"{present[0]}.edges"))


if __name__ == "__main__":
    main(sys.argv[1])
