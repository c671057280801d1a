# shellcheck shell=bash
# functions.sh: keep-alive policies: a generated release of Azure's tables, and a real day of functions. Sourced.

vectors=${PLUMBAGO_DATA:-../shared/data}/azure/azure2019_oneday_vectors.csv.zst
# The rows of the reference's table.
reference_policies=fixed:5m,fixed:10m,fixed:20m,fixed:30m,fixed:45m,fixed:60m,fixed:90m,fixed:120m,no-unload
reference_policies+=,hybrid:1h:no-arima,hybrid:2h:no-arima,hybrid:3h:no-arima,hybrid:4h:no-arima
reference_policies+=,hybrid:4h:no-arima:cut=0-100:margin=0,hybrid:4h:no-arima:no-prewarm,hybrid:4h:no-arima:cv=0,hybrid:4h:no-arima:cv=5
ours_functions=(functions-day functions-release)

make_function_data() {
  say "$apps applications, 14 days, as Azure's tables"
  rm -rf "$work/azure14"
  "$plumbago" generate invocations --apps "$apps" --days 14 --seed 1 -o "$work/azure14" >/dev/null
  function_bytes=$(cat "$work"/azure14/*.csv | wc -c)
  if [ -e "$vectors" ]; then
    zstd -qdc "$vectors" >"$work/vectors.csv"
    python3 bench/rivals/keep_alive_reference.py "$work/vectors.csv" >"$work/functions-reference.json"
  else
    leave_out functions-day "it needs the sample data (PLUMBAGO_DATA, or ../shared/data)"
  fi
}

# function_job NAME: of ours, or DuckDB's load of the same tables. What a replay took says the program itself.
function_job() {
  local name=$1 out=$work/$1.json
  [ -z "${missing[$name]:-}" ] || return 0
  case $name in
    functions-day)
      timed functions-day "$out" "$plumbago" functions simulate --threads 2 --json --policy "$reference_policies" "$vectors"
      record functions-17-rows "$(jq '[.run.policies[].seconds] | add' "$out")" 0 0 0
      record functions-reference "$(jq .seconds "$work/functions-reference.json")" 0 0 0
      ;;
    functions-release)
      timed functions-release "$out" "$plumbago" functions simulate --threads 2 --json \
        --policy "${reference_policies%%,hybrid*},hybrid:4h:no-arima,ours,bounds" "$work/azure14"
      record functions-read "$(jq .run.read_seconds "$out")" 0 0 0
      record functions-windows "$(jq '[.run.policies[] | select(.name | startswith("fixed")).seconds] | add' "$out")" 0 0 0
      for policy in no-unload hybrid:4h:no-arima ours b0 b1 b2; do
        record "functions-$policy" "$(jq --arg name "$policy" '.run.policies[] | select(.name == $name).seconds' "$out")" 0 0 0
      done
      ;;
    functions-duckdb)
      timed_by_itself "$name" "$out" "$venv/bin/python" bench/rivals/duckdb_functions.py "$work/azure14"
      ;;
  esac || fail "$name ended with exit $?"
}
