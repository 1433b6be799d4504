import { fileURLToPath } from 'node:url'
import { AthenaError, type Database, toAthenaError } from '@athena-pg/database'
import type pg from 'pg'
import type { PlanEvents } from './events.ts'
import type { PlannedMigration } from './plan.ts'
import { isLockTimeout, retryOnLockTimeout } from './retry.ts'
import { forgetAttempt, runStatements } from './run-statements.ts'
import { lineAndColumn } from './scan.ts'
import { resetSession, type WorkSession } from './session.ts'
import type { Statement } from './statements.ts'

/** Longest wait for a lock where a file says nothing: what queues behind a waiting DDL statement waits as well. */
export const defaultLockTimeout = '500ms'

// node-pg-migrate wants a folder with at least one file for the loader; ours answers with the migration whatever it is given.
const anyFolder = fileURLToPath(new URL('../sql/', import.meta.url))

/** Runs one migration through node-pg-migrate, which writes or deletes its ledger row as its last statement. */
export async function runMigration(
  database: Database,
  session: WorkSession,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  events: PlanEvents,
): Promise<void> {
  const { noTransaction, lockTimeout } = migration.source.directives
  let current: Statement | undefined
  const once = async (): Promise<void> => {
    await resetSession(session, {
      lock_timeout: lockTimeout ?? defaultLockTimeout,
      ...ledgerValues(migration, session.client),
    })
    await callRunner(session.client, migration, direction, {
      noTransaction,
      beforeStatement: (statement) => {
        current = statement
      },
      runStatements: () =>
        runStatements(database, session, migration, direction, events, (statement) => {
          current = statement
        }),
    })
  }
  try {
    // A no-transaction migration repeats single statements instead.
    await (noTransaction
      ? once()
      : retryOnLockTimeout(migration.id, events, async () => {
          try {
            await once()
          } catch (error) {
            await session.client.query('ROLLBACK').catch(() => undefined)
            throw error
          }
        }))
    if (noTransaction) await forgetAttempt(session, migration)
  } catch (error) {
    throw failed(migration, direction, current, error)
  }
}

/** What the defaults of the ledger's columns read. */
export function ledgerValues(
  migration: PlannedMigration,
  client: { user?: string | undefined },
): Record<string, string> {
  const values = {
    package: migration.package,
    version: migration.version,
    file: migration.file.name,
    checksum: migration.file.checksum,
    variables: JSON.stringify(migration.variables),
    applied_by: client.user ?? 'postgres',
    started_at: new Date().toISOString(),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`athena_migrations.${name}`, value]))
}

interface Run {
  noTransaction: boolean
  beforeStatement(statement: Statement | undefined): void
  runStatements(): Promise<void>
}

async function callRunner(
  client: pg.Client,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  run: Run,
): Promise<void> {
  const { runner } = await import('node-pg-migrate')
  const bySql = new Map(migration.statements.map((statement) => [`${statement.sql};`, statement]))
  // Sees which statement runs, so that an error can be told with its line.
  const observed = {
    query: (text: string, values?: unknown[]) => {
      run.beforeStatement(bySql.get(text))
      return client.query(text, values)
    },
  }
  const action = async (pgm: { sql(text: string): void; noTransaction(): void }): Promise<void> => {
    if (!run.noTransaction) for (const statement of migration.statements) pgm.sql(`${statement.sql};`)
    else {
      pgm.noTransaction()
      await run.runStatements()
    }
  }
  const actions = direction === 'up' ? { up: action, down: false as const } : { up: false as const, down: action }
  await runner({
    dbClient: observed as unknown as pg.Client,
    dir: anyFolder,
    direction,
    file: migration.id,
    migrationsSchema: 'athena_migrations',
    migrationsTable: 'migrations',
    // Order, lock and transactions are ours; see docs/decisions.
    checkOrder: false,
    noLock: true,
    singleTransaction: false,
    logger: silent,
    migrationLoaderStrategies: [
      { extensions: ['.sql'], loader: async (filePaths) => [{ id: `${migration.id}.sql`, filePaths, actions }] },
    ],
  })
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

function failed(
  migration: PlannedMigration,
  direction: 'up' | 'down',
  statement: Statement | undefined,
  cause: unknown,
): AthenaError {
  const error = toAthenaError(cause) as Partial<AthenaError> & Error
  const position = Number((cause as { position?: string }).position ?? 1)
  const at = lineAndColumn(
    migration.file.text,
    migration.rendered.positionInFile((statement?.offset ?? 0) + position - 1),
  )
  const place = statement === undefined ? '' : `${migration.file.path}:${at.line}:${at.column}: `
  const { noTransaction } = migration.source.directives
  const kept = noTransaction
    ? `Statements before it are done and recorded; \`athena migrate ${direction}\` goes on from there.`
    : 'Nothing of this migration was applied or recorded; those before it are.'
  return new AthenaError({
    code: 'migration_failed',
    message: `migration ${migration.package}/${migration.file.name} failed`,
    detail: `${place}${error.message}${sqlState(cause)}${error.detail === undefined ? '' : `\n${error.detail}`}`,
    hint: [
      isLockTimeout(cause)
        ? 'Another session held the lock for too long: find it in pg_stat_activity, or run this at a quieter time.'
        : error.hint,
      kept,
    ]
      .filter((part) => part !== undefined)
      .join('\n'),
    cause,
  })
}

function sqlState(cause: unknown): string {
  const { code } = cause as { code?: string }
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? ` (${code})` : ''
}
