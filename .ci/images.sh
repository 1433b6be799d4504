#!/usr/bin/env bash
# Sees to it that the images which tests, docker-compose.yml and the Dockerfile name are there: the local one, else the
# registry's, else a stand-in made from Debian's packages under the same name (label athena.stand-in=true).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=images/debian-tree.sh
. "$here/images/debian-tree.sh"

if ! docker info >/dev/null 2>&1; then
  echo >&2 'error: no docker engine answers'
  echo >&2 'hint: Start one, for example by .ci/docker-engine.sh.'
  exit 1
fi

pull_seconds=180
work=''
cleanup() { if [ -n "$work" ]; then rm -rf "$work"; fi; }
trap cleanup EXIT

missing() {
  if docker image inspect "$1" >/dev/null 2>&1; then return 1; fi
  # Offline this fails within a second, on the name of the registry.
  if timeout "$pull_seconds" docker pull -q "$1" 2>/dev/null; then return 1; fi
}

# One pristine tree per suite, copied for each image made from it.
fresh_tree() {
  local suite=$1 name=$2
  if [ -z "$work" ]; then
    work=$(mktemp -d)
    "$here/apt-install.sh" debootstrap=debootstrap unshare=util-linux >&2
    debian_mirror >/dev/null 2>&1 || apt-get update -q >/dev/null
  fi
  if [ ! -d "$work/$suite" ]; then debian_tree "$suite" "$work/$suite"; fi
  cp -a "$work/$suite" "$work/$name"
}

# stand_in IMAGE SUITE SCRIPT ARGUMENT…
stand_in() {
  local image=$1 suite=$2 script=$3 name started=$SECONDS
  shift 3
  if ! missing "$image"; then return 0; fi
  name=$(basename "$script" .sh)-$suite
  fresh_tree "$suite" "$name"
  "$script" "$image" "$work/$name" "$@"
  rm -rf "${work:?}/$name"
  echo "$image: cannot be pulled here, so a STAND-IN was made of Debian $suite ($((SECONDS - started)) s)"
}

stand_in pgvector/pgvector:0.8.7-pg18 sid "$here/images/postgres.sh" 18
stand_in pgvector/pgvector:0.8.0-pg17 trixie "$here/images/postgres.sh" 17
stand_in node:24.21.0-trixie-slim trixie "$here/images/node.sh" 24.21.0
