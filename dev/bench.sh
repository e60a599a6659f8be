#!/usr/bin/env bash
# Runs the bench on SQLite and on a PostgreSQL of this run's own, with fsync on. Arguments go to it.
set -euo pipefail
cd "$(dirname "$0")/.."

export BELOWLINE_PG_FOR=$$
trap 'dev/postgres.sh stop >/dev/null 2>&1' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

url=$(dev/postgres.sh start)
.venv/bin/python -m bench --postgres "$url" "$@"
