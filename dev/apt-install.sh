#!/usr/bin/env bash
# Installs Debian packages where that is allowed without asking: as root, or with passwordless
# sudo. Elsewhere it prints the command that a person can run, and ends with 2.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "This system has no apt. Install what these Debian packages hold, then try again: $*" >&2
  exit 2
fi

if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root=(sudo -n env)
else
  echo "Some packages are missing, and only root may install them. Run this, then try again:" >&2
  echo "    sudo apt-get update && sudo apt-get install --no-install-recommends $*" >&2
  exit 2
fi

echo "Installing $* with apt" >&2
install=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive
  apt-get install --yes --quiet --quiet --no-install-recommends "$@")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The package lists of a fresh machine are empty or old, so a first failure means: update them.
if ! "${install[@]}" >"$log" 2>&1; then
  if ! { "${as_root[@]}" apt-get update --quiet --quiet && "${install[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt could not install: $*" >&2
    exit 2
  fi
fi
