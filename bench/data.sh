# shellcheck shell=bash
# data.sh: the inputs, all with the same rows. Sourced; made anew each time: the generator may have changed, and what was just
# written lies in the page cache for all. Sets $bytes.

generate() { "$plumbago" generate traces --rows "$rows" --seed 1 --to alibaba-2021 "$@" 2>/dev/null; }

make_data() {
  say "generating $rows rows, in time order and trace by trace"
  generate -o "$work/big.csv"
  generate -o "$work/trace_order.csv" --order trace
  bytes=$(stat -c %s "$work/big.csv")
  head -n 2001 "$work/big.csv" >"$work/small.csv"

  say "compressing it"
  gzip -c "$work/big.csv" >"$work/big.csv.gz" &
  local one=$!
  rm -rf "$work/many"
  mkdir "$work/many"
  # shellcheck disable=SC2016  # $FILE is set by split
  split -n l/8 --filter='gzip >"$FILE.csv.gz"' "$work/big.csv" "$work/many/"
  wait "$one"
  if command -v pzstd >/dev/null; then
    pzstd -q -f -p 2 "$work/big.csv" -o "$work/big.csv.zst"
  else
    leave_out zstd "no pzstd here to write a file of several frames (Debian's zstd has it)"
  fi
}

# A hundred states of a hundredth of the rows each, cut at lines.
make_states() {
  if ! "$plumbago" --help | grep -q '^  merge '; then
    leave_out merge "this build has no command merge"
    return
  fi
  say "saving a hundred states of a hundredth each"
  rm -rf "$work/states"
  mkdir "$work/states"
  # shellcheck disable=SC2016  # $FILE is set by split
  plumbago=$plumbago split -a 3 -d -l $(((rows + 100) / 100)) --filter='
    cat >"$FILE.csv" && "$plumbago" analyze --json --save "$FILE.plumb" "$FILE.csv" >"$FILE.json" && rm "$FILE.csv" "$FILE.json"
  ' "$work/big.csv" "$work/states/" 2>"$work/stderr" || {
    cat "$work/stderr" >&2
    leave_out merge "analyze --save failed"
  }
}
