#!/usr/bin/env python3
"""keep_alive_reference.py VECTORS.csv: keep-alive policies over a day of functions, event by event, in plain Python.

The rules of docs/design/0019-functions.md: fixed windows, no unloading, the hybrid histogram policy without forecasts; what
simulators of this kind (pandas and Python loops) do. Prints {"seconds", "cpu_seconds", "policies": [{"name", "cold_starts",
"waste_percent"}]}; the clock starts when the table is in memory. MIT.
"""

import json
import sys
import time

END = 86400.0


def arrivals(path):
    with open(path, encoding="ascii") as lines:
        next(lines)
        for line in lines:
            _, weight, *counts = line.rstrip("\n").split(",")
            times = []
            for minute, text in enumerate(counts):
                count = int(text)
                times.extend(60 * minute + 60 * i / count for i in range(count))
            yield int(weight), times


def fixed(times, window):
    cold, idle, last = 1, 0.0, times[0]
    for at in times[1:]:
        gap = at - last
        if gap > window:
            cold += 1
            idle += window
        else:
            idle += gap
        last = at
    return cold, idle + min(window, END - last)


def decide(bins, within, squares, beyond, low, high, margin, cv, prewarm):
    size = len(bins)
    if within == 0 or beyond > within or squares * size < (1 + cv * cv) * within * within:  # exact
        return 0.0, size * 60.0
    below, head = 0, None
    for at, count in enumerate(bins):
        below += count
        if head is None and count and below * 100 >= low * within:
            head = at
        if count and below * 100 >= high * within:
            tail = at + 1
            break
    return ((100 - margin) * 60 * head / 100 if prewarm else 0.0), (100 + margin) * 60 * tail / 100


def hybrid(times, size, low=5, high=99, margin=10, cv=2, prewarm=True):
    bins, within, squares, beyond = [0] * size, 0, 0, 0
    cold, idle, last = 1, 0.0, times[0]
    begin, end = 0.0, size * 60.0
    for at in times[1:]:
        gap = at - last
        if not begin <= gap <= end:
            cold += 1
        idle += max(0.0, min(gap, end) - begin)
        place = int(gap // 60)
        if place < size:
            squares += 2 * bins[place] + 1
            bins[place] += 1
            within += 1
        else:
            beyond += 1
        begin, end = decide(bins, within, squares, beyond, low, high, margin, cv, prewarm)
        last = at
    return cold, idle + max(0.0, min(END - last, end) - begin)


POLICIES = {f"fixed:{m}m": lambda t, m=m: fixed(t, 60 * m) for m in (5, 10, 20, 30, 45, 60, 90, 120)}
POLICIES["no-unload"] = lambda t: fixed(t, float("inf"))
POLICIES |= {f"hybrid:{h}h:no-arima": lambda t, h=h: hybrid(t, 60 * h) for h in (1, 2, 3, 4)}
POLICIES |= {
    "hybrid:4h:no-arima:cut=0-100:margin=0": lambda t: hybrid(t, 240, 0, 100, 0),
    "hybrid:4h:no-arima:no-prewarm": lambda t: hybrid(t, 240, prewarm=False),
    "hybrid:4h:no-arima:cv=0": lambda t: hybrid(t, 240, cv=0),
    "hybrid:4h:no-arima:cv=5": lambda t: hybrid(t, 240, cv=5),
}


def main():
    functions = list(arrivals(sys.argv[1]))
    wall, cpu = time.perf_counter(), time.process_time()
    results = {}
    for name, policy in POLICIES.items():
        cold, idle = 0, 0.0
        for weight, times in functions:
            one = policy(times)
            cold += weight * one[0]
            idle += weight * one[1]
        results[name] = (cold, idle)
    usual = results["fixed:10m"][1]
    print(json.dumps({
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "policies": [{"name": name, "cold_starts": cold, "waste_percent": 100 * idle / usual}
                     for name, (cold, idle) in results.items()],
    }))


main()
