#!/usr/bin/env bash
# Runs every check that needs no test, and says at the end which of them failed, so that one run
# shows everything there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=()
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    printf 'ok      %s\n' "$name"
  else
    printf 'FAILED  %s\n%s\n' "$name" "$output"
    failed+=("$name")
  fi
}

check 'ruff: lint' ruff check --quiet --output-format concise .
check 'ruff: format' ruff format --check --quiet .
check 'mypy: types' mypy
check 'import-linter: contracts' lint-imports --no-logo
check 'djlint: templates' djlint --lint --quiet src/belowline
check 'codespell: spelling' codespell
check 'commit subjects' python dev/commit_lint.py

if [ ${#failed[@]} -gt 0 ]; then
  echo "These checks failed: $(printf '%s; ' "${failed[@]}")"
  exit 1
fi
