"""Polars: a data frame in memory; its streaming engine for what comes after, as the other takes 1.5 times the time."""

import os

os.environ["POLARS_MAX_THREADS"] = "2"  # before the import, which starts them

import polars as pl  # noqa: E402

QUANTILES = {"p50": 0.5, "p99": 0.99}


def quantiles(column, prefix=""):
    return [pl.col(column).quantile(q, interpolation="equiprobable").alias(prefix + name) for name, q in QUANTILES.items()]


class Rival:
    version = pl.__version__

    def __init__(self, threads):
        if pl.thread_pool_size() != threads:
            raise SystemExit(f"polars took {pl.thread_pool_size()} threads, not {threads}")

    def count(self, file):
        return pl.scan_csv(file).select(pl.len()).collect(engine="streaming").item()

    def load(self, file):
        self.frame = pl.read_csv(file)

    def rows(self):
        return self.frame.height

    def four(self):
        latest, earliest = pl.col("rt").max(), pl.col("rt").min()
        calls = (
            self.frame.lazy()
            .group_by("traceid", "rpcid", "um", "dm", "rpctype", "interface")
            .agg(pl.when(latest > 0).then(latest).otherwise(-earliest).alias("latency"))
            .select("traceid", "um", "dm", "rpctype", "latency")
            .collect(engine="streaming")
            .lazy()
        )
        names = pl.concat(
            [calls.select("traceid", pl.col(side).alias("service")).filter(pl.col("service") != "(?)") for side in ("um", "dm")]
        )
        known = calls.filter(pl.col("um") != "(?)", pl.col("dm") != "(?)")
        sizes = (
            calls.group_by("traceid")
            .agg(pl.len().alias("calls"))
            .join(names.unique().group_by("traceid").agg(pl.len().alias("services")), on="traceid")
        )
        self.kinds, self.services, self.pairs, self.table, self.sizes = pl.collect_all(
            [
                calls.group_by("rpctype").agg(pl.len().alias("calls")),
                names.select(pl.col("service").n_unique()),
                known.select("um", "dm").unique().select(pl.len()),
                calls.group_by("um", "dm", "rpctype").agg(pl.len().alias("calls"), *quantiles("latency")),
                sizes.select(
                    pl.len().alias("traces"),
                    pl.col("calls").sum().alias("calls"),
                    pl.col("calls").mean().alias("calls_mean"),
                    *quantiles("calls", "calls_"),
                    pl.col("services").mean().alias("services_mean"),
                    *quantiles("services", "services_"),
                ),
            ],
            engine="streaming",
        )

    def answers(self):
        return {
            "kinds": dict(self.kinds.iter_rows()),
            "services": self.services.item(),
            "edges": self.pairs.item(),
            **self.sizes.row(0, named=True),
        }

    def edges(self):
        return self.table.iter_rows()
