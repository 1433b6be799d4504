#!/usr/bin/env bash
# Makes `docker` and `docker compose` work: for CI machines and sandboxes that have Debian packages and root, but no engine.
# Where both work already it changes nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

engine_answers() { docker info >/dev/null 2>&1; }

# start_engine FLAG…: setsid, so that the engine outlives the shell (and the CI step) that started it.
start_engine() {
  local folder log tries
  folder=$(mktemp -d)
  log=$folder/dockerd.log
  # Process ids that an engine left behind when it was killed may meanwhile belong to anybody, and would keep this one from starting.
  pgrep -x containerd >/dev/null || rm -f /run/docker/containerd/containerd.pid
  setsid nohup dockerd --pidfile "$folder/dockerd.pid" "$@" >"$log" 2>&1 </dev/null &
  local engine=$!
  for ((tries = 0; tries < 60; tries++)); do
    if engine_answers; then
      echo "docker engine started; its log is $log"
      return 0
    fi
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.5
  done
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  echo >&2 "dockerd $* did not start:"
  tail -n 5 "$log" >&2
  return 1
}

if ! engine_answers; then
  "$here/apt-install.sh" docker=docker.io dockerd=docker.io iptables=iptables pgrep=procps
  # Each attempt asks less of the kernel: without iptables ports are still published, by docker's own proxy; vfs needs no overlayfs.
  engine_answers || start_engine || start_engine --iptables=false --ip6tables=false ||
    start_engine --iptables=false --ip6tables=false --storage-driver=vfs
fi

if ! docker compose version >/dev/null 2>&1; then
  "$here/docker-compose-plugin.sh"
fi
docker compose version
