import { literal } from '@athena-pg/database'
import { isBatched } from '../batch/batch.ts'
import { createLedger } from '../ledger.ts'
import type { Plan, PlannedMigration } from '../plan.ts'
import { ledgerValues } from '../run/run-migration.ts'
import { inBatches } from './script-batch.ts'
import { applyFunction, dropFunction } from './script-functions.ts'
import { outsideTransaction } from './script-index.ts'

/**
 * A plan as one script that plain psql runs (`psql -v ON_ERROR_STOP=1 -f`), ledger rows included. It takes no lock and
 * resumes nothing: `athena migrate up` does both. Down, it drops functions and leaves putting back those that still fit to
 * the next `athena migrate up`.
 */
export function toScript(plan: Plan): string {
  const { direction } = plan.target
  const drops = plan.functions.filter(({ action }) => action === 'drop').map(dropFunction)
  const applies = plan.functions.filter(({ action }) => action === 'apply').map(applyFunction)
  const migrations = plan.migrations.map((migration) => scriptOf(migration, direction))
  const parts =
    direction === 'up'
      ? [`BEGIN;\n${createLedger.trim()}\nCOMMIT;`, ...migrations, ...drops, ...applies]
      : [...drops, ...migrations]
  const head = '\\set ON_ERROR_STOP on\n-- Written by athena migrate plan --show-sql; for psql.'
  return `${[`${head}\n${reset}`, ...parts, reset].join('\n\n')}\n`
}

// As every migration finds it when `athena migrate up` runs it.
const reset = `RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP;
SET TimeZone = 'UTC'; SET standard_conforming_strings = on; SET client_min_messages = warning;`

function scriptOf(migration: PlannedMigration, direction: 'up' | 'down'): string {
  const { noTransaction, lockTimeout, batch } = migration.source.directives
  const timeout = `SET lock_timeout = ${literal(lockTimeout ?? '500ms')};`
  const statements = migration.statements.map((statement) =>
    batch !== undefined && isBatched(migration.rendered, statement)
      ? inBatches(statement, batch)
      : noTransaction
        ? outsideTransaction(statement)
        : `${statement.sql};`,
  )
  const settings = Object.entries(ledgerValues(migration, ''))
    .filter(([name]) => !name.endsWith('applied_by'))
    .map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`)
    .concat(
      "set_config('athena_migrations.applied_by', current_user, false)",
      "set_config('athena_migrations.started_at', clock_timestamp()::text, false)",
    )
  const row =
    direction === 'up'
      ? `INSERT INTO athena_migrations.migrations (name, run_on) VALUES (${literal(migration.id)}, now());`
      : `DELETE FROM athena_migrations.migrations WHERE name = ${literal(migration.id)};`
  // A role that the migration SET may have no right to write the row.
  const record = `RESET SESSION AUTHORIZATION; RESET ROLE;\n${row}`
  const body = noTransaction ? [...statements, record] : ['BEGIN;', ...statements, record, 'COMMIT;']
  const before = direction === 'up' ? [`SELECT ${settings.join(',\n  ')} \\g /dev/null`] : []
  return [`\\echo ${direction} ${migration.id}`, reset, timeout, ...before, ...body].join('\n')
}
