import type { Database } from '@athena-pg/database'
import type pg from 'pg'
import { apply } from '../apply.ts'
import type { Plan, PlannedMigration } from '../plan.ts'
import { openWorkSession, resetSql } from '../session.ts'
import { type LockMode, locksOf, modeOf, stronger, type TracedStatement } from './lock-modes.ts'
import { relationsNow } from './relations.ts'
import { sampleLocks } from './sample-locks.ts'

/** Applies a plan of one migration, and tells what its statements locked. On the embedded database nobody else could wait. */
export async function applyTraced(shadow: Database, plan: Plan): Promise<TracedStatement[]> {
  const migration = plan.migrations[0]
  if (shadow.kind === 'embedded' || migration === undefined) {
    await apply(shadow, plan)
    return []
  }
  if (migration.source.directives.noTransaction) return sampleLocks(shadow, plan, migration)
  const traced = await trace(shadow, migration)
  await apply(shadow, plan)
  return traced
}

/**
 * Runs the statements in a transaction that is rolled back, and looks at pg_locks after each: all locks are still held then, and
 * what the statement added is its own.
 */
async function trace(shadow: Database, migration: PlannedMigration): Promise<TracedStatement[]> {
  const session = await openWorkSession(await shadow.open('migrate trace'))
  const { client } = session
  const traced: TracedStatement[] = []
  try {
    await client.query(`${resetSql(session, {})}; BEGIN`)
    const existing = await relationsNow(client)
    let relations = existing
    let held = new Map<string, LockMode>()
    for (const { sql } of migration.statements) {
      const startedAt = performance.now()
      // What is wrong with a statement is told by the run that follows, with its line.
      if (!(await succeeds(client, sql))) break
      const milliseconds = performance.now() - startedAt
      const now = await relationsNow(client)
      const locks = await heldLocks(client)
      traced.push({
        migration: `${migration.package}/${migration.file.name}`,
        sql,
        milliseconds,
        isSampled: false,
        locks: locksOf(locks, held, { existing, before: relations, after: now }),
      })
      held = locks
      relations = now
    }
    await client.query('ROLLBACK')
    return traced
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function succeeds(client: pg.Client, sql: string): Promise<boolean> {
  return client.query(sql).then(
    () => true,
    () => false,
  )
}

/** The strongest lock of this session on each relation, by object id. */
async function heldLocks(client: pg.Client): Promise<Map<string, LockMode>> {
  const { rows } = await client.query<{ oid: string; mode: string }>(
    `SELECT relation::text AS oid, mode FROM pg_locks
      WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  const strongest = new Map<string, LockMode>()
  for (const { oid, mode } of rows) strongest.set(oid, stronger(strongest.get(oid), modeOf(mode)))
  return strongest
}
