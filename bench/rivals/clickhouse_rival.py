"""ClickHouse in the process (chdb): a Memory table, SQL. With LowCardinality names both loading (2.2 times the processor time)
and the analyses (1.6 times) were slower."""

import json

import chdb

COLUMNS = "traceid String, timestamp Int64, rpcid String, um String, rpctype String, dm String, interface String, rt Int64"

CALLS = """
CREATE TABLE calls ENGINE = Memory AS
SELECT traceid, um, dm, rpctype, if(max(rt) > 0, max(rt), -min(rt)) AS latency
FROM rows GROUP BY traceid, rpcid, um, dm, rpctype, interface
"""

# Names of services in calls, with their trace.
NAMES = "(SELECT traceid, arrayJoin([um, dm]) AS service FROM calls WHERE service NOT IN ('', '(?)'))"

FOUR = {
    "kinds": "SELECT rpctype AS kind, count() AS calls FROM calls GROUP BY rpctype",
    "distinct_": f"""
SELECT (SELECT uniqExact(service) FROM {NAMES}) AS services,
       (SELECT uniqExact(um, dm) FROM calls WHERE um NOT IN ('', '(?)') AND dm NOT IN ('', '(?)')) AS edges
""",
    "edges": """
SELECT um, dm, rpctype, count() AS calls,
       quantileExactWeighted(0.5)(latency, 1) AS p50, quantileExactWeighted(0.99)(latency, 1) AS p99
FROM calls GROUP BY um, dm, rpctype
""",
    "sizes": f"""
SELECT count() AS traces, sum(calls) AS calls_,
       avg(calls) AS calls_mean,
       quantileExactWeighted(0.5)(calls, 1) AS calls_p50, quantileExactWeighted(0.99)(calls, 1) AS calls_p99,
       avg(services) AS services_mean,
       quantileExactWeighted(0.5)(services, 1) AS services_p50, quantileExactWeighted(0.99)(services, 1) AS services_p99
FROM (SELECT traceid, count() AS calls FROM calls GROUP BY traceid) AS c
JOIN (SELECT traceid, uniqExact(service) AS services FROM {NAMES} GROUP BY traceid) AS s USING (traceid)
""",
}


class Rival:
    def __init__(self, threads):
        self.db = chdb.connect(":memory:")
        for setting in ("max_threads", "max_insert_threads", "max_parsing_threads"):
            self._run(f"SET {setting} = {threads}")
        self.version = self._rows("SELECT version()")[0][0]

    def count(self, file):
        return int(self._rows(f"SELECT count() FROM {self._csv(file)}")[0][0])

    def load(self, file):
        self._run(f"CREATE TABLE rows ENGINE = Memory AS SELECT * FROM {self._csv(file)}")

    def rows(self):
        return int(self._rows("SELECT count() FROM rows")[0][0])

    def four(self):
        self._run(CALLS)
        for name, query in FOUR.items():
            self._run(f"CREATE TABLE {name} ENGINE = Memory AS {query}")

    def answers(self):
        services, edges = self._rows("SELECT * FROM distinct_")[0]
        sizes = json.loads(str(self.db.query("SELECT * FROM sizes", "JSONEachRow")))
        sizes["calls"] = sizes.pop("calls_")
        return {
            "kinds": {kind: int(calls) for kind, calls in self._rows("SELECT * FROM kinds")},
            "services": int(services),
            "edges": int(edges),
            **{name: float(value) for name, value in sizes.items()},
        }

    def edges(self):
        for caller, callee, kind, calls, p50, p99 in self._rows("SELECT * FROM edges"):
            yield caller, callee, kind, int(calls), float(p50), float(p99)

    @staticmethod
    def _csv(file):
        return f"file('{file}', 'CSVWithNames', '{COLUMNS}')"

    def _run(self, statement):
        self.db.query(statement)

    def _rows(self, query):
        return [line.split("\t") for line in str(self.db.query(query, "TSV")).splitlines()]
