import type pg from 'pg'
import type { FileSetting, LiveSetting, LiveSettings, SessionSetting } from './live-setting.ts'

/**
 * Reads settings as far as the role may: read-only, on standbys too.
 * @param names settings of extensions to ask for one by one: pg_settings has them only where the library is loaded
 */
export async function readSettings(client: pg.ClientBase, names: readonly string[] = []): Promise<LiveSettings> {
  // First: in reading the files the server finds out what waits for a restart.
  const files = await readFiles(client)
  const { rows } = await client.query<LiveSetting>(settingsQuestion)
  const settings = new Map(rows.map((row) => [row.name, row]))
  const notes: string[] = []
  if (files === undefined) {
    notes.push(
      'This role may not read pg_file_settings: what ALTER SYSTEM and the files say is known only as far as it is in effect.',
    )
  }
  if (settings.get('shared_preload_libraries') === undefined) {
    notes.push('This role sees no settings that are for superusers or pg_read_all_settings only.')
  }
  for (const name of names) {
    if (settings.has(name) || !name.includes('.')) continue
    const placeholder = await readPlaceholder(client, name, files)
    if (placeholder !== undefined) settings.set(name, placeholder)
  }
  const sessions = await client.query<SessionSetting>(sessionsQuestion)
  return { settings, files, sessions: sessions.rows, notes }
}

/** undefined: not for this role to see. */
export async function readFiles(client: pg.ClientBase): Promise<readonly FileSetting[] | undefined> {
  try {
    const { rows } = await client.query<FileSetting>(filesQuestion)
    return rows
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') return undefined
    throw error
  }
}

/** What is set for a library that this session has not loaded: text whose type nobody knows. */
async function readPlaceholder(
  client: pg.ClientBase,
  name: string,
  files: readonly FileSetting[] | undefined,
): Promise<LiveSetting | undefined> {
  const { rows } = await client.query<{ setting: string | null }>('SELECT current_setting($1, true) AS setting', [name])
  const setting = rows[0]?.setting
  if (setting === null || setting === undefined) return undefined
  const entry = files?.findLast((each) => each.name === name)
  return {
    name,
    setting,
    unit: null,
    type: 'string',
    context: 'user',
    source: 'configuration file',
    file: entry?.file ?? null,
    line: entry?.line ?? null,
    pendingRestart: false,
    boot: null,
    values: null,
  }
}

const settingsQuestion = `
SELECT lower(name) AS name, setting, unit, vartype AS type, context, source, sourcefile AS file, sourceline AS line,
  pending_restart AS "pendingRestart", boot_val AS boot, enumvals AS values
FROM pg_catalog.pg_settings`

const filesQuestion = `
SELECT coalesce(sourcefile, '') AS file, coalesce(sourceline, 0) AS line, lower(coalesce(name, '')) AS name, coalesce(setting, '') AS setting, applied, error
FROM pg_catalog.pg_file_settings ORDER BY seqno`

const sessionsQuestion = `
SELECT lower(split_part(entry, '=', 1)) AS name, substr(entry, strpos(entry, '=') + 1) AS setting,
  CASE WHEN s.setrole = 0 THEN 'ALTER ' ELSE 'ALTER ROLE ' || pg_catalog.quote_ident(r.rolname)
    || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' IN ' END END
    || CASE WHEN s.setdatabase = 0 THEN CASE WHEN s.setrole = 0 THEN 'ROLE ALL' ELSE '' END
            ELSE 'DATABASE ' || pg_catalog.quote_ident(d.datname) END AS by
FROM pg_catalog.pg_db_role_setting s
CROSS JOIN LATERAL unnest(s.setconfig) AS entry
LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
ORDER BY 1, 3`
