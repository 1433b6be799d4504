import { literal } from '@athena-pg/database'
import type { PlannedMigration } from '../plan.ts'

/** SQL that writes the ledger row of a migration which the runner did not run itself; how that came is a repair's to tell. */
export function recordApplied(migration: PlannedMigration): string {
  const { id, package: name, version, file, variables } = migration
  const values = [id, name, version, file.name, file.checksum, JSON.stringify(variables)].map(literal).join(', ')
  return `INSERT INTO athena_migrations.migrations (name, package, version, file, checksum, variables, run_on, applied_by, duration)
  VALUES (${values}, now(), session_user, interval '0');`
}
