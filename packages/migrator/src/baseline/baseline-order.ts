import { literal } from '@athena-pg/database'
import type { Ledger } from '../ledger.ts'
import type { MigrationFile } from '../package-files.ts'
import type { PlannedMigration } from '../plan.ts'
import { recordApplied } from '../repair/record-applied.ts'

/**
 * SQL that records migrations where they would stand had they been applied in the order of the timeline: `down` goes back in
 * the order of the ledger. Rows that come after a new one are numbered anew, in their order.
 */
export function recordInOrder(
  ledger: Ledger,
  migrations: readonly PlannedMigration[],
  timeline: readonly MigrationFile[],
): string[] {
  const position = new Map(timeline.map(({ id }, index) => [id, index]))
  const left = [...migrations]
  const sql: string[] = []
  const record = (migration: PlannedMigration): void => {
    const forget = `DELETE FROM athena_migrations.attempts WHERE name = ${literal(migration.id)};`
    sql.push(recordApplied(migration), forget)
  }
  for (const { id } of ledger.migrations) {
    // One of a package that this project does not name stays where it is.
    const at = position.get(id) ?? -1
    while (left[0] !== undefined && (position.get(left[0].id) ?? 0) < at) record(left.shift() as PlannedMigration)
    if (sql.length > 0) sql.push(`UPDATE athena_migrations.migrations SET id = DEFAULT WHERE name = ${literal(id)};`)
  }
  for (const migration of left) record(migration)
  return sql
}
