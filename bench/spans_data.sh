# shellcheck shell=bash
# spans_data.sh: real spans in four formats, all with the same traces. Sourced. Sets $span_bytes and $crisp_spans.

hotel=${PLUMBAGO_DATA:-../shared/data}/traces/dsb-hotel-load50.jaeger.ndjson.zst   # 1,000 traces of 11 spans

# copies N: so many copies of the sample's traces, each with trace ids of its own (a root's span id is its trace's)
copies() {
  zstd -qdc "$hotel" | awk -v n="$1" '
    match($0, /"traceID":"[0-9a-f]+"/) { id[++lines] = substr($0, RSTART + 11, RLENGTH - 12); text[lines] = $0 }
    END {
      for (copy = 0; copy < n; ++copy)
        for (i = 1; i <= lines; ++i) {
          line = text[i]
          gsub("\"" id[i] "\"", sprintf("\"%04x%s\"", copy + 16, substr(id[i], length(id[i]) - 11)), line)
          print line
        }
    }'
}

make_span_data() {
  local format
  if [ ! -e "$hotel" ]; then
    leave_out spans "it needs the sample data (PLUMBAGO_DATA, or ../shared/data)"
    return
  fi
  say "$((span_copies * 11000)) spans as Jaeger's JSON, and converted"
  mkdir -p "$work/spans"
  copies "$span_copies" >"$work/spans/jaeger.ndjson"
  span_bytes=$(stat -c %s "$work/spans/jaeger.ndjson")
  for format in otlp-json otlp-proto parquet; do
    "$plumbago" convert --to "$format" "$work/spans/jaeger.ndjson" -o "$work/spans/$format" 2>"$work/stderr" || {
      cat "$work/stderr" >&2
      leave_out "spans-$format" "convert failed: $(head -n 1 "$work/stderr" | cut -d: -f2-)"
    }
  done
  make_crisp_data
}

# CRISP reads a folder with a file for each trace.
make_crisp_data() {
  say "$((crisp_copies * 11000)) spans, a file for each trace, for CRISP"
  rm -rf "$work/crisp"
  mkdir "$work/crisp"
  copies "$crisp_copies" | awk -v folder="$work/crisp" '{ file = sprintf("%s/%06d.json", folder, NR); print >file; close(file) }'
  crisp_spans=$((crisp_copies * 11000))
  crisp=${PLUMBAGO_CRISP:-}
  if [ -z "$crisp" ]; then
    leave_out crisp "it is not on PyPI; PLUMBAGO_CRISP names the crisp-trace of a checkout. In its place a program by its rules (rivals/crisp_stand_in.py), which does less"
    crisp="python3 bench/rivals/crisp_stand_in.py"
  fi
}
