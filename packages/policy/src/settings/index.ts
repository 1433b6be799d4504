import { autovacuum } from './autovacuum.ts'
import { connections } from './connections.ts'
import { inputOutput } from './input-output.ts'
import { logging } from './logging.ts'
import { memory } from './memory.ts'
import { parallelism } from './parallelism.ts'
import { planner } from './planner.ts'
import { replication } from './replication.ts'
import { security } from './security.ts'
import type { SettingRule } from './setting-rule.ts'
import { statistics } from './statistics.ts'
import { vectors } from './vectors.ts'
import { writeAheadLog } from './write-ahead-log.ts'

/** Sections of a postgresql.conf, in the order in which they are printed. */
export const topics: readonly { readonly title: string; readonly rules: readonly SettingRule[] }[] = [
  { title: 'Connections', rules: connections },
  { title: 'Security', rules: security },
  { title: 'Memory', rules: memory },
  { title: 'Write-ahead log and checkpoints', rules: writeAheadLog },
  { title: 'Replication', rules: replication },
  { title: 'Planner', rules: planner },
  { title: 'Parallel queries', rules: parallelism },
  { title: 'Input and output', rules: inputOutput },
  { title: 'Autovacuum', rules: autovacuum },
  { title: 'Vector search', rules: vectors },
  { title: 'Logging', rules: logging },
  { title: 'Statistics', rules: statistics },
]

/** Of all topics. */
export const rules: readonly SettingRule[] = topics.flatMap((topic) => topic.rules)
