# shellcheck shell=bash
# contestants.sh: who runs in a round, and how; everybody on two threads. Sourced.

ours=(plain trace-order gz-many gz-one zstd memory fixed merge generate)
jobs=(count load four)   # of rivals
ours_spans=(spans-jaeger spans-otlp-json spans-otlp-proto spans-parquet spans-tempo columns-otlp-proto columns-otlp-json path path-job)

# contestants: one a line, in the order of a round; every other round runs backwards, so that a drift hits all alike
contestants() {
  local rival job
  if measures spans; then printf '%s\n' "${ours_spans[@]}" crisp-job; fi
  if measures functions; then
    printf '%s\n' "${ours_functions[@]}"
    case " $rivals " in *" duckdb "*) echo functions-duckdb ;; esac
  fi
  measures calls || return 0
  printf '%s\n' wc "${ours[@]}"
  for rival in $rivals; do
    for job in "${jobs[@]}"; do echo "$rival $job"; done
  done
  case " $rivals " in *" duckdb "*) echo "duckdb count-gz" ;; esac
}

# one_of_ours NAME: left out if something it needs is missing
one_of_ours() {
  local name=$1 out=$work/$1.json run
  [ -z "${missing[$name]:-}" ] || return 0
  case $name in
    plain) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/big.csv" ;;
    trace-order) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/trace_order.csv" ;;
    gz-many) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/many" ;;
    gz-one) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/big.csv.gz" ;;
    zstd) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/big.csv.zst" ;;
    memory) timed "$name" "$out" "$plumbago" analyze --threads 2 --json --memory 256M "$work/big.csv" ;;
    merge) timed "$name" "$out" "$plumbago" merge "$work"/states/*.plumb -o "$work/merged.plumb" ;;
    generate) timed "$name" "$out" "$plumbago" generate traces --rows "$rows" --seed 1 --threads 2 --to alibaba-2021 -o /dev/null ;;
    fixed)
      for ((run = 0; run < (20 + rounds - 1) / rounds; ++run)); do
        timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/small.csv" 2>/dev/null || return
      done
      echo "  fixed, $run runs" >&2
      ;;
  esac || fail "$name ended with exit $?"
}

# span_job NAME: of ours, on spans
span_job() {
  local name=$1 out=$work/$1.json kind=${1#*-}
  [ -z "${missing[spans]:-}" ] && [ -z "${missing[spans-$kind]:-}" ] || return 0
  case $name in
    spans-tempo) [ -z "$tempo" ] || timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$tempo" ;;
    spans-jaeger) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/spans/jaeger.ndjson" ;;
    spans-*) timed "$name" "$out" "$plumbago" analyze --threads 2 --json "$work/spans/$kind" ;;
    columns-*) timed_by_itself "$name" "$out" "$build/bench_spans" columns "$work/spans/$kind" ;;
    path) timed_by_itself "$name" "$out" "$build/bench_spans" path 1000000 ;;
    path-job) timed "$name" "$out" "$plumbago" analyze --threads 2 --json --only critical-path --top all "$work/crisp/*.json" ;;
  esac || fail "$name ended with exit $?"
}

# What CRISP does by default but for pictures: the critical path of one operation, merged, by call path.
# shellcheck disable=SC2086  # $crisp may have arguments
crisp_job() { $crisp -s frontend -a 'HTTP GET /hotels' -i "$work/crisp" --lightMode --parallelism 2; }

# The stand-in's own answers: by CRISP's rules, and with clocks moved as ours are; and how many of CRISP's cases it gets right.
answer_crisp() {
  local cases
  [ -z "${missing[spans]:-}" ] || return 0
  cp "$work/crisp/light-flame-graph-P100.cct" "$work/crisp.cct"
  crisp="python3 bench/rivals/crisp_stand_in.py"
  crisp_job
  cp "$work/crisp/light-flame-graph-P100.cct" "$work/stand-in.cct"
  crisp="python3 bench/rivals/crisp_stand_in.py --clocks"
  crisp_job
  cp "$work/crisp/light-flame-graph-P100.cct" "$work/clocks.cct"
  cases=$(mktemp -d)
  tar --zstd -xf "$(dirname "$hotel")/crisp-test_cases.tar.zst" -C "$cases"
  python3 bench/rivals/crisp_stand_in.py --cases "$cases" >"$work/crisp-cases.txt" || fail "the stand-in gets CRISP's cases wrong"
  rm -rf "$cases"
}

run_one() {  # run_one NAME | RIVAL JOB
  case "$*" in
    functions-*) function_job "$1" ;;
    spans-* | columns-* | path | path-job) span_job "$1" ;;
    crisp-job)
      [ -n "${missing[spans]:-}" ] || timed crisp-job "$work/crisp-job.txt" \
        $crisp -s frontend -a 'HTTP GET /hotels' -i "$work/crisp" --lightMode --parallelism 2 ||
        fail "CRISP ended with exit $?"
      ;;
    wc) timed wc "$work/wc.txt" wc -l "$work/big.csv" || fail "wc failed" ;;
    *" count-gz") timed_rival "$1" count "$work/big.csv.gz" "$1-count-gz" ;;
    *" "*) timed_rival "$1" "$2" "$work/big.csv" ;;
    *) one_of_ours "$1" ;;
  esac
}
