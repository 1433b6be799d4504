import type { Context, Rule } from '../rule.ts'
import { allOf, as } from '../tree.ts'

/** What PostgreSQL refuses inside a transaction block; CREATE INDEX CONCURRENTLY is refused by the plan already. */
function refusedInTransaction({ statement: { tree } }: Context): string | undefined {
  const drop = as(tree, 'DropStmt')
  if (drop?.concurrent === true) return 'DROP INDEX CONCURRENTLY'
  if (allOf(as(tree, 'ReindexStmt')?.params, 'DefElem').some(({ defname }) => defname === 'concurrently'))
    return 'REINDEX CONCURRENTLY'
  if (as(tree, 'VacuumStmt')?.is_vacuumcmd === true) return 'VACUUM'
  if (as(tree, 'AlterSystemStmt') !== undefined) return 'ALTER SYSTEM'
  if (as(tree, 'CreatedbStmt') !== undefined) return 'CREATE DATABASE'
  if (as(tree, 'DropdbStmt') !== undefined) return 'DROP DATABASE'
  if (as(tree, 'CreateTableSpaceStmt') !== undefined) return 'CREATE TABLESPACE'
  if (as(tree, 'DropTableSpaceStmt') !== undefined) return 'DROP TABLESPACE'
  const cluster = as(tree, 'ClusterStmt')
  if (cluster !== undefined && cluster.relation === undefined) return 'CLUSTER of all tables'
  for (const { subtype, def } of allOf(as(tree, 'AlterTableStmt')?.cmds, 'AlterTableCmd')) {
    if (subtype === 'AT_DetachPartition' && as(def, 'PartitionCmd')?.concurrent === true)
      return 'DETACH PARTITION CONCURRENTLY'
  }
  return undefined
}

export const rule: Rule = {
  id: 'statement_in_transaction',
  level: 'error',
  places: ['up', 'down'],
  statements: [
    'DropStmt',
    'ReindexStmt',
    'VacuumStmt',
    'AlterSystemStmt',
    'CreatedbStmt',
    'DropdbStmt',
    'CreateTableSpaceStmt',
    'DropTableSpaceStmt',
    'ClusterStmt',
    'AlterTableStmt',
  ],
  reason: 'PostgreSQL refuses this statement inside a transaction, and a migration is one.',
  help: 'Put it into a file of its own, with --! no-transaction at the top.',
  source: 'https://www.postgresql.org/docs/current/sql-begin.html',
  ok: ['--! no-transaction\n-- Up Migration\nVACUUM app.notes;\n\n-- Down Migration\n', 'ANALYZE app.notes;'],
  err: [
    'DROP INDEX CONCURRENTLY app.idx_notes_title;',
    'VACUUM app.notes;',
    'ALTER TABLE app.events DETACH PARTITION app.events_2020 CONCURRENTLY;',
  ],
  *check(context) {
    if (context.noTransaction) return
    const what = refusedInTransaction(context)
    if (what === undefined) return
    const fix = context.section.length === 1 ? { edits: [], noTransaction: true } : undefined
    yield { detail: `${what} cannot run inside a transaction block.`, fix }
  },
}
