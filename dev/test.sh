#!/usr/bin/env bash
# Runs all tests, on SQLite and on a PostgreSQL of this run's own, which is gone afterwards however
# the run ends. Arguments go to pytest. The last line is pytest's summary, the exit status 0 only if
# every test passed.
#
# Most tests make a database each, and a database that is on the disk before a test goes on is a
# quarter of their time. So only those about durability wait for the disk, in a second run.
set -euo pipefail
cd "$(dirname "$0")/.."

export BELOWLINE_PG_FOR=$$
trap 'dev/postgres.sh stop >/dev/null 2>&1' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Beyond four, the browsers and the one PostgreSQL are what the workers wait for.
cores=$(nproc 2>/dev/null || echo 2)
workers=${BELOWLINE_TEST_WORKERS:-$((cores > 4 ? 4 : cores < 2 ? 2 : cores))}

run() { # FSYNC, then what goes to pytest
  BELOWLINE_TEST_PG_URL=$(BELOWLINE_TEST_PG_FSYNC=$1 dev/postgres.sh start)
  export BELOWLINE_TEST_PG_URL
  shift
  local status=0
  .venv/bin/python -m pytest --numprocesses "$workers" "$@" || status=$?
  dev/postgres.sh stop >/dev/null
  return "$status"
}

if [ $# -gt 0 ]; then
  run on "$@"
  exit
fi
failed=0
run on tests/durability || failed=$?
run off --ignore=tests/durability || failed=$?
exit "$failed"
