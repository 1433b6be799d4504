#!/usr/bin/env bash
# postgres.sh IMAGE TREE MAJOR: turns a Debian tree into a stand-in for a pgvector image.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=debian-tree.sh
. "$here/debian-tree.sh"
image=$1 tree=$2 major=$3

# Identity and locale are the official image's, so that file owners in volumes and the order of text agree with it.
in_tree "$tree" groupadd --system --gid 999 postgres
in_tree "$tree" useradd --system --gid postgres --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres
mkdir -p "$tree/etc/postgresql-common"
printf 'create_main_cluster = false\n' >"$tree/etc/postgresql-common/createcluster.conf"
in_tree_install "$tree" locales "postgresql-$major" "postgresql-$major-pgvector"
in_tree "$tree" localedef -i en_US -c -f UTF-8 en_US.UTF-8

# The official image's server listens on all addresses of its container unless the configuration says otherwise.
sed -ri "s/^#?(listen_addresses)\s*=.*/\1 = '*'/" "$tree/usr/share/postgresql/$major/postgresql.conf.sample"

# From 18 on the official image keeps each major version in a folder of its own below one volume.
volume=/var/lib/postgresql/data data=/var/lib/postgresql/data
if [ "$major" -ge 18 ]; then volume=/var/lib/postgresql data=/var/lib/postgresql/$major/docker; fi
mkdir -p "$tree/docker-entrypoint-initdb.d"
in_tree "$tree" install -d -m 1777 -o postgres -g postgres "$volume" "$data"
in_tree "$tree" install -d -m 3777 -o postgres -g postgres /var/run/postgresql
install -m 755 "$here/postgres-entrypoint.sh" "$tree/usr/local/bin/docker-entrypoint.sh"

found=$(in_tree "$tree" dpkg-query -W -f '${Version}' "postgresql-$major-pgvector")
import_tree "$tree" "$image" \
  "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$major/bin" \
  "ENV LANG=en_US.utf8" "ENV PG_MAJOR=$major" "ENV PGDATA=$data" "VOLUME $volume" 'EXPOSE 5432' 'STOPSIGNAL SIGINT' \
  'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'

case $image in
  *":${found%%-*}-"*) ;;
  *) echo >&2 "warning: $image holds pgvector $found: Debian has moved on from the version in the name" ;;
esac
