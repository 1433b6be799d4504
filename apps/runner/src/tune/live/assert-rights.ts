import { AthenaError, identifier, literal, type ServerDescription } from '@athena-pg/database'
import type pg from 'pg'

/** @throws AthenaError `alter_system_disabled`, `permission_missing`, before anything is changed */
export async function assertRights(
  client: pg.ClientBase,
  server: ServerDescription,
  settings: readonly string[],
  alters: boolean,
): Promise<void> {
  if (alters) await assertAlterSystem(client)
  if (server.superuser) return
  const missing = await missingRights(client, server, alters ? settings : [])
  if (missing.length === 0) return
  throw new AthenaError({
    code: 'permission_missing',
    message: `${server.user} may not change the settings of this server`,
    detail: missing.map(({ lacks }) => lacks).join('\n'),
    hint: `Connect as a superuser, or let one run:\n${missing.map(({ grant }) => grant).join('\n')}\nNothing was changed.`,
  })
}

async function assertAlterSystem(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ allowed: string | null }>(
    "SELECT current_setting('allow_alter_system', true) AS allowed",
  )
  if (rows[0]?.allowed !== 'off') return
  throw new AthenaError({
    code: 'alter_system_disabled',
    message: 'this server does not allow ALTER SYSTEM',
    detail:
      'allow_alter_system is off: its settings are kept by somebody, or something, elsewhere. Nothing was changed.',
    hint: 'Change them there (athena tune --output postgresql.conf prints them), or write a file that its configuration includes: --include-file PATH.',
  })
}

interface Missing {
  readonly lacks: string
  readonly grant: string
}

async function missingRights(
  client: pg.ClientBase,
  { user, version }: ServerDescription,
  settings: readonly string[],
): Promise<Missing[]> {
  const role = identifier(user)
  const { rows } = await client.query<{ reload: boolean; view: boolean; show: boolean; values: boolean }>(
    `SELECT has_function_privilege('pg_catalog.pg_reload_conf()', 'EXECUTE') AS reload,
       has_table_privilege('pg_catalog.pg_file_settings', 'SELECT') AS view,
       has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE') AS show,
       pg_has_role('pg_read_all_settings', 'USAGE') AS values`,
  )
  const has = rows[0] ?? { reload: false, view: false, show: false, values: false }
  const missing: Missing[] = []
  const need = (ok: boolean, lacks: string, grant: string): void => {
    if (!ok) missing.push({ lacks, grant: `${grant} TO ${role};` })
  }
  need(has.reload, 'it may not call pg_reload_conf()', 'GRANT EXECUTE ON FUNCTION pg_reload_conf()')
  need(has.view, 'it may not read pg_file_settings, so nothing could be undone', 'GRANT SELECT ON pg_file_settings')
  need(has.show, 'it may not call pg_show_all_file_settings()', 'GRANT EXECUTE ON FUNCTION pg_show_all_file_settings()')
  need(has.values, 'it does not see all settings', 'GRANT pg_read_all_settings')
  const refused = version < 150000 ? settings : await refusedSettings(client, settings)
  need(
    refused.length === 0,
    `it may not ALTER SYSTEM SET ${refused.join(', ')}`,
    version < 150000
      ? '-- PostgreSQL 14 lets superusers only: ALTER ROLE … SUPERUSER; not'
      : `GRANT ALTER SYSTEM ON PARAMETER ${refused.join(', ')}`,
  )
  return missing
}

async function refusedSettings(client: pg.ClientBase, settings: readonly string[]): Promise<string[]> {
  if (settings.length === 0) return []
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM unnest(ARRAY[${settings.map(literal).join(', ')}]) AS name
     WHERE NOT has_parameter_privilege(name, 'ALTER SYSTEM')`,
  )
  return rows.map(({ name }) => name)
}
