import { isDeepStrictEqual } from 'node:util'
import type { ExtensionEntry } from '../../packages/policy/src/catalogue/catalogue-entry.ts'
import { entryOf } from './entries.ts'
import type { SettingRow } from './read-settings.ts'

/** The libraries that come with PostgreSQL, also with its bare builds. */
export const contrib = ['pg_stat_statements', 'auto_explain'] as const

const libraryOf: Record<string, ExtensionEntry['library']> = {
  hnsw: 'vector',
  ivfflat: 'vector',
  pg_stat_statements: 'pg_stat_statements',
  auto_explain: 'auto_explain',
}

/** Documented, and not read from a server (both pgvector that run in the tests have them): its changelog, 0.8.0. */
const sincePgvector: Record<string, string> = {
  'hnsw.iterative_scan': '0.8.0',
  'hnsw.max_scan_tuples': '0.8.0',
  'hnsw.scan_mem_multiplier': '0.8.0',
  'ivfflat.iterative_scan': '0.8.0',
  'ivfflat.max_probes': '0.8.0',
}

/**
 * Single-user mode of PostgreSQL 14 preloads nothing, so that these cannot be read there. By the documentation of 14 it has all
 * that 15 has.
 */
const oldest = 15

/**
 * The settings of the libraries, which are the same on each server that has them.
 * @param servers the rows of each, oldest version first
 * @throws Error where they are not, since one table could not tell
 */
export function extensionEntriesOf(servers: readonly { version: number; rows: readonly SettingRow[] }[]) {
  const entries = new Map<string, ExtensionEntry>()
  for (const { version, rows } of servers) {
    for (const row of rows) {
      const library = libraryOf[row.name.split('.')[0] ?? '']
      if (library === undefined) continue
      const entry = { ...entryOf(row), library }
      const known = entries.get(row.name)
      const since = sincePgvector[row.name]
      const later = library !== 'vector' && version > oldest && { sincePostgres: version as 16 | 17 | 18 }
      if (known === undefined) entries.set(row.name, { ...entry, ...later, ...(since && { sincePgvector: since }) })
      else if (!isDeepStrictEqual(entry, without(known)))
        throw new Error(`${row.name} is another one in PostgreSQL ${version}`)
    }
  }
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function without({ sincePgvector: _a, sincePostgres: _b, ...entry }: ExtensionEntry) {
  return entry
}
