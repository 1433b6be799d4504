import { literal } from '@athena-pg/database'
import type { WorkSession } from '../session.ts'
import { type RangeVar, relationName } from '../sql-text/relation-name.ts'
import type { Statement } from '../sql-text/statements.ts'

/** What runs CONCURRENTLY besides CREATE INDEX, in several transactions of its own: stopped between them, it leaves something behind. */
export function isConcurrent(tree: Statement['tree']): boolean {
  return tree.DropStmt?.concurrent === true || isReindex(tree) || detachOf(tree) !== undefined
}

/** DETACH takes the partition away from its readers in the end, so it waits only briefly: its next try finalizes. */
export function isPatient(tree: Statement['tree']): boolean {
  return tree.DropStmt?.concurrent === true || isReindex(tree)
}

/**
 * Work that waits for older transactions, and for which nobody waits but other DDL; a lock_timeout would stop it halfway
 * each time. So it waits as long as it takes, unless the file says otherwise.
 */
export async function waitingForLocks(session: WorkSession, work: () => Promise<unknown>): Promise<void> {
  const { client } = session
  const { rows } = await client.query(`SELECT current_setting('lock_timeout') AS before`)
  await client.query('SET lock_timeout = 0')
  try {
    await work()
  } finally {
    await client.query(`SET lock_timeout = ${literal(rows[0]?.before ?? '0')}`).catch(() => undefined)
  }
}

/**
 * Runs it, and first clears up what an earlier try left: invalid copies of REINDEX (`_ccnew`, `_ccold`), a partition that is pending
 * detach, an index that DROP has done with already.
 * @param mayHaveBegun by a try before, of this run or of one that was stopped
 */
export async function runConcurrent(
  session: WorkSession,
  { sql, tree }: Statement,
  mayHaveBegun: boolean,
): Promise<void> {
  const { client } = session
  if (isReindex(tree)) await dropLeftovers(session, tree)
  try {
    await client.query(sql)
  } catch (error) {
    if (!mayHaveBegun) throw error
    const { code } = error as { code?: string }
    const detach = detachOf(tree)
    // 42704: the index is gone, and the run stopped before that was noted.
    if (code === '42704' && tree.DropStmt?.concurrent === true) return
    // 55000: pending detach already; 42P01: no partition any more.
    if (detach === undefined) throw error
    if (code === '55000')
      await client.query(`ALTER TABLE ${detach.parent} DETACH PARTITION ${detach.partition} FINALIZE`)
    else if (code !== '42P01' || !(await isThere(session, detach.partition))) throw error
  }
}

function isReindex({ ReindexStmt }: Statement['tree']): boolean {
  const options = (ReindexStmt?.params ?? []) as { DefElem: { defname: string; arg?: unknown } }[]
  return options.some(({ DefElem }) => DefElem.defname === 'concurrently' && DefElem.arg === undefined)
}

async function dropLeftovers({ client }: WorkSession, { ReindexStmt }: Statement['tree']): Promise<void> {
  const { relation } = ReindexStmt as { relation?: RangeVar }
  const named = relation === undefined ? '' : literal(relationName(relation))
  // Of a whole schema or database, any table's.
  const tables =
    relation === undefined
      ? ''
      : `AND i.indrelid IN (SELECT coalesce(of.indrelid, named.relid)
                            FROM (SELECT to_regclass(${named}) AS relid UNION SELECT relid FROM pg_partition_tree(to_regclass(${named}))) AS named
                            LEFT JOIN pg_index of ON of.indexrelid = named.relid)`
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND n.nspname !~ '^pg_' ${tables}
        AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)`,
  )
  for (const { name } of rows) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`)
}

function detachOf({ AlterTableStmt }: Statement['tree']): { parent: string; partition: string } | undefined {
  const [command] = (AlterTableStmt?.cmds ?? []) as { AlterTableCmd?: { def?: { PartitionCmd?: PartitionCommand } } }[]
  const part = command?.AlterTableCmd?.def?.PartitionCmd
  if (part?.concurrent !== true) return undefined
  return { parent: relationName(AlterTableStmt?.relation as RangeVar), partition: relationName(part.name) }
}

interface PartitionCommand {
  name: RangeVar
  concurrent?: boolean
}

async function isThere({ client }: WorkSession, relation: string): Promise<boolean> {
  const { rows } = await client.query(`SELECT to_regclass(${literal(relation)}) IS NOT NULL AS there`)
  return rows[0]?.there === true
}
