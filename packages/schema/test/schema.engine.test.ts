import { onEachEngine } from '../../../test/engines.ts'
import { catalogueRules } from './catalogue-rules.ts'
import { checks } from './checks.ts'
import { deletes } from './deletes.ts'
import { firstPartitions } from './first-partitions.ts'
import { formerApplication } from './former-application.ts'
import { lifecycle } from './lifecycle.ts'
import { migrated } from './migrated.ts'
import { projects } from './projects.ts'
import { references } from './references.ts'

// One database for all these topics: making it takes longer than any of them.
// A database whose own time zone is not UTC: what the migration makes is the same.
const zone = `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Pacific/Auckland''', current_database()); END $$`

onEachEngine('the schema', (engine) => {
  const db = migrated(engine, { packages: ['schema'], before: zone })
  catalogueRules(db)
  firstPartitions(db)
  checks(db)
  references(db)
  deletes(db)
  lifecycle(db)
  projects(db)
  formerApplication(db)
})
