#!/usr/bin/env python3
"""sdk_sender.py URL TRUTH.json [TRACES]: some hundred traces from the real OpenTelemetry SDK to the OTLP/HTTP endpoint URL, and what they are as JSON.

Four services in this process, each with its own resource and exporter as if it were alone, and one (`archive`) in a process of its own, which gets
its parents as W3C traceparent on stdin. All times are given, so that two runs differ in their ids only. In them: every kind of span and
type of attribute, clients without servers (a database), a queue whose consumer goes on in the same trace or in one of its own with a link, a span that ends after
its root, exceptions and errors, names in several scripts, nanoseconds.

TRUTH.json: a list of spans; ids as hex, times in ns, attributes as {name: value}. It is written from what this program asked for, not from what the SDK holds.
"""
import json, math, subprocess, sys

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

BEGIN = 1_700_000_000_000_000_000
SERVICES = {
    "gateway": {"service.instance.id": "gateway-1", "k8s.cluster.name": "north", "replica": 1},
    "cart": {"k8s.pod.name": "cart-7f", "host.name": "node-2", "k8s.cluster.name": "north", "tags": ["a", "b"]},
    "Lager-Größe 倉庫": {"service.instance.id": "倉庫-1", "share": 0.25, "edge": False},
    "worker": {"container.id": "cafe01", "service.version": "2"},
    "archive": {"host.name": "node-9"},
}
KINDS = {SpanKind.INTERNAL: 1, SpanKind.SERVER: 2, SpanKind.CLIENT: 3, SpanKind.PRODUCER: 4, SpanKind.CONSUMER: 5}
ALL_TYPES = {
    "text": "a \"b\" \\ \t é 倉 \U0001f680", "empty": "", "yes": True, "no": False, "zero": 0, "minus": -7, "big": 2**53 + 1, "least": -(2**63), "most": 2**63 - 1,
    "tenth": 0.1, "huge": 1e300, "tiny": 5e-324, "whole": 3.0, "texts": ["x", "", "倉"], "flags": [True, False], "numbers": [1, -2, 2**60], "doubles": [0.5, -0.25], "none": [],
}


class Services:
    def __init__(self, url, names):
        self.spans, self.providers, self.tracers = [], [], {}
        for name in names:
            provider = TracerProvider(resource=Resource({"service.name": name, **SERVICES[name]}))
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url), max_queue_size=100_000, max_export_batch_size=256))
            self.providers.append(provider)
            self.tracers[name] = provider.get_tracer("made." + name.split()[0].lower(), "1.2")

    def span(self, service, name, kind, start, length, parent=None, context=None, attributes=None, links=(), events=(), status=(0, "")):
        """A span from BEGIN + start on, `length` long (ns); its parent a span of this process or a propagated context."""
        if parent is not None:
            context = trace.set_span_in_context(parent)
        begin = BEGIN + start
        made = self.tracers[service].start_span(name, context=context if context is not None else Context(), kind=kind, attributes=attributes,
                                                links=[Link(other.get_span_context(), extra) for other, extra in links], start_time=begin)
        above = trace.get_current_span(context).get_span_context() if context is not None else None
        for event, at, extra in events:
            made.add_event(event, extra, timestamp=begin + at)
        if status[0]:
            made.set_status(Status(StatusCode(status[0]), status[1] or None))
        made.end(end_time=begin + length)
        ids = made.get_span_context()
        self.spans.append({
            "trace": f"{ids.trace_id:032x}", "span": f"{ids.span_id:016x}", "parent": f"{above.span_id:016x}" if above else "", "service": service, "name": name,
            "kind": KINDS[kind], "start": begin, "duration": length, "status": status[0], "message": status[1], "attributes": attributes or {},
            "resource": SERVICES[service], "scope": "made." + service.split()[0].lower(), "events": [[n, begin + at, extra] for n, at, extra in events],
            "links": [[f"{o.get_span_context().trace_id:032x}", f"{o.get_span_context().span_id:016x}", extra] for o, extra in links]})  # fmt: skip
        return made

    def shutdown(self):
        for provider in self.providers:
            assert provider.force_flush(60_000)
            provider.shutdown()


def carried(span):
    """The context that goes over the wire: W3C traceparent."""
    headers = {}
    TraceContextTextMapPropagator().inject(headers, trace.set_span_in_context(span))
    return headers


def received(headers):
    return TraceContextTextMapPropagator().extract(headers)


def one_trace(made, i, archive):
    ms = 1_000_000
    at = i * 7 * ms + i * 137  # not whole microseconds
    failed, long_ = i % 10 == 0, (20 + i % 13) * ms + i
    root = made.span("gateway", "GET /cart/{id}", SpanKind.SERVER, at, long_, attributes={"http.request.method": "GET", "http.response.status_code": 500 if failed else 200},
                     status=(2, "cart failed") if failed else (1, "") if i % 10 == 1 else (0, ""))
    call = made.span("gateway", "cart/Get", SpanKind.CLIENT, at + ms, 9 * ms + 11, parent=root, attributes={"rpc.system": "grpc", "rpc.service": "cart", "rpc.method": "Get"})
    crash = [("exception", 3 * ms, {"exception.type": "ValueError", "exception.message": "no such cart: é"})] if failed else []
    server = made.span("cart", "cart/Get", SpanKind.SERVER, at + ms + 200_001, 8 * ms, context=received(carried(call)), attributes={"rpc.system": "grpc"}, events=crash,
                       status=(2, "no such cart: é") if failed else (0, ""))
    made.span("cart", "compute", SpanKind.INTERNAL, at + 2 * ms, ms + 999, parent=server, attributes=ALL_TYPES if i % 25 == 0 else {"i": i},
              events=[("started", 0, {}), ("倉 half", 500_000, {"share": 0.5, "n": i})] if i % 5 == 0 else [])
    made.span("cart", "SELECT carts", SpanKind.CLIENT, at + 4 * ms, 3 * ms, parent=server,
              attributes={"db.system.name": "postgresql", "db.namespace": "carts", "server.address": "db.example", "server.port": 5432})
    if i % 2:
        stock = made.span("gateway", "Größe/prüfen", SpanKind.CLIENT, at + 2 * ms, 7 * ms, parent=root, attributes={"http.request.method": "POST"})
        made.span("Lager-Größe 倉庫", "Größe/prüfen", SpanKind.SERVER, at + 2 * ms + 300_000, 6 * ms, context=received(carried(stock)), attributes={"ok": True})
    if i % 3 == 0:
        queue = {"messaging.system": "kafka", "messaging.destination.name": "orders"}
        sent = made.span("gateway", "orders send", SpanKind.PRODUCER, at + 11 * ms, 2 * ms, parent=root, attributes=queue)
        if i % 6 == 0:  # in a trace of its own, linked
            made.span("worker", "orders process", SpanKind.CONSUMER, at + 60 * ms, 5 * ms, attributes=queue, links=[(sent, {"messaging.message.id": f"m{i}", "n": i})])
        else:  # the same trace, after its root has ended
            made.span("worker", "orders process", SpanKind.CONSUMER, at + 60 * ms, 5 * ms, context=received(carried(sent)), attributes=queue)
    if i % 4 == 0:
        away = made.span("gateway", "archive/Put", SpanKind.CLIENT, at + 14 * ms, 4 * ms, parent=root)
        archive.append({"headers": carried(away), "at": at + 15 * ms})


def main(url, file, traces):
    made, archive = Services(url, [name for name in SERVICES if name != "archive"]), []
    for i in range(traces):
        one_trace(made, i, archive)
    child = subprocess.run([sys.executable, __file__, "--archive", url], input=json.dumps(archive), capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    made.shutdown()
    spans = made.spans + json.loads(child.stdout)
    assert not any(isinstance(v, float) and math.isnan(v) for s in spans for v in s["attributes"].values())
    with open(file, "w", encoding="utf-8") as out:
        json.dump(spans, out)


def archive_process(url):
    made = Services(url, ["archive"])
    for n, put in enumerate(json.load(sys.stdin)):
        made.span("archive", "archive/Put", SpanKind.SERVER, put["at"], 2_000_003, context=received(put["headers"]), attributes={"n": n})
    made.shutdown()
    json.dump(made.spans, sys.stdout)


if sys.argv[1] == "--archive":
    archive_process(sys.argv[2])
else:
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 300)
