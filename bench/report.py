#!/usr/bin/env python3
"""report.py FOLDER: the report of a run of the bench as Markdown: the bars and what was measured, then every contestant.

FOLDER holds times.tsv (round, name, wall s, CPU s, peak kB, CPU s of the whole process), missing.tsv (name, reason), run.json
and checks.txt. A ratio of two contestants is the median over the rounds of the ratio within a round. MIT.
"""

import json
import pathlib
import statistics
import sys
from collections import defaultdict

TITLES = {
    "plain": "`analyze --json`, repair and all analyses, time order",
    "trace-order": "the same, trace order",
    "gz-many": "the same, 8 .gz",
    "gz-one": "the same, one .gz",
    "zstd": "the same, one .zst of several frames",
    "memory": "the same, `--memory 256M`",
    "merge": "`merge` of 100 states of 1 % each",
    "fixed": "`analyze --json`, 2,000 rows",
    "generate": "`generate traces` to /dev/null",
    "wc": "`wc -l`",
}
SPAN_TITLES = {
    "spans-jaeger": "`analyze --json`, all analyses, Jaeger's JSON in lines",
    "spans-otlp-json": "the same, OTLP JSON",
    "spans-otlp-proto": "the same, OTLP protobuf",
    "spans-parquet": "the same, flat Parquet",
    "spans-tempo": "the same, Tempo's blocks",
    "columns-otlp-proto": "OTLP protobuf into columns, one thread",
    "columns-otlp-json": "OTLP JSON into columns, one thread",
    "path": "merged critical path of 1 M spans in memory, one thread",
}
FUNCTION_TITLES = {
    "functions-read": "reading all tables",
    "functions-windows": "eight fixed windows, one after the other",
    "functions-no-unload": "no unloading",
    "functions-hybrid:4h:no-arima": "hybrid of 4 h, without forecasts",
    "functions-ours": "ours",
    "functions-b0": "bound B0",
    "functions-b1": "bound B1",
    "functions-b2": "bound B2",
    "functions-release": "the whole command",
    "functions-duckdb": "DuckDB: the tables loaded, invocations counted",
}
CRISP_TITLES = {
    "path-job": "`analyze --json --only critical-path`",
    "crisp-job": "CRISP, `--lightMode --parallelism 2`",
}
JOBS = {
    "count": "`count(*)` of the CSV",
    "load": "load into memory, count",
    "four": "load, four of the analyses",
    "count-gz": "`count(*)` of the .gz",
}
RIVALS = {"duckdb": "DuckDB", "polars": "Polars", "clickhouse": "ClickHouse (chdb)"}
STAND_IN = "a program by CRISP's rules, which does less, on 2 processes"
NOT_WHOLE = {"merge", "fixed"}  # they do not read all rows, so a rate says nothing
BUSY = 0.05  # share of the machine that others may take before a run is to be doubted


class Run:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.facts = json.loads((folder / "run.json").read_text())
        self.missing = dict(line.split("\t", 1) for line in (folder / "missing.tsv").read_text().splitlines())
        self.left_out = self.missing.keys() - {"crisp"}  # the stand-in runs in its place
        self.checks = (folder / "checks.txt").read_text().splitlines()
        self.wall, self.cpu = defaultdict(lambda: defaultdict(list)), defaultdict(list)
        self.peak, self.spent = defaultdict(list), 0.0
        for line in (folder / "times.tsv").read_text().splitlines():
            turn, name, wall, cpu, kb, spent = line.split("\t")
            self.wall[name][int(turn)].append(float(wall))
            self.cpu[name].append(float(cpu))
            self.peak[name].append(int(kb) * 1024)
            self.spent += float(spent)
        tempo = folder / "spans-tempo.json"  # holds other spans than the files
        self.facts["spans_of"] = {"spans-tempo": json.loads(tempo.read_text())["input"]["rows"]} if tempo.exists() else {}
        self.versions = {
            name: json.loads(file.read_text())["version"]
            for name in RIVALS
            if name not in self.missing and (file := folder / f"{name}-load.json").exists()
        }

    def has(self, *names):
        return all(name in self.wall and name.split("-")[0] not in self.left_out for name in names)

    def seconds(self, name):
        return statistics.median(wall for turn in self.wall[name].values() for wall in turn)

    def ratio(self, name, base):
        """Of their times."""
        turns = self.wall[name].keys() & self.wall[base].keys()
        return statistics.median(
            statistics.median(self.wall[name][turn]) / statistics.median(self.wall[base][turn]) for turn in turns
        )

    def peak_ratio(self, name, base):
        return max(self.peak[name]) / max(self.peak[base])

    def others(self):
        """The share of the machine that went to what is not of the bench."""
        seconds = self.facts["rounds_wall"] * self.facts["cores"]
        return max(0.0, self.facts["busy_seconds"] - self.spent) / seconds


def bars(run):
    """(what, must, aim, unit, smaller is better, measured or None)"""
    rows = run.facts["rows"]

    def given(names, value):
        return value() if run.has(*names) else None

    return [
        ("plain, rows a second", 2.5, 5, " M", False, given(["plain"], lambda: rows / run.seconds("plain") / 1e6)),
        ("plain, time of DuckDB's bare load", 0.65, None, "", True,
         given(["plain", "duckdb-load"], lambda: run.ratio("plain", "duckdb-load"))),
        ("trace order, times plain's time", 1.5, 1.1, "", True,
         given(["plain", "trace-order"], lambda: run.ratio("trace-order", "plain"))),
        ("8 .gz, of plain's speed", 0.85, 0.95, "", False,
         given(["plain", "gz-many"], lambda: 1 / run.ratio("gz-many", "plain"))),
        ("one .gz, of plain's speed", 0.6, 0.9, "", False,
         given(["plain", "gz-one"], lambda: 1 / run.ratio("gz-one", "plain"))),
        ("peak memory, of DuckDB's load", 0.5, 0.125, "", True,
         given(["plain", "duckdb-load"], lambda: run.peak_ratio("plain", "duckdb-load"))),
        ("merge of 100 states", 2, 0.2, " s", True, given(["merge"], lambda: run.seconds("merge"))),
        ("fixed cost, 2,000 rows", 60, 20, " ms", True, given(["fixed"], lambda: 1000 * run.seconds("fixed"))),
        ("peak memory of `--memory 256M`", 512, None, " MiB", True,
         given(["memory"], lambda: max(run.peak["memory"]) / 2**20)),
        ("the state, all traces closed, of the input's bytes", 2, None, " %", True,
         given(["merge"], lambda: 100 * run.facts["state_bytes"] / run.facts["bytes"])),
    ]  # fmt: skip


def span_bars(run):
    def given(name, value):
        return value(name) if run.has(name) else None

    def rate(name):
        return run.facts["spans_of"].get(name, run.facts["spans"]) / run.seconds(name) / 1e6

    return [
        ("Jaeger JSON to full report, spans a second", 1.5, 3, " M", False, given("spans-jaeger", rate)),
        ("OTLP protobuf into columns, one core", 5, 10, " M", False, given("columns-otlp-proto", rate)),
        ("OTLP JSON into columns, one core", 1.5, 3, " M", False, given("columns-otlp-json", rate)),
        ("flat Parquet to full report", 1.5, 3, " M", False, given("spans-parquet", rate)),
        ("Tempo's blocks to full report", 1.5, 3, " M", False, given("spans-tempo", rate)),
        ("merged critical path of 1 M spans, in memory", 0.7, 0.2, " s", True, given("path", run.seconds)),
    ]


def function_bars(run):
    def given(name, value=None):
        return (value or run.seconds)(name) if run.has(name) else None

    def rate(name):
        return run.facts["function_bytes"] / run.seconds(name) / 1e9

    return [
        ("17 policies over a real day, 829,095 events", 0.07, None, " s", True, given("functions-17-rows")),
        ("loading the tables", 1, 2, " GB/s", False, given("functions-read", rate)),
        ("fixed windows together", 4, 2, " s", True, given("functions-windows")),
        ("no unloading", 5, 2, " s", True, given("functions-no-unload")),
        ("hybrid of 4 h, without forecasts", 5, 2, " s", True, given("functions-hybrid:4h:no-arima")),
        ("ours", 5, 2, " s", True, given("functions-ours")),
        ("the best static set in hindsight (B2)", 5, 2, " s", True, given("functions-b2")),
        ("peak memory", 2, None, " GB", True, given("functions-release", lambda name: max(run.peak[name]) / 1e9)),
    ]


def verdict(measured, must, aim, smaller):
    def reached(bar):
        return measured <= bar if smaller else measured >= bar

    if measured is None:
        return "not measured"
    if not reached(must):
        return "**missed**"
    return "aim met" if aim is not None and reached(aim) else "met"


def print_bars(rows):
    print("| bar | must | aim | measured | verdict |")
    print("| --- | ---: | ---: | ---: | --- |")
    for what, must, aim, unit, smaller, measured in rows:
        def shown(value):
            return "" if value is None else f"{value:.3g}{unit}"

        print(f"| {what} | {'<=' if smaller else '>='} {shown(must)} | {shown(aim)} | {shown(measured)} | "
              f"{verdict(measured, must, aim, smaller)} |")  # fmt: skip


def print_contestants(run):
    rows, size = run.facts["rows"], run.facts["bytes"]
    titles = {f"{rival}-{job}": f"{RIVALS[rival]}: {what}" for rival in RIVALS for job, what in JOBS.items()}
    print("| what | seconds | CPU s | M rows/s | MB/s | peak MB | times plain's time |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, title in (TITLES | titles).items():
        if not run.has(name):
            continue
        s = run.seconds(name)
        rates = "| |" if name in NOT_WHOLE else f"{rows / s / 1e6:.2f} | {size / s / 1e6:.0f} |"
        print(f"| {title} | {s:.3f} | {statistics.median(run.cpu[name]):.3f} | {rates} "
              f"{max(run.peak[name]) / 1e6:.0f} | {run.ratio(name, 'plain'):.2f} |")  # fmt: skip


def print_spans(run):
    facts = run.facts
    print(f"\n## Spans\n\n{facts['spans']} real spans of DeathStarBench's hotel reservation ({facts['span_bytes'] / 1e6:.0f} MB of Jaeger's JSON), "
          "the same as OTLP and Parquet.\n")  # fmt: skip
    print_bars(span_bars(run))
    print("\n| what | seconds | CPU s | M spans/s | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: |")

    def row(name, title, spans):
        s = run.seconds(name)
        print(f"| {title} | {s:.3f} | {statistics.median(run.cpu[name]):.3f} | {spans / s / 1e6:.3g} | {max(run.peak[name]) / 1e6:.0f} |")

    for name, title in SPAN_TITLES.items():
        if run.has(name):
            row(name, title, 1_000_000 if name == "path" else facts["spans_of"].get(name, facts["spans"]))
    if run.has("path-job", "crisp-job"):
        theirs = STAND_IN if "crisp" in run.missing else CRISP_TITLES["crisp-job"]
        print(f"\nBeside CRISP, {facts['crisp_spans']} of these spans, a file for each trace, one operation, merged by call path: "
              f"ours needs {1 / run.ratio('crisp-job', 'path-job'):.2g} of the time.\n")  # fmt: skip
        print("| what | seconds | CPU s | M spans/s | peak MB |")
        print("| --- | ---: | ---: | ---: | ---: |")
        row("path-job", CRISP_TITLES["path-job"], facts["crisp_spans"])
        row("crisp-job", theirs, facts["crisp_spans"])


def print_functions(run):
    facts = run.facts
    print(f"\n## Functions\n\n{facts['apps']} generated applications, 14 days ({facts['function_bytes'] / 1e9:.2f} GB of tables).\n")
    print_bars(function_bars(run))
    print("\n| what | seconds |")
    print("| --- | ---: |")
    for name, title in FUNCTION_TITLES.items():
        if run.has(name):
            print(f"| {title} | {run.seconds(name):.3f} |")
    if run.has("functions-17-rows"):
        faster = run.seconds("functions-reference") / run.seconds("functions-17-rows")
        print(f"\nThe same 17 policies in plain Python, event by event: {run.seconds('functions-reference'):.1f} s, {faster:.0f} times ours.")
    if run.has("functions-duckdb"):
        print(f"\nReading takes {run.ratio('functions-read', 'functions-duckdb'):.2g} of DuckDB's time.")


def print_calls(run):
    facts = run.facts
    print(f"{facts['rows']} generated rows ({facts['bytes'] / 1e6:.0f} MB, alibaba-2021, seed 1, 20,000 services).\n")
    print_bars(bars(run))
    print()
    print_contestants(run)


def main(folder):
    run = Run(folder)
    facts = run.facts
    print("# Last run of ./dev bench\n")
    print(f"{facts['rounds']} rounds, page cache warm; {facts['version']}. Ratios are medians of the ratios of each round, seconds medians, "
          "peaks the largest.")  # fmt: skip
    rivals = ", ".join(f"{RIVALS[name]} {version}" for name, version in run.versions.items())
    print(f"Machine: {facts['cores']} cores, {facts['processor']}. Rivals: {rivals or 'none'}, 2 threads each.\n")
    others = run.others()
    if others > BUSY:
        print(f"**The machine was busy: others took {others:.0%} of it during the rounds. Do not trust the times.**\n")
    else:
        print(f"Others took {others:.1%} of the machine during the rounds.\n")
    if "calls" in facts["parts"]:
        print_calls(run)
    if "spans" in facts["parts"] and "spans" not in run.missing:
        print_spans(run)
    if "functions" in facts["parts"]:
        print_functions(run)
    print("\n## The answers\n")
    for line in run.checks:
        print(f"- {line}")
    names = RIVALS | TITLES | SPAN_TITLES | {"crisp": "CRISP"}
    for name, reason in run.missing.items():
        print(f"\n{names.get(name, name)} is not available: {reason}")


if __name__ == "__main__":
    main(sys.argv[1])
