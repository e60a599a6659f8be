#!/usr/bin/env bash
# Makes .venv with exactly the locked packages and Belowline itself (editable). Done again only
# when the locks, the package's own description or the checkout's place change.
#
#   dev/setup.sh run    what is needed to run Belowline
#   dev/setup.sh dev    that, and what is needed to work on it (the default)
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-dev}
case $what in
  run | dev) ;;
  *)
    echo "usage: dev/setup.sh [run|dev]" >&2
    exit 64
    ;;
esac

# A folder that was moved has a broken .venv, therefore its place is part of the key.
key=$({ pwd -P && cat requirements/*.txt pyproject.toml dev/setup.sh; } | sha256sum | cut -d ' ' -f 1)

is_done() { [ -x .venv/bin/python ] && [ "$(cat ".venv/.done-$1" 2>/dev/null)" = "$key" ]; }

if is_done dev || is_done "$what"; then
  exit 0
fi

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && is_new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  echo "Belowline needs Python 3.11 or newer; 'python3' here is: $(python3 --version 2>&1 || true)" >&2
  echo "Install one (on Debian and Ubuntu: sudo apt-get install python3 python3-venv)," >&2
  echo "or name it: make PYTHON=/path/to/python3.12 setup" >&2
  exit 2
}

# A .venv from an older Python or from another place is made anew; pip's first line names the place.
if [ -e .venv ] && ! { is_new_enough .venv/bin/python && .venv/bin/pip --version; } >/dev/null 2>&1; then
  echo "The old .venv does not work any more; making a new one"
  rm -rf .venv
fi
if [ ! -e .venv ]; then
  python=$(find_python)
  # Debian ships Python without the part that puts pip into a new environment.
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
    dev/apt-install.sh "python$version-venv"
  fi
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi

pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet install)

echo "Installing the locked packages (requirements/$what.txt); a minute or two the first time"
case $what in
  run) "${pip[@]}" --require-hashes -r requirements/run.txt -r requirements/build.txt ;;
  dev) "${pip[@]}" --require-hashes -r requirements/dev.txt ;;
esac
# The build backend was just installed from the lock; no isolation means that this one is used.
"${pip[@]}" --no-deps --no-build-isolation --editable .

echo "$key" >".venv/.done-$what"
