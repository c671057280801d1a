# shellcheck shell=bash
# contestants.sh: who runs in a round, and how; everybody on two threads. Sourced.

ours=(plain trace-order gz-many gz-one zstd memory fixed merge generate)
jobs=(count load four)   # of rivals

# contestants: one a line, in the order of a round; every other round runs backwards, so that a drift hits all alike
contestants() {
  local rival job
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

run_one() {  # run_one NAME | RIVAL JOB
  case "$*" in
    wc) timed wc "$work/wc.txt" wc -l "$work/big.csv" || fail "wc failed" ;;
    *" count-gz") timed_rival "$1" count "$work/big.csv.gz" "$1-count-gz" ;;
    *" "*) timed_rival "$1" "$2" "$work/big.csv" ;;
    *) one_of_ours "$1" ;;
  esac
}
