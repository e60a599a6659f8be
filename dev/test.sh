#!/usr/bin/env bash
# Runs all tests, on SQLite and on a PostgreSQL of this run's own, which is gone afterwards however
# the run ends. Arguments go to pytest. The last line is pytest's summary, the exit status pytest's.
set -euo pipefail
cd "$(dirname "$0")/.."

export BELOWLINE_PG_FOR=$$
trap 'dev/postgres.sh stop >/dev/null 2>&1' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

BELOWLINE_TEST_PG_URL=$(dev/postgres.sh start)
export BELOWLINE_TEST_PG_URL

# Beyond four, the browsers and the one PostgreSQL are what the workers wait for.
cores=$(nproc 2>/dev/null || echo 2)
workers=${BELOWLINE_TEST_WORKERS:-$((cores > 4 ? 4 : cores < 2 ? 2 : cores))}

.venv/bin/python -m pytest --numprocesses "$workers" "$@"
