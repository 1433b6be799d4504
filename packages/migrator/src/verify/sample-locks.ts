import type { Database } from '@athena-pg/database'
import { literal } from '@athena-pg/database'
import type pg from 'pg'
import { apply } from '../apply.ts'
import type { Plan, PlannedMigration } from '../plan.ts'
import { type LockMode, locksOf, modeOf, stronger, type TracedStatement } from './lock-modes.ts'
import { type Relation, relationsNow } from './relations.ts'

/** Milliseconds between two looks. */
const interval = 3

/** By the text that the session ran, the strongest lock on each relation. */
type Samples = Map<string, Map<string, LockMode>>

/**
 * A statement that cannot run in a transaction is watched from another session. On an empty table it would be over before anybody
 * looks, so there are gates: sessions that hold ROW EXCLUSIVE, as writers do, on every table that exists, until the work is seen
 * to wait. The next one is shut before the last one opens. What does not wait for writers may still go unseen.
 */
export async function sampleLocks(
  shadow: Database,
  plan: Plan,
  migration: PlannedMigration,
): Promise<TracedStatement[]> {
  const watcher = await shadow.open('migrate watch')
  const gates: [pg.Client, pg.Client] = [await shadow.open('migrate gate'), await shadow.open('migrate gate')]
  try {
    const existing = await relationsNow(watcher)
    const tables = await tablesToHold(watcher, existing)
    const samples: Samples = new Map()
    let isDone = false
    await shut(gates[0], tables)
    const work = apply(shadow, plan).finally(() => {
      isDone = true
    })
    const watching = watch(watcher, gates, tables, samples, () => isDone)
    await Promise.allSettled([work, watching])
    await work
    await watching
    return tracedFrom(samples, migration, existing, await relationsNow(watcher))
  } finally {
    await Promise.all([watcher, ...gates].map((client) => client.end().catch(() => undefined)))
  }
}

/** @param gates the first is shut, the second open */
async function watch(
  watcher: pg.Client,
  gates: readonly [pg.Client, pg.Client],
  tables: readonly string[],
  samples: Samples,
  isDone: () => boolean,
): Promise<void> {
  let [closed, open] = gates
  while (!isDone()) {
    if (await look(watcher, samples)) {
      await shut(open, tables)
      await closed.query('ROLLBACK')
      ;[closed, open] = [open, closed]
    } else await pause(interval)
  }
  await closed.query('ROLLBACK')
}

/** What the work has locked against writers, or waits to lock, is left out: holding that as well would let it wait for ever. */
async function shut(gate: pg.Client, tables: readonly string[]): Promise<void> {
  await gate.query(`BEGIN; DO $gate$
    DECLARE name text;
    BEGIN
      FOREACH name IN ARRAY ARRAY[${tables.map(literal).join(', ')}]::text[] LOOP
        BEGIN
          EXECUTE 'LOCK TABLE ONLY ' || name || ' IN ROW EXCLUSIVE MODE NOWAIT';
        EXCEPTION WHEN lock_not_available OR undefined_table THEN NULL;
        END;
      END LOOP;
    END $gate$`)
}

async function tablesToHold(client: pg.Client, existing: ReadonlyMap<string, Relation>): Promise<string[]> {
  const { rows } = await client.query<{ oid: string }>(`SELECT oid::text FROM pg_class WHERE relkind IN ('r', 'p')`)
  return rows.map(({ oid }) => existing.get(oid)?.name).filter((name) => name !== undefined)
}

/**
 * Notes what the working session has locked, or asks for, and tells whether it waits. Its text and its locks are not read at
 * one moment, so they count only where the same statement still runs after the look.
 */
async function look(watcher: pg.Client, samples: Samples): Promise<boolean> {
  const { rows } = await watcher.query<Seen & { waits: boolean; oid: string | null; mode: string }>(
    `SELECT ${statementSeen}, a.wait_event_type IS NOT DISTINCT FROM 'Lock' AS waits, l.relation::text AS oid, l.mode
       FROM ${workSession} JOIN pg_locks l USING (pid)
      WHERE (l.relation IS NULL OR l.database = a.datid)
        -- What locks a page, a row, or the file while it grows has a relation as well.
        AND (l.relation IS NULL OR l.locktype = 'relation')`,
  )
  if (rows.length === 0) return false
  const { rows: after } = await watcher.query<Seen>(`SELECT ${statementSeen} FROM ${workSession}`)
  const still = rows.filter(({ pid, startedAt }) =>
    after.some((each) => each.pid === pid && each.startedAt === startedAt),
  )
  for (const { query, oid, mode } of still) {
    if (oid === null) continue
    const locks = samples.get(query) ?? new Map<string, LockMode>()
    samples.set(query, locks.set(oid, stronger(locks.get(oid), modeOf(mode))))
  }
  return still.some(({ waits }) => waits)
}

interface Seen {
  pid: number
  query: string
  startedAt: string
}

const statementSeen = 'a.pid, a.query, a.query_start::text AS "startedAt"'
const workSession = `(SELECT * FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'athena migrate up') AS a`

function tracedFrom(
  samples: Samples,
  migration: PlannedMigration,
  existing: ReadonlyMap<string, Relation>,
  after: ReadonlyMap<string, Relation>,
): TracedStatement[] {
  const base = { migration: `${migration.package}/${migration.file.name}`, milliseconds: null, isSampled: true }
  const own = new Set(migration.statements.map(({ sql }) => sql))
  const seen = [...samples]
    .map(([sql, locks]) => ({ ...base, sql, locks: locksOf(locks, new Map(), { existing, before: existing, after }) }))
    // What the runner itself asks about indexes only reads.
    .filter(({ sql, locks }) => own.has(sql) || locks.some(({ mode }) => mode !== 'ACCESS SHARE'))
  const texts = new Set(seen.map(({ sql }) => sql))
  const unseen = migration.statements.filter(({ sql, tree }) => !texts.has(sql) && tree.IndexStmt?.concurrent !== true)
  return [...seen, ...unseen.map(({ sql }) => ({ ...base, sql, locks: [] }))]
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
