import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, type PostgresBinary, runPostgres } from '../../test/postgres-binaries.ts'

/** One row of pg_settings, as the server wrote it. */
export interface SettingRow {
  name: string
  vartype: string
  unit: string | null
  context: string
  boot_val: string | null
  min_val: string | null
  max_val: string | null
  enumvals: string[] | null
  /** ALTER SYSTEM SET name = 'a b', 'c d' wrote each item quoted by itself. */
  list: boolean
}

/**
 * All of pg_settings, by single-user mode: it needs no network and no client.
 * @param preload libraries whose settings are wanted too
 */
export async function readSettings(binary: PostgresBinary, preload: readonly string[] = []): Promise<SettingRow[]> {
  const data = await dataFolder(binary)
  const written = join(data, 'settings.json')
  rmSync(written, { force: true })
  const columns = 'name, vartype, unit, context, boot_val, min_val, max_val, enumvals'
  const ordered = `SELECT ${columns} FROM pg_settings ORDER BY name COLLATE "C"`
  await alone(binary, data, preload, [`COPY (SELECT row_to_json(s) FROM (${ordered}) s) TO '${written}'`])
  // COPY doubles backslashes.
  const lines = readFileSync(written, 'utf8').trimEnd().replaceAll('\\\\', '\\').split('\n')
  const rows: SettingRow[] = lines.map((line) => JSON.parse(line))
  const lists = await quotedLists(binary, data, rows)
  return rows.map((row) => ({ ...row, list: lists.has(row.name) }))
}

/** pg_settings does not tell which settings are lists of quoted items; what ALTER SYSTEM writes does. */
async function quotedLists(binary: PostgresBinary, data: string, rows: readonly SettingRow[]): Promise<Set<string>> {
  const texts = rows.filter(({ vartype, context }) => vartype === 'string' && context !== 'internal')
  await alone(
    binary,
    data,
    [],
    texts.map(({ name }) => `ALTER SYSTEM SET ${name} = 'a b', 'c d'`),
  )
  const written = join(data, 'postgresql.auto.conf')
  const settings = readFileSync(written, 'utf8')
  // Not by RESET: a server with these libraries to load does not start.
  writeFileSync(written, '')
  return new Set(Array.from(settings.matchAll(/^(\w+) = '"a b", "c d"'$/gm), ([, name = '']) => name))
}

async function alone(binary: PostgresBinary, data: string, preload: readonly string[], statements: readonly string[]) {
  const libraries = `shared_preload_libraries=${preload.join(',')}`
  const args = ['--single', '-D', data, '-c', libraries, 'postgres']
  const { code, stderr } = await runPostgres(binary, args, { stdin: `${statements.join('\n')}\n` })
  if (code !== 0) throw new Error(`${binary.name}: ${stderr}`)
}
