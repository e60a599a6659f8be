#!/usr/bin/env bash
# Makes sure of the programs outside Python that tests and measurements start: a Chromium for the
# browser tests, a PostgreSQL server (15 or newer), an nginx to measure against. Installs with apt
# what is missing and allowed (see apt-install.sh); otherwise says what to do, and ends with 2.
#
#   dev/system-packages.sh browser postgres nginx
set -euo pipefail
here=$(dirname "$0")

has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

has_postgres() {
  "$here/postgres.sh" binaries
}

has_nginx() {
  command -v nginx || [ -x /usr/sbin/nginx ]
}

packages=()
for need in "$@"; do
  case $need in
    browser) has_browser >/dev/null || packages+=(chromium) ;;
    postgres) has_postgres >/dev/null 2>&1 || packages+=(postgresql) ;;
    nginx) has_nginx >/dev/null || packages+=(nginx-light) ;;
    *)
      echo "usage: dev/system-packages.sh [browser] [postgres] [nginx]" >&2
      exit 64
      ;;
  esac
done

if [ ${#packages[@]} -gt 0 ]; then
  "$here/apt-install.sh" "${packages[@]}"
fi

# An older distribution may have installed an older server; this says so and ends with 2.
for need in "$@"; do
  if [ "$need" = postgres ]; then
    has_postgres >/dev/null
  fi
done
