import { fileURLToPath } from 'node:url'
import { literal } from '@athena-pg/database'
import type pg from 'pg'
import type { PlannedMigration } from '../plan.ts'
import type { Statement } from '../sql-text/statements.ts'

export interface RunnerCall {
  /** Settings, sent in one message with BEGIN. */
  before: string
  /** Milliseconds that the statements of a transaction may wait for locks, together; 0 for ever. */
  lockTimeout: number
  /** Called as each statement is sent, so that an error can be told with its line. */
  starting(statement: Statement): void
  /** Does the statements of a no-transaction migration itself. */
  runStatements(): Promise<void>
}

// node-pg-migrate wants a folder with at least one file for the loader; ours answers with the migration whatever it is given.
const anyFolder = fileURLToPath(new URL('../../sql/', import.meta.url))

/** One migration through node-pg-migrate's public runner(), which writes or deletes its ledger row as its last statement. */
export async function callRunner(
  client: pg.Client,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  call: RunnerCall,
): Promise<void> {
  const { runner } = await import('node-pg-migrate')
  const { noTransaction } = migration.source.directives
  const action = async (pgm: { sql(text: string): void; noTransaction(): void }): Promise<void> => {
    if (noTransaction) {
      pgm.noTransaction()
      await client.query(call.before)
      await call.runStatements()
    } else for (const statement of migration.statements) pgm.sql(sent(statement))
  }
  await runner({
    dbClient: thriftyClient(client, migration, direction, call) as unknown as pg.Client,
    dir: anyFolder,
    direction,
    file: migration.id,
    migrationsSchema: 'athena_migrations',
    migrationsTable: 'migrations',
    // Order, lock and retry are ours; see docs/decisions.
    checkOrder: false,
    noLock: true,
    singleTransaction: false,
    logger: silent,
    migrationLoaderStrategies: [
      {
        extensions: ['.sql'],
        loader: async (filePaths) => [
          // Never leave one out: the runner would take the other for it.
          { id: `${migration.id}.sql`, filePaths, actions: { up: false, down: false, [direction]: action } },
        ],
      },
    ],
  })
}

function sent(statement: Statement): string {
  return `${statement.sql};`
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * A client that saves round trips, which are most of what a small migration costs. What the runner asks about the ledger is known
 * already (it is there, and whether the migration is in it); BEGIN goes with the first statement, and COMMIT with the ledger
 * row before it. Any text that is not recognized goes to the server as it is.
 */
function thriftyClient(
  client: pg.Client,
  migration: PlannedMigration,
  direction: 'up' | 'down',
  call: RunnerCall,
): { query(text: string): Promise<unknown> } {
  const { noTransaction } = migration.source.directives
  let next = 0
  let spent = 0
  const isShared = !noTransaction && call.lockTimeout > 0 && !migration.statements.some(setsLockTimeout)
  let held = ''
  const flush = (text: string): Promise<unknown> => {
    const before = held
    held = ''
    return client.query(before + text).catch((error: { position?: string }) => {
      // PostgreSQL counts from the beginning of the message.
      if (error.position !== undefined) error.position = String(Number(error.position) - [...before].length)
      throw error
    })
  }
  const hold = (text: string): { rows: [] } => {
    held += `${text} `
    return { rows: [] }
  }
  return {
    query: async (text) => {
      const rows = knownRows(text, migration.id, direction)
      if (rows !== undefined) return { rows }
      if (text === 'BEGIN;') return hold(`${call.before}; BEGIN;`)
      if (isLedgerRow.test(text)) {
        // A role that the migration SET may have no right to write the row.
        hold('RESET SESSION AUTHORIZATION; RESET ROLE;')
        // One message is one transaction: the row stands, and the attempt that led to it is forgotten.
        return noTransaction ? flush(`${text} ${forgetAttempt(migration.id)}`) : hold(text)
      }
      const statement = migration.statements[next]
      if (statement !== undefined && text === sent(statement)) {
        next += 1
        call.starting(statement)
        if (!isShared) return flush(text)
        // What queues behind the statements before this one waits on while this one waits.
        if (spent >= 1)
          hold(`SET LOCAL lock_timeout = ${Math.ceil(Math.max(call.lockTimeout / 5, call.lockTimeout - spent))};`)
        const startedAt = performance.now()
        return flush(text).finally(() => {
          spent += performance.now() - startedAt
        })
      }
      return flush(text)
    },
  }
}

/** A file that decides for itself. */
function setsLockTimeout({ tree }: Statement): boolean {
  return tree.VariableSetStmt?.name === 'lock_timeout'
}

/** Attempts whose migration is recorded, or taken back, have done their work. */
function forgetAttempt(id: string): string {
  return `DELETE FROM athena_migrations.attempts WHERE name = ${literal(id)}`
}

const isLedgerRow = /^(INSERT INTO|DELETE FROM) "athena_migrations"\."migrations" /

/** Answers to what the runner asks before it runs anything; undefined for any other text. */
function knownRows(text: string, id: string, direction: 'up' | 'down'): Record<string, string>[] | undefined {
  if (text.startsWith('SELECT table_name FROM information_schema.tables')) return [{ table_name: 'migrations' }]
  if (text.startsWith('SELECT constraint_name FROM information_schema.'))
    return [{ constraint_name: 'migrations_pkey' }]
  if (text.startsWith('SELECT name FROM "athena_migrations"."migrations"')) {
    return direction === 'up' ? [] : [{ name: id }]
  }
  return undefined
}
