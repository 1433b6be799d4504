#!/usr/bin/env bash
# Compose v2 as a plugin of the docker command, out of Debian trixie's package: Debian 12 has only the abandoned v1, and
# the package itself cannot be installed there because of what it depends on (the one binary in it runs by itself).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=images/debian-tree.sh
. "$here/images/debian-tree.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"/{lists/partial,cache,package}
if ! mirror=$(debian_mirror 2>/dev/null); then
  apt-get update -q >/dev/null
  mirror=$(debian_mirror)
fi
echo "deb $mirror trixie main" >"$folder/trixie.list"

# A source list and index of its own: this machine's package lists stay as they are.
apt=(-q -o "Dir::Etc::SourceList=$folder/trixie.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$folder/lists"
  -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
cd "$folder"
apt-get "${apt[@]}" update >/dev/null
apt-get "${apt[@]}" download docker-compose >/dev/null
dpkg -x docker-compose_*.deb package

# Not in $HOME: a test runs with an empty one.
plugins=/usr/local/lib/docker/cli-plugins
install -D package/usr/libexec/docker/cli-plugins/docker-compose "$plugins/docker-compose"
