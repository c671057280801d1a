"""DuckDB: a table in memory, SQL. Types are found by its sniffer, which cost nothing measurable; insertion order is not
kept, which loads faster."""

import duckdb

CALLS = """
CREATE TABLE calls AS
SELECT traceid, um, dm, rpctype, CASE WHEN max(rt) > 0 THEN max(rt) ELSE -min(rt) END AS latency
FROM rows GROUP BY traceid, rpcid, um, dm, rpctype, interface
"""

# Names of services in calls, with their trace.
NAMES = """
(SELECT traceid, um AS service FROM calls WHERE um <> '(?)'
 UNION ALL SELECT traceid, dm FROM calls WHERE dm <> '(?)')
"""

FOUR = {
    "kinds": "SELECT rpctype AS kind, count(*) AS calls FROM calls GROUP BY rpctype",
    "distinct_": f"""
SELECT (SELECT count(DISTINCT service) FROM {NAMES}) AS services,
       (SELECT count(*) FROM (SELECT DISTINCT um, dm FROM calls WHERE um <> '(?)' AND dm <> '(?)')) AS edges
""",
    "edges": """
SELECT um, dm, rpctype, count(*) AS calls, quantile_disc(latency, 0.5) AS p50, quantile_disc(latency, 0.99) AS p99
FROM calls GROUP BY um, dm, rpctype
""",
    "sizes": f"""
SELECT count(*) AS traces, sum(calls)::BIGINT AS calls,
       avg(calls) AS calls_mean, quantile_disc(calls, 0.5) AS calls_p50, quantile_disc(calls, 0.99) AS calls_p99,
       avg(services) AS services_mean, quantile_disc(services, 0.5) AS services_p50,
       quantile_disc(services, 0.99) AS services_p99
FROM (SELECT traceid, count(*) AS calls FROM calls GROUP BY traceid)
JOIN (SELECT traceid, count(DISTINCT service) AS services FROM {NAMES} GROUP BY traceid) USING (traceid)
""",
}


class Rival:
    version = duckdb.__version__

    def __init__(self, threads):
        self.db = duckdb.connect(config={"threads": threads})
        self.db.execute("SET preserve_insertion_order=false")

    def count(self, file):
        return self._row(f"SELECT count(*) FROM read_csv('{file}', header=true)")[0]

    def load(self, file):
        self.db.execute(f"CREATE TABLE rows AS SELECT * FROM read_csv('{file}', header=true)")

    def rows(self):
        return self._row("SELECT count(*) FROM rows")[0]

    def four(self):
        self.db.execute(CALLS)
        for name, query in FOUR.items():
            self.db.execute(f"CREATE TABLE {name} AS {query}")

    def answers(self):
        services, edges = self._row("SELECT * FROM distinct_")
        names = [column[0] for column in self.db.execute("SELECT * FROM sizes").description]
        return {
            "kinds": dict(self.db.execute("SELECT * FROM kinds").fetchall()),
            "services": services,
            "edges": edges,
            **dict(zip(names, self._row("SELECT * FROM sizes"))),
        }

    def edges(self):
        return self.db.execute("SELECT * FROM edges").fetchall()

    def _row(self, query):
        return self.db.execute(query).fetchone()
