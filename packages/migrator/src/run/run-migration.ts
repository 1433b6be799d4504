import type { Database } from '@athena-pg/database'
import type { PlanEvents } from '../events.ts'
import type { PlannedMigration } from '../plan.ts'
import { resetSql, type WorkSession } from '../session.ts'
import type { Statement } from '../sql-text/statements.ts'
import { defaultPatience, millisecondsOf } from '../waiting/patience.ts'
import { retryOnLockTimeout } from '../waiting/retry.ts'
import { callRunner } from './call-runner.ts'
import { migrationError } from './migration-error.ts'
import { runStatements } from './run-statements.ts'

/**
 * Runs one migration, in its transaction or statement by statement, and records it.
 * @throws AthenaError `migration_failed` with file, line and column
 */
export async function runMigration(
  database: Database,
  session: WorkSession,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  events: PlanEvents,
): Promise<void> {
  const { noTransaction, lockTimeout } = migration.source.directives
  const timeout = lockTimeout ?? (session.patience ?? defaultPatience).lockTimeout
  let current: Statement | undefined
  const starting = (statement: Statement): void => {
    current = statement
  }
  const once = (): Promise<void> => {
    const settings = {
      lock_timeout: timeout,
      ...ledgerValues(migration, session.client.user ?? ''),
    }
    return callRunner(session.client, migration, direction, {
      // By the server's clock, as the end is: the two machines need not agree.
      before: `${resetSql(session, settings)}, set_config('athena_migrations.started_at', clock_timestamp()::text, false)`,
      lockTimeout: millisecondsOf(timeout) ?? 0,
      starting,
      runStatements: () => runStatements(database, session, migration, direction, events, starting),
    })
  }
  const inTransaction = async (): Promise<void> => {
    try {
      await once()
    } catch (error) {
      await session.client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  }
  try {
    // Without transaction, single statements are repeated instead.
    if (noTransaction) await once()
    else await retryOnLockTimeout(session, migration.id, events, inTransaction, timeout)
  } catch (error) {
    throw migrationError(migration, direction, current, error)
  }
}

/** What the defaults of the ledger's columns read. */
export function ledgerValues(migration: PlannedMigration, user: string): Record<string, string> {
  const values = {
    package: migration.package,
    version: migration.version,
    file: migration.file.name,
    checksum: migration.file.checksum,
    variables: JSON.stringify(migration.variables),
    applied_by: user,
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`athena_migrations.${name}`, value]))
}
