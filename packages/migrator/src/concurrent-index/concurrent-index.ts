import { createHash } from 'node:crypto'
import { AthenaError, type Database, identifier, literal } from '@athena-pg/database'
import type { PlanEvents } from '../events.ts'
import type { WorkSession } from '../session.ts'
import type { ConcurrentIndex } from '../sql-text/statements.ts'
import { retryOnLockTimeout } from '../waiting/retry.ts'
import { waitingForLocks } from './concurrent-statement.ts'
import { watchProgress } from './progress.ts'

interface IndexState {
  /** Quoted and qualified. */
  name: string
  isValid: boolean
  /** Quoted and qualified table that it is on. */
  table: string
  /** A session is building it now. */
  builder: number | null
}

/** One partition, at the time of asking. */
interface Partition {
  /** Quoted and qualified. */
  name: string
  /** Unquoted, as it gives the index its name. */
  plainName: string
  /** An index lives in the schema of its table. */
  schema: string
  isPartitioned: boolean
  /** Its index is part of the parent's already. */
  isAttached: boolean
}

/**
 * CREATE INDEX CONCURRENTLY that ends with a valid index or an error, also on a partitioned table, where PostgreSQL refuses it:
 * there ON ONLY the parent (which reads no row), CONCURRENTLY for each partition, then ATTACH.
 *
 * Locks: SHARE on the parent for the moment of its catalogue entry, SHARE UPDATE EXCLUSIVE on each partition while it is built.
 *
 * @throws AthenaError `index_invalid`, `index_exists`, `index_being_built`
 */
export async function buildConcurrently(task: BuildTask, index: ConcurrentIndex, sql: string): Promise<void> {
  const { session, events, mayExist } = task
  const table = `${identifier(index.schema)}.${identifier(index.table)}`
  const { rows } = await session.client.query(
    `SELECT relkind = 'p' AS partitioned FROM pg_class WHERE oid = ${literal(table)}::regclass`,
  )
  if (rows[0]?.partitioned !== true) {
    await buildOne(task, { schema: index.schema, name: index.name, table, sql })
    return
  }
  const parent = `${identifier(index.schema)}.${identifier(index.name)}`
  const state = await stateOf(session, parent)
  if (state !== undefined && !mayExist) throw exists(state)
  if (state === undefined) {
    const unique = index.unique ? 'UNIQUE ' : ''
    const create = `CREATE ${unique}INDEX ${identifier(index.name)} ON ONLY ${index.fromTable}`
    await retryOnLockTimeout(session, parent, events, () => session.client.query(create))
  }
  await buildPartitions(task, index.schema, index.name, table)
  await assertValid(session, parent)
}

export interface BuildTask {
  database: Database
  session: WorkSession
  events: PlanEvents
  /** An interrupted run may have left the index: then what is there and valid is taken as done. */
  mayExist: boolean
  /** What the file's own directive says. */
  lockTimeout: string | undefined
}

async function buildPartitions(
  task: BuildTask,
  schema: string,
  parentIndex: string,
  parentTable: string,
): Promise<void> {
  const { client } = task.session
  const parent = `${identifier(schema)}.${identifier(parentIndex)}`
  const { prefix, suffix } = await definitionOf(task.session, parent)
  const partitions = await partitionsOf(task.session, parentTable, parent)
  for (const [position, partition] of partitions.entries()) {
    if (partition.isAttached) continue
    const name = partitionIndexName(parentIndex, parentTable, partition.plainName)
    const qualified = `${identifier(partition.schema)}.${identifier(name)}`
    if (partition.isPartitioned) {
      if ((await stateOf(task.session, qualified)) === undefined) {
        await retryOnLockTimeout(task.session, qualified, task.events, () =>
          client.query(`${prefix} ${identifier(name)} ON ONLY ${partition.name} ${suffix}`),
        )
      }
      await buildPartitions(task, partition.schema, name, partition.name)
    } else {
      const sql = `${prefix} CONCURRENTLY ${identifier(name)} ON ${partition.name} ${suffix}`
      const progress = { name: partition.plainName, number: position + 1, of: partitions.length }
      // A valid one that is not attached is what a run that stopped before ATTACH leaves behind.
      const one = { schema: partition.schema, name, table: partition.name, sql }
      await buildOne({ ...task, mayExist: true }, one, progress)
    }
    await retryOnLockTimeout(task.session, qualified, task.events, () =>
      client.query(`ALTER INDEX ${parent} ATTACH PARTITION ${qualified}`),
    )
  }
}

async function buildOne(
  task: BuildTask,
  index: { schema: string; name: string; table: string; sql: string },
  partition?: { name: string; number: number; of: number },
): Promise<void> {
  const { client } = task.session
  const qualified = `${identifier(index.schema)}.${identifier(index.name)}`
  const stop = watchProgress(
    task.database,
    task.session,
    { index: index.name, ...(partition && { partition }) },
    task.events,
  )
  try {
    await retryOnLockTimeout(task.session, qualified, task.events, async (attempt) => {
      const state = await stateOf(task.session, qualified)
      if (state?.builder != null) throw beingBuilt(state)
      // A build that timed out on a lock leaves an invalid index of our own behind, as a killed one does.
      if (state?.isValid === false && isOn(state, index.table))
        await client.query(`DROP INDEX CONCURRENTLY ${qualified}`)
      else if (state !== undefined) {
        if (isOn(state, index.table) && (task.mayExist || attempt > 1)) return
        throw exists(state)
      }
      await (task.lockTimeout === undefined
        ? waitingForLocks(task.session, () => client.query(index.sql))
        : client.query(index.sql))
    })
  } finally {
    await stop()
  }
  await assertValid(task.session, qualified)
}

function isOn(state: IndexState, table: string): boolean {
  return state.table === table
}

async function stateOf(session: WorkSession, qualified: string): Promise<IndexState | undefined> {
  const { rows } = await session.client.query<IndexState>(
    `SELECT $1 AS name, i.indisvalid AS "isValid", '"' || replace(n.nspname, '"', '""') || '"."' || replace(t.relname, '"', '""') || '"' AS table,
            (SELECT p.pid FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid AND p.pid <> pg_backend_pid() LIMIT 1) AS builder
       FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      WHERE i.indexrelid = to_regclass($1)`,
    [qualified],
  )
  return rows[0]
}

async function assertValid(session: WorkSession, qualified: string): Promise<void> {
  const state = await stateOf(session, qualified)
  if (state?.isValid === true) return
  throw new AthenaError({
    code: 'index_invalid',
    message: `index ${qualified} is not valid after its build`,
    detail:
      state === undefined
        ? 'It is not there.'
        : 'PostgreSQL marks it invalid (pg_index.indisvalid): no query would use it.',
    hint: 'Run `athena migrate up` again: it drops what is invalid and builds it anew. Nothing was recorded.',
  })
}

/** CREATE [UNIQUE] INDEX, and what follows the table's name, as PostgreSQL itself writes them. */
async function definitionOf(session: WorkSession, parent: string): Promise<{ prefix: string; suffix: string }> {
  const { rows } = await session.client.query<{ definition: string; unique: boolean }>(
    `SELECT pg_get_indexdef(indexrelid) AS definition, indisunique AS unique FROM pg_index WHERE indexrelid = to_regclass($1)`,
    [parent],
  )
  const definition = rows[0]?.definition ?? ''
  return {
    prefix: rows[0]?.unique === true ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX',
    suffix: definition.slice(definition.indexOf(' USING ') + 1),
  }
}

async function partitionsOf(session: WorkSession, table: string, parentIndex: string): Promise<Partition[]> {
  const { rows } = await session.client.query<Partition>(
    `SELECT '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"' AS name, c.relname AS "plainName", n.nspname AS schema,
            c.relkind = 'p' AS "isPartitioned",
            EXISTS (SELECT FROM pg_inherits ii JOIN pg_index i ON i.indexrelid = ii.inhrelid JOIN pg_class ic ON ic.oid = i.indexrelid
                     WHERE ii.inhparent = to_regclass($2) AND i.indrelid = c.oid AND (i.indisvalid OR ic.relkind = 'i')) AS "isAttached"
       FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE h.inhparent = to_regclass($1) AND c.relkind IN ('r', 'p')
      ORDER BY c.relname`,
    [table, parentIndex],
  )
  return rows
}

/** idx_memories_embedding on memories_p00 → idx_memories_p00_embedding; at most PostgreSQL's 63 bytes. */
export function partitionIndexName(parentIndex: string, parentTable: string, partition: string): string {
  const table = parentTable.slice(parentTable.lastIndexOf('."') + 2, -1).replaceAll('""', '"')
  const name = parentIndex.includes(table) ? parentIndex.replace(table, () => partition) : `${parentIndex}_${partition}`
  if (Buffer.byteLength(name) <= 63) return name
  // What is cut off would make two partitions' names the same; a digest of the whole keeps them apart.
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${[...name].slice(0, 54).join('')}_${digest}`
}

function exists(state: IndexState): AthenaError {
  return new AthenaError({
    code: 'index_exists',
    message: `index ${state.name} exists already`,
    detail: `It is on ${state.table}, and no run of this migration made it.`,
    hint: `Rename or drop it if it is not needed: DROP INDEX CONCURRENTLY ${state.name};`,
  })
}

function beingBuilt(state: IndexState): AthenaError {
  return new AthenaError({
    code: 'index_being_built',
    message: `index ${state.name} is being built by another session`,
    detail: `pid ${state.builder} builds it now.`,
    hint: 'Wait until it is done, then run this again.',
  })
}
