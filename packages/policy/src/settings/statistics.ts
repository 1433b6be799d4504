import type { ServerFacts } from '../facts/server-facts.ts'
import type { SettingRule } from './setting-rule.ts'

const statisticsPage = 'PostgreSQL: Run-time Statistics'
const statements = 'pg_stat_statements'

/** What the server loads already comes first, in its order: some, such as citus, have to. */
function preload({ postgres }: ServerFacts): string[] {
  const own = postgres.capabilities.libraries.includes(statements) ? [statements] : []
  return [...new Set([...postgres.preload, ...own])]
}

export const statistics: readonly SettingRule[] = [
  {
    name: 'shared_preload_libraries',
    value(facts) {
      const libraries = preload(facts)
      return libraries.length === 0 ? undefined : libraries.join(', ')
    },
    reason: ({ postgres }) =>
      postgres.preload.length > 0
        ? `What the server loads already, and ${statements}, which tells which statements take the time.`
        : `Which statements take the time; read with CREATE EXTENSION ${statements}.`,
    source: { kind: 'documentation', text: 'PostgreSQL: pg_stat_statements' },
  },
  {
    name: 'pg_stat_statements.track',
    value: (facts) => (preload(facts).includes(statements) ? 'all' : undefined),
    reason: () => 'Statements inside functions too: the store searches and remembers through functions.',
    source: { kind: 'documentation', text: 'PostgreSQL: pg_stat_statements' },
  },
  {
    name: 'track_io_timing',
    value: () => true,
    reason: () => 'Tells waiting for the disk from computing, in EXPLAIN and in the statistics views.',
    source: { kind: 'documentation', text: `${statisticsPage}, track_io_timing` },
  },
  {
    name: 'track_wal_io_timing',
    value: ({ workload }) => (workload.kind === 'desktop' ? undefined : true),
    reason: () => 'The same for the log: whether commits wait for the disk.',
    source: { kind: 'documentation', text: `${statisticsPage}, track_wal_io_timing` },
  },
  {
    name: 'track_functions',
    value: ({ workload }) => (workload.kind === 'agent-memory' ? 'pl' : undefined),
    reason: () => "Calls and time of the store's functions, which are PL/pgSQL.",
    source: { kind: 'documentation', text: `${statisticsPage}, track_functions` },
  },
  {
    name: 'track_activity_query_size',
    value: () => 4096,
    reason: () => 'Hybrid searches are longer than the 1 kB after which the default cuts them off.',
    source: { kind: 'documentation', text: `${statisticsPage}, track_activity_query_size` },
  },
]
