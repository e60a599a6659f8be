#!/usr/bin/env bash
# Writes the .txt beside each of requirements' .in files: exact versions, with hashes, for every
# Python that Belowline supports, and without the address of any package index. Arguments are
# handed on, so `dev/lock.sh --upgrade` moves everything to its newest version.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

for name in run dev build encoder teaching; do
  ../.venv/bin/uv pip compile "$name.in" --output-file "$name.txt" \
    --generate-hashes --universal --python-version 3.11 --quiet \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
done
