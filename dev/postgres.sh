#!/usr/bin/env bash
# A PostgreSQL server of this checkout's own, for tests: a fresh cluster in a temporary folder, on a
# free port of the loopback address, without passwords. Nothing else on the machine is touched.
#
#   dev/postgres.sh start      start it (if it does not run yet) and print its address
#   dev/postgres.sh url        print the address of the running one, or end with 1
#   dev/postgres.sh stop       stop it and delete its folder
#   dev/postgres.sh binaries   print where the server's programs are, or end with 2
#
# BELOWLINE_PG_FOR=PID makes a second server that belongs to that process; a later start removes
# it if the process has died without stopping it. BELOWLINE_TEST_PG_FSYNC=off trades durability
# (which some tests test) for speed.
set -euo pipefail
cd "$(dirname "$0")/.."

oldest_version=15

find_binaries() {
  local folder found='' newest=0 version
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "$(dirname "$(command -v initdb || echo /-)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ] || continue
    version=$("$folder/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    if [ "$version" -gt "$newest" ]; then
      newest=$version
      found=$folder
    fi
  done
  if [ "$newest" -lt "$oldest_version" ]; then
    echo "No PostgreSQL server of version $oldest_version or newer was found (newest here: ${newest/#0/none})." >&2
    echo "On Debian 12, Ubuntu 24.04 or newer: sudo apt-get install postgresql" >&2
    exit 2
  fi
  echo "$found"
}

# PostgreSQL refuses to run as root. Then it runs as the first of these who exists.
as_owner=()
if [ "$(id -u)" = 0 ]; then
  owner=$(id -un postgres 2>/dev/null || id -un nobody)
  if command -v runuser >/dev/null; then
    as_owner=(runuser -u "$owner" --)
  else
    as_owner=(su -s /bin/sh "$owner" -c 'exec "$0" "$@"')
  fi
fi
owned() { (cd / && "${as_owner[@]}" "$@"); }

# The other user must be able to reach the folder, and root's own TMPDIR is often closed to it.
base=${TMPDIR:-/tmp}
owned test -w "$base" 2>/dev/null || base=/tmp
family=$base/belowline-pg-$(pwd -P | sha256sum | cut -c 1-12)-$(id -u)
folder=$family${BELOWLINE_PG_FOR:+-for-$BELOWLINE_PG_FOR}

address() {
  echo "postgresql+psycopg://belowline@127.0.0.1:$1/postgres"
}

# Prints the port of the server in the folder, if one runs there. The process that postmaster.pid
# names may have died, and another may bear its number by now, so its command line must name the
# folder. A dead process that nobody has waited for has an empty one.
running_port() {
  local file=$1/data/postmaster.pid pid
  pid=$(owned sed -n 1p "$file" 2>/dev/null) || return 1
  { tr '\0' ' ' <"/proc/$pid/cmdline" || ps -o args= -p "$pid"; } 2>/dev/null | grep -qF "$1/data" || return 1
  owned sed -n 4p "$file"
}

remove() {
  if running_port "$1" >/dev/null; then
    # Nobody's data is in there, so there is nothing to wait for.
    owned "$(find_binaries)/pg_ctl" stop -D "$1/data" -m immediate -s || true
  fi
  rm -rf "$1"
}

remove_orphans() {
  local other
  for other in "$family"-for-*; do
    [ -e "$other" ] || continue
    kill -0 "${other##*-for-}" 2>/dev/null || remove "$other"
  done
}

free_port() {
  python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
  local binaries port attempt settings
  if port=$(running_port "$folder"); then
    address "$port"
    return
  fi
  binaries=$(find_binaries)
  remove_orphans
  rm -rf "$folder"
  # Without -p mkdir fails if somebody else has made the folder, as anybody may in /tmp.
  owned mkdir -m 700 "$folder"
  owned "$binaries/initdb" -D "$folder/data" -U belowline --auth=trust \
    --encoding=UTF8 --locale=C --no-sync >/dev/null
  settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c timezone=UTC"
  settings+=" -c max_connections=200 -c fsync=${BELOWLINE_TEST_PG_FSYNC:-on}"
  # Its transactions would come between followers and the newest events at odd moments.
  settings+=" -c autovacuum=off"
  # Another program can take the port between the look and the start, therefore three times.
  for attempt in 1 2 3; do
    port=$(free_port)
    if owned "$binaries/pg_ctl" start -D "$folder/data" -l "$folder/log" -s -w -t 60 \
      -o "-p $port $settings" >/dev/null; then
      address "$port"
      return
    fi
    echo "PostgreSQL did not start (attempt $attempt of 3)" >&2
  done
  owned tail -n 20 "$folder/log" >&2
  remove "$folder"
  exit 1
}

case ${1:-} in
  start) start ;;
  url)
    port=$(running_port "$folder") || exit 1
    address "$port"
    ;;
  stop) remove "$folder" ;;
  binaries) find_binaries ;;
  *)
    echo "usage: dev/postgres.sh start|url|stop|binaries" >&2
    exit 64
    ;;
esac
