#!/usr/bin/env bash
# docker-compose.yml as a user starts it, beside whatever else runs here: own project, own port, own password.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
export COMPOSE_PROJECT_NAME=athena-ci-$$ ATHENA_PASSWORD_FILE=$folder/postgres-password
ATHENA_PORT=$(node -e "const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
  console.log(server.address().port); server.close() })")
export ATHENA_PORT

down() {
  docker compose down --volumes --remove-orphans --rmi local --timeout 20 || true
  # Half a gigabyte a build otherwise stays on a machine that is kept, and a container if it failed; today's are the next run's cache.
  docker container prune --force --filter label=athena.stage=build || true
  docker image prune --force --filter label=athena.stage=build --filter until=24h || true
  rm -rf "$folder"
}
trap down EXIT

chmod 700 "$folder"
node -p "require('node:crypto').randomBytes(24).toString('hex')" >"$ATHENA_PASSWORD_FILE"
chmod 644 "$ATHENA_PASSWORD_FILE"

if ! docker compose up --wait --wait-timeout 600; then
  docker compose logs --tail 40
  exit 1
fi
docker compose logs migrate

# ask SQL: as the migrations do, with the password, over TCP.
ask() {
  docker compose exec -T postgres sh -c \
    'PGPASSWORD=$(cat /run/secrets/postgres-password) psql -XAt -v ON_ERROR_STOP=1 -h 127.0.0.1 -U athena -d athena -c "$0"' "$1" </dev/null
}
expect() {
  local answer
  answer=$(ask "$1")
  if [ "$answer" != "$2" ]; then
    echo >&2 "error: expected '$2', got '$answer' from: $1"
    exit 1
  fi
}
expect "SELECT to_regclass('athena.memories') IS NOT NULL" t
expect 'SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL OR NOT applied' 0
expect 'SHOW config_file' /etc/postgresql/postgresql.conf
[ "$(docker compose port postgres 5432)" = "127.0.0.1:$ATHENA_PORT" ]
(exec 3<>"/dev/tcp/127.0.0.1/$ATHENA_PORT")

# The image in which migrations run must be the user's command too, and a second run must find nothing to do.
docker compose run --rm -T migrate migrate up </dev/null 2>&1 | tee "$folder/second"
grep -qi 'nothing to do' "$folder/second"
