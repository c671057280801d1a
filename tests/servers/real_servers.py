"""Real Zipkin, Jaeger and OpenTelemetry Collector on the loopback, for the tests with the label `server`; and the program beside them.

Where they are: $PLUMBAGO_SERVERS, else `servers` in the build folder ($PLUMBAGO_BUILD_SERVERS; ./dev servers fills it). Each server runs on free ports in a folder
of its own and is ended by its own process id. With CI set, a folder that was named but lacks a part is a failure and no skip.
"""
import contextlib, http.client, http.server, os, shutil, signal, socket, subprocess, sys, threading, time, urllib.request

PARTS = {"zipkin": "zipkin.jar", "jaeger": "jaeger", "collector": "otelcol", "sdk": "sdk/bin/python", "crds": "crds"}
PROGRAM = os.environ["PLUMBAGO"]
for name in ("http_proxy", "all_proxy", "PLUMBAGO_TOKEN", "PLUMBAGO_TENANT"):
    os.environ.pop(name, None)


def skip(why):
    print("SKIP:", why)
    sys.exit(77)


def part(name):
    """Path of a part; skips the test where it is not there."""
    named = os.environ.get("PLUMBAGO_SERVERS", "")
    folder = named or os.environ.get("PLUMBAGO_BUILD_SERVERS", "")
    how = "`./dev servers` gets the real servers into the build folder (tests/servers/get_servers FOLDER into another, for PLUMBAGO_SERVERS)"
    if not folder or not os.path.isdir(folder):
        skip("no real servers here: " + how)
    path = os.path.abspath(os.path.join(folder, PARTS[name]))
    if not os.path.exists(path):
        if os.environ.get("CI") and named:
            sys.exit(f"PLUMBAGO_SERVERS has no {PARTS[name]}: {how}")
        skip(f"no {PARTS[name]} among the servers: {how}")
    if name == "zipkin" and not shutil.which("java"):
        skip("the real Zipkin needs java, which is not installed")
    return path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def plumbago(*arguments):
    """What it prints."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=500)
    if done.returncode != 0:
        sys.exit(f"plumbago {' '.join(arguments)}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def wait_for(process, ready, log, seconds=150):
    """Until ready() says so; a server that ends by itself is a failure, one that never answers is one too."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit("the server ended by itself:\n" + open(log, errors="replace").read()[-2000:])
        if ready():
            return
        time.sleep(0.1)
    sys.exit(f"the server did not answer within {seconds} s")


def answers(url):
    def ready():
        try:
            return urllib.request.urlopen(url, timeout=2).status == 200
        except OSError:
            return False

    return ready


def listens(port):
    def ready():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        except OSError:
            return False

    return ready


@contextlib.contextmanager
def running(command, work, name, ready, env=None, end=signal.SIGKILL):
    """A server with nothing to save is ended at once (Jaeger takes ten seconds to say goodbye)."""
    path = os.path.join(work, name + ".log")
    with open(path, "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=work, env=env)
    try:
        wait_for(process, ready, path)
        yield process
    finally:
        process.send_signal(end)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.contextmanager
def zipkin(work):
    """Yields the port of its API."""
    port = free_port()
    command = ["java", "-Xmx1g", "-jar", part("zipkin"), "--armeria.ports[0].ip=127.0.0.1", f"--armeria.ports[0].port={port}", "--armeria.ports[0].protocols=http"]
    with running(command, work, "zipkin", answers(f"http://127.0.0.1:{port}/health")):
        yield port


@contextlib.contextmanager
def jaeger(work):
    """Yields the ports of its query API, of OTLP over HTTP and of OTLP over gRPC."""
    api, http_in, grpc_in = free_port(), free_port(), free_port()
    own = {"collector.otlp.http.host-port": http_in, "collector.otlp.grpc.host-port": grpc_in, "query.http-server.host-port": api}
    for other in ("admin.http", "collector.grpc-server", "collector.http-server", "http-server", "query.grpc-server"):
        own[other + ".host-port"] = free_port()
    for other in ("jaeger-binary", "jaeger-compact", "zipkin-compact"):
        own[f"processor.{other}.server-host-port"] = free_port()
    command = [part("jaeger"), "--collector.queue-size=200000", "--memory.max-traces=200000"] + [f"--{k}=127.0.0.1:{v}" for k, v in own.items()]
    with running(command, work, "jaeger", answers(f"http://127.0.0.1:{api}/api/services"), dict(os.environ, COLLECTOR_OTLP_ENABLED="true")):
        yield api, http_in, grpc_in


@contextlib.contextmanager
def collector(work, forward_to):
    """Writes what it gets as work/spans.jsonl and, length-prefixed, as work/spans.binpb, and sends it on by OTLP/gRPC. Yields its port of OTLP over HTTP."""
    port = free_port()
    config = os.path.join(work, "collector.yaml")
    with open(config, "w") as out:
        out.write(f"""
receivers: {{otlp: {{protocols: {{http: {{endpoint: "127.0.0.1:{port}"}}}}}}}}
exporters:
  file/json: {{path: "{work}/spans.jsonl"}}
  file/proto: {{path: "{work}/spans.binpb", format: proto}}
  otlp_grpc: {{endpoint: "127.0.0.1:{forward_to}", tls: {{insecure: true}}, sending_queue: {{queue_size: 100000}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [file/json, file/proto, otlp_grpc]}}
""")
    with running([part("collector"), "--config", config], work, "collector", listens(port), end=signal.SIGTERM):
        yield port


def hide_v3(port):
    """The port of a proxy before `port` that knows no /api/v3, as an old Jaeger."""

    class Proxy(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, body = 404, b"404 page not found"
            if not self.path.startswith("/api/v3"):
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                upstream.request("GET", self.path)
                answer = upstream.getresponse()
                status, body = answer.status, answer.read()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
