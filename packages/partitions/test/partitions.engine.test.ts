import { onEachEngine } from '../../../test/engines.ts'
import { migrated } from '../../schema/test/migrated.ts'
import { describing } from './describe-partitions.ts'
import { ensureIdentical } from './ensure-identical.ts'
import { ensurePartitions } from './ensure-partitions.ts'
import { ensureRefusals } from './ensure-refusals.ts'

// One database for all these topics: making it takes longer than any of them.
onEachEngine('the functions', (engine) => {
  const db = migrated(engine, { packages: ['schema', 'indices', 'partitions'] })
  ensurePartitions(db)
  ensureRefusals(db)
  ensureIdentical(db)
  describing(db)
})
