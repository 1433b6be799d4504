import type { OpenBinary } from './open-binary.ts'
import type { Ran } from './run-program.ts'
import type { EffectiveSetting } from './same-value.ts'

/** A row of pg_file_settings: what the server read, included files too. */
export interface FileSetting {
  readonly name: string
  readonly text: string
  readonly file: string
  readonly line: number
}

export interface SingleUser extends Ran {
  readonly settings: ReadonlyMap<string, EffectiveSetting>
  /** Last one of a name wins. */
  readonly file: ReadonlyMap<string, FileSetting>
}

/**
 * What must not count while the values are looked at: a machine of 4 TB is proved on one of 4 GB. The server is asked for
 * these values with -C instead.
 */
export const spared: Readonly<Record<string, string>> = {
  shared_buffers: '16MB',
  huge_pages: 'off',
  wal_buffers: '-1',
  max_connections: '20',
  min_dynamic_shared_memory: '0',
  io_method: 'sync',
}

/** Certificates are on the machine that is to have the file; messages have to be readable. */
export const quiet: Readonly<Record<string, string>> = {
  ssl: 'off',
  log_destination: 'stderr',
  log_line_prefix: '',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  lc_messages: 'C',
}

/** Starts the server for one user, without any port or socket, loads libraries and asks for all settings. */
export async function runSingleUser(
  binary: OpenBinary,
  common: readonly string[],
  libraries: readonly string[],
): Promise<SingleUser> {
  const since = new Set(binary.major < 18 ? ['io_method'] : [])
  const options = Object.entries({ ...quiet, ...spared }).filter(([name]) => !since.has(name))
  const flags = options.flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // One statement a line: that is the protocol of single-user mode.
  const statements = [
    // Settings of the file that would end the session, or a statement of ours.
    'SET exit_on_error = off',
    'SET statement_timeout = 0',
    ...libraries.map((library) => `LOAD '${library}'`),
    `COPY (SELECT pg_catalog.json_build_object('name', name, 'value', reset_val, 'unit', unit, 'type', vartype) FROM pg_catalog.pg_settings) TO STDOUT`,
    `COPY (SELECT pg_catalog.json_build_object('name', pg_catalog.lower(name), 'text', setting, 'file', sourcefile, 'line', sourceline) FROM pg_catalog.pg_file_settings WHERE name IS NOT NULL ORDER BY seqno) TO STDOUT`,
  ]
  const ran = await binary.run('postgres', ['--single', ...common, ...flags, 'postgres'], `${statements.join('\n')}\n`)
  const rows = ran.stdout.split('\n').flatMap(parseRow)
  const settings = rows.filter((row): row is EffectiveSetting => 'type' in row)
  const file = rows.filter((row): row is FileSetting => 'file' in row)
  return {
    ...ran,
    settings: new Map(settings.map((row) => [row.name.toLowerCase(), row])),
    file: new Map(file.map((row) => [row.name, row])),
  }
}

// Rows come after the prompt, with the backslashes of COPY doubled.
function parseRow(line: string): (EffectiveSetting | FileSetting)[] {
  const text = line.replace(/^(backend> )+/, '').replaceAll('\\\\', '\\')
  return text.startsWith('{') ? [JSON.parse(text)] : []
}
