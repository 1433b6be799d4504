#!/usr/bin/env bash
# Entrypoint of the stand-in PostgreSQL images: the part of the official image's interface that people rely on.
# Written for this repository from the official image's documentation; the real image is preferred wherever it can be pulled.
set -Eeuo pipefail

# The official image takes every secret-like variable from NAME or from the file that NAME_FILE points to, never both.
from_file() {
  local name=$1 fallback=${2:-} file_name="$1_FILE"
  if [ -n "${!name:-}" ] && [ -n "${!file_name:-}" ]; then
    echo >&2 "error: both $name and $file_name are set (but are exclusive)"
    exit 1
  fi
  if [ -n "${!file_name:-}" ]; then
    export "$name=$(<"${!file_name}")"
  else
    export "$name=${!name:-$fallback}"
  fi
  unset "$file_name"
}

# Official images initialise for `postgres` only (also when the command starts with an option); anything else is run as it is.
if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
if [ "${1:-}" != postgres ]; then exec "$@"; fi
for argument in "$@"; do
  case $argument in -\? | --help | --describe-config | -V | --version) exec "$@" ;; esac
done

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA"
  chmod 03775 /var/run/postgresql
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

from_file POSTGRES_PASSWORD
from_file POSTGRES_USER postgres
from_file POSTGRES_DB "$POSTGRES_USER"
from_file POSTGRES_INITDB_ARGS
: "${POSTGRES_HOST_AUTH_METHOD:=}"

if [ -s "$PGDATA/PG_VERSION" ]; then
  printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  exec "$@"
fi

if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
  echo >&2 'Error: Database is uninitialized and superuser password is not specified.'
  echo >&2 '       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.'
  exit 1
fi

eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption -D "$PGDATA")}" >>"$PGDATA/pg_hba.conf"

# Unix socket only: nobody can take the half-initialised server for the real one over TCP.
export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
NOTIFY_SOCKET='' pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")" -w start

run_sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"; }
exists=$(run_sql --dbname postgres --tuples-only -v db="$POSTGRES_DB" <<<"SELECT 1 FROM pg_database WHERE datname = :'db'")
if [ -z "$exists" ]; then
  run_sql --dbname postgres -v db="$POSTGRES_DB" <<<'CREATE DATABASE :"db"'
fi

# As in the official image: an executable .sh is run, another is sourced and sees the variables above.
for file in /docker-entrypoint-initdb.d/*; do
  [ -e "$file" ] || continue
  echo "$0: running $file"
  case $file in
    *.sh)
      if [ -x "$file" ]; then
        "$file"
      else
        # shellcheck disable=SC1090 # a user's file
        . "$file"
      fi
      ;;
    *.sql) run_sql --dbname "$POSTGRES_DB" -f "$file" ;;
    *.sql.gz) gunzip -c "$file" | run_sql --dbname "$POSTGRES_DB" ;;
    *) echo "$0: ignoring $file" ;;
  esac
done

pg_ctl -D "$PGDATA" -m fast -w stop
unset PGPASSWORD
printf '\nPostgreSQL init process complete; ready for start up.\n\n'
exec "$@"
