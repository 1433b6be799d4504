import type pg from 'pg'
import { mayCreateExtension } from './extension-right.ts'

/** What a server says about itself. Bytes are numbers of bytes. */
export interface ServerDescription {
  /** server_version_num: 180006 for 18.6. */
  version: number
  /** `18.6`, or `17.2 (Debian 17.2-1.pgdg120+1)`. */
  versionText: string
  embedded: boolean
  /** A provider that the server gives itself away as, else undefined. */
  managed: 'rds' | 'cloud_sql' | 'azure' | 'supabase' | 'neon' | undefined
  database: string
  user: string
  superuser: boolean
  /** A standby: it takes no writes. */
  inRecovery: boolean
  readOnly: boolean
  encoding: string
  /** TLS version of this connection; undefined: not encrypted. */
  tls: string | undefined
  maxConnections: number
  /** Size of the database. */
  size: number
  pgvector: {
    installed: string | undefined
    /** Schema in which it is installed. */
    schema: string | undefined
    available: string | undefined
    /** Whether this user may CREATE EXTENSION vector. */
    creatable: boolean
  }
  /** Version of Citus, where it is installed. */
  citus: string | undefined
}

/** One query, read-only, on any server from PostgreSQL 13 on, standbys included. */
export async function describe(client: pg.ClientBase): Promise<ServerDescription> {
  const { rows } = await client.query<Row>(question)
  const row = rows[0] as Row
  return {
    version: row.version,
    versionText: row.version_text,
    embedded: row.embedded,
    managed: row.managed ?? undefined,
    database: row.database,
    user: row.user,
    superuser: row.superuser,
    inRecovery: row.in_recovery,
    readOnly: row.read_only,
    encoding: row.encoding,
    tls: row.tls ?? undefined,
    maxConnections: row.max_connections,
    size: Number(row.size),
    pgvector: {
      installed: row.vector_installed ?? undefined,
      schema: row.vector_schema ?? undefined,
      available: row.vector_available ?? undefined,
      creatable: row.vector_creatable,
    },
    citus: row.citus ?? undefined,
  }
}

interface Row {
  version: number
  version_text: string
  embedded: boolean
  managed: ServerDescription['managed'] | null
  database: string
  user: string
  superuser: boolean
  in_recovery: boolean
  read_only: boolean
  encoding: string
  tls: string | null
  max_connections: number
  size: string
  vector_installed: string | null
  vector_schema: string | null
  vector_available: string | null
  vector_creatable: boolean
  citus: string | null
}

const question = `
WITH managed AS (
  SELECT CASE
    WHEN to_regrole('rds_superuser') IS NOT NULL THEN 'rds'
    WHEN to_regrole('cloudsqlsuperuser') IS NOT NULL THEN 'cloud_sql'
    WHEN to_regrole('azure_pg_admin') IS NOT NULL THEN 'azure'
    WHEN to_regrole('supabase_admin') IS NOT NULL THEN 'supabase'
    WHEN to_regrole('neon_superuser') IS NOT NULL THEN 'neon'
  END AS name
)
SELECT current_setting('server_version_num')::int AS version,
  current_setting('server_version') AS version_text,
  version() LIKE '%PGlite%' AS embedded,
  (SELECT name FROM managed) AS managed,
  current_database()::text AS database,
  current_user::text AS "user",
  (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
  pg_is_in_recovery() AS in_recovery,
  current_setting('transaction_read_only')::boolean AS read_only,
  current_setting('server_encoding') AS encoding,
  (SELECT s.version FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_backend_pid() AND s.ssl) AS tls,
  current_setting('max_connections')::int AS max_connections,
  pg_database_size(current_database())::text AS size,
  installed.extversion AS vector_installed,
  installed.nspname::text AS vector_schema,
  available.default_version AS vector_available,
  available.default_version IS NOT NULL AND ${mayCreateExtension('available.trusted')} AS vector_creatable,
  (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus') AS citus
FROM (VALUES (1)) AS one
LEFT JOIN (
  SELECT e.extversion, n.nspname
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'vector'
) AS installed ON true
LEFT JOIN (
  SELECT a.default_version, v.trusted
  FROM pg_catalog.pg_available_extensions a
  JOIN pg_catalog.pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
  WHERE a.name = 'vector'
) AS available ON true`
