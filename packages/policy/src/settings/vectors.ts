import type { ServerFacts } from '../facts/server-facts.ts'
import { lacksIterativeScan } from '../vectors/pgvector-faults.ts'
import type { SettingRule } from './setting-rule.ts'

/** Of an unknown version nobody knows whether it would take the setting. */
function scansIteratively({ pgvector, workload }: ServerFacts): boolean {
  return workload.kind === 'agent-memory' && pgvector !== undefined && !lacksIterativeScan(pgvector)
}

/** For SQL that is written by hand: the store's functions set their own. */
export const vectors: readonly SettingRule[] = [
  {
    name: 'hnsw.iterative_scan',
    value: (facts) => (scansIteratively(facts) ? 'strict_order' : undefined),
    reason: () =>
      'A filter beside the nearest neighbours otherwise leaves fewer rows than exist: 4.4 of 10 at a filter that a tenth of the rows pass.',
    source: {
      kind: 'measurement',
      text: '207,530 rows of 768 dimensions, pgvector 0.8.0; strict, since hand-written SQL does not sort again',
    },
  },
  {
    name: 'hnsw.scan_mem_multiplier',
    value: (facts) => (scansIteratively(facts) ? 2 : undefined),
    reason: () =>
      'An iterative scan keeps the rows it has seen in work_mem times this and stops, short of rows, when that is full.',
    source: { kind: 'documentation', text: 'pgvector: README, Iterative Index Scans' },
  },
]
