# shellcheck shell=bash
# lib.sh: how bench/run measures. Sourced; expects $work, the folder of this run.

say() { echo "bench: $*" >&2; }
fail() { say "$*"; exit 1; }

# Processor seconds that the whole machine was busy since it started: what others took during the rounds shows how far the
# times can be trusted. Stolen time (a busy host) counts as busy.
machine_seconds() {
  awk -v hz="$(getconf CLK_TCK)" '/^cpu / { print ($2 + $3 + $4 + $7 + $8 + $9) / hz; exit }' /proc/stat
}

# record NAME WALL CPU KB SPENT: a line of times.tsv. SPENT: processor seconds of the whole process, its start included
record() {
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$round" "$@" >>"$work/times.tsv"
  printf '  %-18s %8.3f s\n' "$1" "$2" >&2
}

# timed NAME OUT COMMAND...: runs, records; what the command prints goes to OUT. Fails with its exit code.
timed() {
  local name=$1 code wall cpu kb
  read -r code wall cpu kb < <("$work/measure" "${@:2}" 2>"$work/stderr")
  [ "$code" = 0 ] || { cat "$work/stderr" >&2; return "$code"; }
  record "$name" "$wall" "$cpu" "$kb" "$cpu"
}

# timed_by_itself NAME OUT COMMAND...: as timed, but by the clock of the command, which prints seconds and cpu_seconds
timed_by_itself() {
  local code spent kb
  read -r code _ spent kb < <("$work/measure" "${@:2}" 2>"$work/stderr")
  [ "$code" = 0 ] || { cat "$work/stderr" >&2; return "$code"; }
  record "$1" "$(jq .seconds "$2")" "$(jq .cpu_seconds "$2")" "$kb" "$spent"
}

# timed_rival RIVAL JOB FILE [NAME]: a job of a rival, by its own clock (rivals/job.py). One that fails is left out from then on.
timed_rival() {
  local rival=$1 job=$2 name=${4:-$1-$2} code spent kb edges=()
  [ -z "${missing[$rival]:-}" ] || return 0
  [ "$job" != four ] || [ "$round" != 1 ] || edges=("$work/$rival.edges")
  read -r code _ spent kb < <("$work/measure" "$work/$name.json" \
    "$venv/bin/python" bench/rivals/job.py "$rival" "$3" "$job" "${edges[@]}" 2>"$work/stderr")
  if [ "$code" != 0 ]; then
    tail -n 3 "$work/stderr" >&2
    leave_out "$rival" "$job ended with exit $code"
    return 0
  fi
  record "$name" "$(jq .seconds "$work/$name.json")" "$(jq .cpu_seconds "$work/$name.json")" "$kb" "$spent"
}

# leave_out WHAT REASON: it is not measured, and the report says why. A reason names no folder or host: the report is committed
declare -A missing
leave_out() {
  missing[$1]=$2
  printf '%s\t%s\n' "$1" "$2" >>"$work/missing.tsv"
  say "$1 is not available: $2"
}
