import { AthenaError } from '@athena-pg/database'
import { type Setting, splitList } from '@athena-pg/policy'
import type pg from 'pg'
import { fewerConnections } from './fewer-connections.ts'
import { boundByPrimary, type Held } from './keep-settings.ts'
import { faultsIn, type LiveSettings } from './live-setting.ts'
import { isSame, meaningOf } from './setting-value.ts'

export interface Preflight {
  /** What a person should know before going on. */
  readonly warnings: readonly string[]
  /** What only a restart shows. */
  readonly unchecked: readonly string[]
}

/**
 * Looks, by SQL alone and without changing anything, for what would be refused, or would keep the server from starting.
 * @throws AthenaError `configuration_faulty`, `value_not_accepted`, `library_missing`
 */
export async function preflight(
  client: pg.ClientBase,
  live: LiveSettings,
  held: Held,
  changed: readonly Setting[],
): Promise<Preflight> {
  assertFilesSound(live)
  assertValues(live, changed)
  const unchecked: string[] = []
  const libraries = changed.find(({ name }) => name === 'shared_preload_libraries')
  if (libraries !== undefined) unchecked.push(...(await missingLibraries(client, live, libraries.value)))
  const names = changed.filter(({ takesEffect }) => takesEffect === 'restart').map(({ name }) => name)
  if (names.includes('shared_buffers')) {
    unchecked.push('that the operating system, or the container, gives as much shared memory')
  }
  if (changed.some(({ name, value }) => name === 'huge_pages' && value === 'on')) {
    unchecked.push(
      'that enough huge pages are set aside: SHOW shared_memory_size_in_huge_pages tells how many, vm.nr_hugepages sets them',
    )
  }
  if (changed.some(({ name, value }) => name === 'io_method' && value === 'io_uring')) {
    unchecked.push('that the kernel, and the container runtime, allow io_uring')
  }
  return {
    warnings: [...fewerConnections(live, held, changed), ...(await standbyWarnings(client, live, changed))],
    unchecked,
  }
}

/** A reload applies nothing at all while any file has a fault. */
function assertFilesSound(live: LiveSettings): void {
  const faults = faultsIn(live)
  if (faults.length === 0) return
  throw new AthenaError({
    code: 'configuration_faulty',
    message: 'the configuration of the server has faults already',
    detail: faults.map(({ file, line, name, error }) => `${file}:${line} ${name}: ${error}`.trim()).join('\n'),
    hint: 'Mend these lines first: until then the server takes no change, and would not start. Nothing was changed.',
  })
}

function assertValues({ settings }: LiveSettings, changed: readonly Setting[]): void {
  const wrong = changed.filter(({ name, value }) => {
    const setting = settings.get(name)
    if (setting?.type !== 'enum' || setting.values === null) return false
    // pg_settings does not list the hidden spellings: on for pglz, true for on.
    return (
      typeof meaningOf(setting, value) !== 'boolean' && !setting.values.some((each) => isSame(setting, each, value))
    )
  })
  if (wrong.length === 0) return
  throw new AthenaError({
    code: 'value_not_accepted',
    message: 'this build of PostgreSQL does not know a recommended value',
    detail: wrong
      .map(({ name, value }) => `${name} = ${value}: it knows ${settings.get(name)?.values?.join(', ')}`)
      .join('\n'),
    hint: `--skip ${wrong.map(({ name }) => name).join(',')} leaves it out. Nothing was changed.`,
  })
}

/** @returns what could not be looked up @throws AthenaError `library_missing` */
async function missingLibraries(client: pg.ClientBase, live: LiveSettings, value: string): Promise<string[]> {
  const loaded = new Set(splitList(live.settings.get('shared_preload_libraries')?.setting ?? ''))
  const added = splitList(value).filter((item) => !loaded.has(item) && !item.includes('/'))
  if (added.length === 0) return []
  let found: Set<string>
  try {
    const { rows } = await client.query<{ file: string }>(
      "SELECT pg_ls_dir(setting) AS file FROM pg_catalog.pg_config WHERE name = 'PKGLIBDIR'",
    )
    found = new Set(rows.map(({ file }) => file.replace(/\.(so|dylib|dll)$/, '')))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '42501')) throw error
    return [`that the server has the library ${added.join(', ')}`]
  }
  const missing = added.filter((item) => !found.has(item))
  if (missing.length === 0) return []
  throw new AthenaError({
    code: 'library_missing',
    message: `the server has no library ${missing.join(', ')}`,
    detail: 'With it in shared_preload_libraries the server would not start again. Nothing was changed.',
    hint: 'Install it (on Debian most are in postgresql-contrib or postgresql-NN-NAME), or --skip shared_preload_libraries.',
  })
}

async function standbyWarnings(
  client: pg.ClientBase,
  { settings }: LiveSettings,
  changed: readonly Setting[],
): Promise<string[]> {
  const { rows } = await client.query<{ standbys: number }>(
    // One that is away has a slot, where it has been set up well.
    `SELECT greatest((SELECT count(*) FROM pg_catalog.pg_stat_replication),
       (SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary))::int AS standbys`,
  )
  const { standbys = 0 } = rows[0] ?? {}
  const bound = changed.filter(
    ({ name, amount }) => boundByPrimary.has(name) && Number(amount) > Number(settings.get(name)?.setting),
  )
  if (standbys === 0 || bound.length === 0) return []
  return [
    `${bound.map(({ name }) => name).join(', ')}: raise it on the ${standbys} standby(s) first, and restart those: one with less than its primary pauses, or does not start`,
  ]
}
