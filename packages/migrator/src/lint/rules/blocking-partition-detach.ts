import { alterationsInUse } from '../alterations.ts'
import { append } from '../edit.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'blocking_partition_detach',
  level: 'warning',
  places: ['up', 'down'],
  statements: ['AlterTableStmt'],
  reason:
    'DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table: it waits for every open query, and all others wait behind it.',
  help: 'Write DETACH PARTITION … CONCURRENTLY, in a file with --! no-transaction at the top. It is refused beside a DEFAULT partition, and by Citus.',
  source: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION',
  ok: [
    '--! no-transaction\n-- Up Migration\nALTER TABLE app.events DETACH PARTITION app.events_2020 CONCURRENTLY;\n\n-- Down Migration\n',
    'ALTER TABLE app.events ATTACH PARTITION app.events_2020 FOR VALUES IN (1);',
  ],
  err: ['ALTER TABLE app.events DETACH PARTITION app.events_2020;'],
  *check(context) {
    for (const { table, command } of alterationsInUse(context)) {
      const partition = as(command.def, 'PartitionCmd')
      if (command.subtype !== 'AT_DetachPartition' || partition?.concurrent === true) continue
      const edit = append(context.statement, ' CONCURRENTLY')
      yield {
        detail: `${nameOf(table)} is in use.`,
        fix: edit !== undefined && context.section.length === 1 ? { edits: [edit], noTransaction: true } : undefined,
      }
    }
  },
}
