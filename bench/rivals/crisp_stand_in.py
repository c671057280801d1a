#!/usr/bin/env python3
"""crisp_stand_in.py -s SERVICE -a OPERATION -i FOLDER [--lightMode] [--parallelism N] [--clocks]: where CRISP cannot be had, what it does in
its light mode, by its rules, in plain Python. Or crisp_stand_in.py --cases FOLDER: do its own test cases come out as they say?

CRISP (Uber; Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC'22) is not on PyPI.
Its rules, by its paper and its CONFORMANCE.md: the first request of the operation is the root; children are cut to their parent's
time, or dropped where they lie outside of it; of the children the one that ends last is on the path, then each that ends before the
last one taken began, or overlaps it by less than 1 % of the parent with no other child's start or end in between; what a span took
without its children on the path is its own. None of its code is here. It does less work than CRISP: no protobuf, dot, drag or examples.

--clocks is no rule of CRISP's: see cut(). FOLDER: one Jaeger trace a file. Writes FOLDER/light-flame-graph-P100.cct as CRISP does: `[service] operation;...` from the root
down, own time in us summed over the traces, and how many traces. MIT.
"""

import argparse
import collections
import json
import multiprocessing
import pathlib
import sys

sys.setrecursionlimit(100_000)
OVERLAP = 0.01  # of the parent's duration


class Span:
    __slots__ = ("name", "start", "end", "parent", "kind", "children")

    def __init__(self, name, start, duration, parent, kind):
        self.name, self.start, self.end, self.parent, self.kind, self.children = name, start, start + duration, parent, kind, []


def roots_of(document, service, operation):
    """The spans of the operation that nothing of the same operation is above; all cut to their parents' times."""
    spans = {}
    for trace in document["data"]:
        names = {key: process["serviceName"] for key, process in trace["processes"].items()}
        for s in trace["spans"]:
            parent = None
            for reference in s["references"]:
                if reference["refType"] == "CHILD_OF":
                    parent = reference["spanID"]
            kind = next((tag["value"] for tag in s.get("tags", ()) if tag["key"] == "span.kind"), "")
            spans[s["spanID"]] = Span(f"[{names[s['processID']]}] {s['operationName']}", s["startTime"], s["duration"], parent, kind)
    for span in spans.values():
        if span.parent in spans:
            spans[span.parent].children.append(span)
    wanted = f"[{service}] {operation}"

    def first_below(span):
        if wanted in ("[] ", span.name):
            return [span]
        return [found for child in span.children for found in first_below(child)]

    return [found for span in spans.values() if span.parent not in spans for found in first_below(span)]


def cut(span, clocks, moved=0):
    """`clocks`: before that a server's half of a call that lies outside of its client's is moved by as little as makes it fit, with
    all below it (as Plumbago reads the path, and CRISP does not); `moved`: how far what is above has been."""
    kept = []
    for child in span.children:
        shift = moved
        child.start, child.end = child.start + moved, child.end + moved
        if clocks and child.kind == "server" and span.kind == "client":
            more = 0
            if child.start < span.start:
                more = span.start - child.start
            elif child.start >= span.end and child.end > child.start:
                more = max(span.start - child.start, span.end - child.end)
            child.start, child.end, shift = child.start + more, child.end + more, shift + more
        inside = span.start <= child.start and child.end <= span.end
        if inside or child.start < span.start < child.end <= span.end or span.start <= child.start < span.end < child.end:
            child.start, child.end = max(child.start, span.start), min(child.end, span.end)
            cut(child, clocks, shift)
            kept.append(child)
    span.children = kept


def happens_before(parent, children, before, later):
    if before.end < later.start:
        return True
    if not (before.end < later.end and before.start < later.start):
        return False
    if (before.end - later.start) / (parent.end - parent.start) >= OVERLAP:
        return False
    return sum((later.start <= c.start <= before.end) + (later.start <= c.end <= before.end) for c in children) == 2


def path_below(span, above, sums):
    """Adds own times by call path."""
    path = f"{above};{span.name}" if above else span.name
    own = span.end - span.start
    last = None
    for child in sorted(span.children, key=lambda c: c.end)[::-1]:
        if last is None or happens_before(span, span.children, child, last):
            own -= child.end - child.start
            path_below(child, path, sums)
            last = child
    sums[path] += own


def analyse(job):
    file, service, operation, clocks = job
    sums = collections.Counter()
    for root in roots_of(json.loads(pathlib.Path(file).read_bytes()), service, operation):
        cut(root, clocks)
        path_below(root, "", sums)
    return sums


def by_operation(lines):
    """Own time in us of each `[service] operation` of a .cct file."""
    own = collections.Counter()
    for line in lines:
        path, time, _ = line.rsplit(" ", 2)
        own[path.split(";")[-1]] += int(time)
    return own


def main(options):
    jobs = [(str(file), options.service, options.operation, options.clocks) for file in sorted(pathlib.Path(options.folder).glob("*.json"))]
    times, traces = collections.Counter(), collections.Counter()
    with multiprocessing.Pool(options.parallelism) as pool:
        for sums in pool.imap_unordered(analyse, jobs, chunksize=64):
            times.update(sums)
            traces.update(sums.keys())
    lines = sorted(f"{path} {time} <<{traces[path]}>>" for path, time in times.items())
    pathlib.Path(options.folder, "light-flame-graph-P100.cct").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def check_cases(folder):
    """Own time of each operation is what the cases' `testing` member says."""
    checked = 0
    for file in sorted(pathlib.Path(folder).glob("**/*.json")):
        document = json.loads(file.read_bytes())
        wanted = document.get("testing", {})
        wanted = wanted[0] if isinstance(wanted, list) and wanted else wanted
        wanted = wanted.get("opTimeExclusive", wanted if all(key.startswith("[") for key in wanted) else None)
        if not wanted:
            continue
        got = collections.Counter()
        for path, time in analyse((file, "", "", False)).items():
            got[path.split(";")[-1]] += time
        wanted, got = ({k: v for k, v in times.items() if v} for times in (wanted, got))
        if wanted != got:
            sys.exit(f"{file.name}: {got}, its answer is {wanted}")
        checked += 1
    print(checked)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", dest="service", default="")
    parser.add_argument("-a", dest="operation", default="")
    parser.add_argument("-i", dest="folder")
    parser.add_argument("--parallelism", type=int, default=1)
    parser.add_argument("--lightMode", action="store_true")
    parser.add_argument("--clocks", action="store_true")
    parser.add_argument("--cases")
    arguments = parser.parse_args()
    check_cases(arguments.cases) if arguments.cases else main(arguments)
