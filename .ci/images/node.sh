#!/usr/bin/env bash
# node.sh IMAGE TREE VERSION: turns a Debian tree into a stand-in for the official slim Node image. Node comes from the npm
# registry, where each platform's binary is a package.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=debian-tree.sh
. "$here/debian-tree.sh"
image=$1 tree=$2 version=$3

# The package names its platforms as Node does.
platform=$(node -p 'process.platform + "-" + process.arch')
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
(
  cd "$packed"
  npm pack --loglevel=error "node-$platform@$version" npm@11 >/dev/null
  mkdir node npm
  tar -xzf node-*.tgz -C node --strip-components 1
  tar -xzf npm-*.tgz -C npm --strip-components 1
)
install -m 755 "$packed/node/bin/node" "$tree/usr/local/bin/node"
mkdir -p "$tree/usr/local/lib/node_modules"
cp -r "$packed/npm" "$tree/usr/local/lib/node_modules/npm"
for command in npm npx; do
  ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$tree/usr/local/bin/$command"
done
chmod +x "$tree"/usr/local/lib/node_modules/npm/bin/*-cli.js

in_tree "$tree" groupadd --gid 1000 node
in_tree "$tree" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
rm -f "$tree/etc/apt/apt.conf.d/99machine"

# A registry that this machine reaches by settings or a certificate of its own is reached so from inside the image too; the
# Dockerfile must not know. Only these keys are copied: an npmrc may also hold credentials.
settings=$tree/usr/local/etc/npmrc
certificates=/etc/ssl/certs/ca-certificates.crt
mkdir -p "$(dirname "$settings")"
echo "registry=$(npm config get registry --loglevel=error)" >"$settings"
instructions=("ENV NODE_VERSION=$version" 'CMD ["node"]')
if [ -f "$tree$certificates" ]; then
  echo "cafile=$certificates" >>"$settings"
  instructions+=("ENV NODE_EXTRA_CA_CERTS=$certificates")
fi

import_tree "$tree" "$image" "${instructions[@]}"
