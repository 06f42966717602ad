#!/usr/bin/env bash
# Fuzzes one target, or all of them in turn, for a number of seconds each: bash run.sh TARGET|all [SECONDS]
set -euo pipefail
cd "$(dirname "$0")"
targets=${1:?a target, or all}
seconds=${2:-300}
[ "$targets" != all ] || targets="query parameters filter front_matter decp booklet terminal pdf document"
failed=0
for target in $targets; do
  # Maximum length of an input in bytes: what the parser accepts, or a few pages.
  case $target in
    query | terminal) length=2048 ;;
    parameters | filter) length=4096 ;;
    *) length=8192 ;;
  esac
  # The child of `pdf` limits its address space, which AddressSanitizer needs all of.
  sanitizer=address
  [ "$target" != pdf ] || sanitizer=none
  mkdir -p "corpus/$target" "artifacts/$target"
  log="corpus/$target.log"
  if ! nice -n 19 cargo +nightly fuzz run --sanitizer "$sanitizer" "$target" "corpus/$target" "seeds/$target" -- \
    -dict="dictionaries/$target.dict" -max_len="$length" -max_total_time="$seconds" \
    -timeout=10 -report_slow_units=2 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1; then
    failed=1
    grep -E "panicked at|ERROR: libFuzzer|SUMMARY" "$log" || true
  fi
  echo "$target: $(grep -o 'stat::number_of_executed_units: *[0-9]*' "$log" | grep -o '[0-9]*$') executions," \
    "$(grep -o 'cov: [0-9]*' "$log" | tail -1 | grep -o '[0-9]*$') edges," \
    "slowest $(grep -o 'stat::slowest_unit_time_sec: *[0-9]*' "$log" | grep -o '[0-9]*$') s," \
    "$(grep -o 'stat::peak_rss_mb: *[0-9]*' "$log" | grep -o '[0-9]*$') MB," \
    "found: $(find "artifacts/$target" -type f | wc -l)"
done
exit $failed
