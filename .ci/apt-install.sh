#!/usr/bin/env bash
# apt-install.sh COMMAND=PACKAGE…: installs the packages whose command is missing; asks the network for nothing otherwise.
set -euo pipefail

missing=()
for pair in "$@"; do
  command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
if [ "${#missing[@]}" = 0 ]; then exit 0; fi

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo >&2 "error: missing: ${missing[*]}"
  echo >&2 'hint: Install them with your package manager, or run this as root on Debian or Ubuntu.'
  exit 1
fi
log=$(mktemp)
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
rm "$log"
echo "installed ${missing[*]}"
