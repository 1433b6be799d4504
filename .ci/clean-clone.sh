#!/usr/bin/env bash
# The README's first command as a newcomer gives it: a fresh clone of the last commit, nothing installed, nothing in $HOME.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone --quiet . "$folder/clone"
mkdir "$folder/home"
cd "$folder/clone"

athena_up() {
  env -u CI -u XDG_CACHE_HOME -u XDG_CONFIG_HOME -u XDG_DATA_HOME HOME="$folder/home" npx -y pnpm@12.21.0 migrate up </dev/null 2>&1
}

athena_up
second=$(athena_up) || { printf '%s\n' "$second"; exit 1; }
printf '%s\n' "$second"
if ! grep -qi 'nothing to do' <<<"$second"; then
  echo >&2 'error: the second `migrate up` did not say that there was nothing to do'
  exit 1
fi
if [ -n "$(git status --porcelain)" ]; then
  git status --short
  echo >&2 'error: the first command leaves files behind that git does not ignore'
  exit 1
fi
