import type { ServerDescription } from '@athena-pg/database'
import type pg from 'pg'

/** Who else decides about the settings of a server, and takes back or breaks on what is changed past it. */
export type Platform = 'embedded' | 'patroni' | 'cloudnativepg' | NonNullable<ServerDescription['managed']>

/** Read-only; any role may ask. */
export async function platformOf(client: pg.ClientBase, server: ServerDescription): Promise<Platform | undefined> {
  if (server.embedded) return 'embedded'
  const { rows } = await client.query<{ cloudnativepg: boolean; patroni: boolean }>(question)
  if (rows[0]?.cloudnativepg) return 'cloudnativepg'
  if (rows[0]?.patroni) return 'patroni'
  return server.managed
}

// CloudNativePG writes a hash of its configuration into custom.conf, as a setting of its own. Patroni starts the server with
// these settings on the command line, whatever their values, and nobody does so by hand; its sessions carry its name.
const question = `
SELECT coalesce(current_setting('cnpg.config_sha256', true), '') <> '' AS cloudnativepg,
  (SELECT count(*) = 6 FROM pg_catalog.pg_settings WHERE source = 'command line' AND name IN
    ('max_connections', 'max_locks_per_transaction', 'max_worker_processes', 'max_prepared_transactions', 'wal_level', 'track_commit_timestamp'))
  OR EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE application_name ~* '^patroni') AS patroni`
