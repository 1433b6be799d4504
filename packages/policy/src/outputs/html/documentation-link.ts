import type { PostgresVersion } from '../../facts/server-facts.ts'

/** Pages of PostgreSQL's documentation by the chapter that a source names. */
const pages: Readonly<Record<string, string>> = {
  'Client Connection Defaults': 'runtime-config-client',
  'Connections and Authentication': 'runtime-config-connection',
  'Continuous Archiving': 'continuous-archiving',
  'Error Reporting and Logging': 'runtime-config-logging',
  'Just-in-Time Compilation': 'jit-decision',
  'Lock Management': 'runtime-config-locks',
  'Query Planning': 'runtime-config-query',
  Replication: 'runtime-config-replication',
  'Resource Consumption': 'runtime-config-resource',
  'Run-time Statistics': 'runtime-config-statistics',
  'Write Ahead Log': 'runtime-config-wal',
  pg_rewind: 'app-pgrewind',
  pg_stat_statements: 'pgstatstatements',
}

/** `PostgreSQL: Chapter, …` as the address of that page in this version, at the setting where the chapter lists settings. */
export function documentationLink(source: string, setting: string, version: PostgresVersion): string | undefined {
  const chapter = /^PostgreSQL: ([^,]+)/.exec(source)?.[1] ?? ''
  // 18 gave vacuuming a page of its own.
  const page = chapter === 'Vacuuming' ? `runtime-config-${version >= 18 ? 'vacuum' : 'autovacuum'}` : pages[chapter]
  if (page === undefined) return undefined
  const anchor = page.startsWith('runtime-config') ? `#GUC-${setting.toUpperCase().replaceAll('_', '-')}` : ''
  return `https://www.postgresql.org/docs/${version}/${page}.html${anchor}`
}
