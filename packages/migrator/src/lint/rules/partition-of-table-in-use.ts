import { isNew, tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { as, nameOf } from '../tree.ts'

export const rule: Rule = {
  id: 'partition_of_table_in_use',
  level: 'warning',
  places: ['up', 'down'],
  statements: ['CreateStmt'],
  reason:
    'CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the partitioned table: it waits for every open query, and all others wait behind it.',
  help: 'CREATE TABLE … (LIKE parent INCLUDING ALL), then ALTER TABLE parent ATTACH PARTITION, which takes SHARE UPDATE EXCLUSIVE. For months: athena.ensure_partitions().',
  source: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE',
  ok: [
    'CREATE TABLE app.events (n int) PARTITION BY LIST (n);\nCREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES IN (1);',
    'CREATE TABLE app.drafts () INHERITS (app.notes);',
  ],
  err: ['CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES IN (1);'],
  *check({ statement, known }) {
    const create = as(statement.tree, 'CreateStmt')
    const parent = as(create?.inhRelations?.[0], 'RangeVar')
    if (create?.partbound === undefined || parent === undefined || isNew(known, parent)) return
    const isDefault = tableOf(known, parent) !== undefined && create.partbound.is_default === true
    yield {
      detail: `${nameOf(parent)} is in use.${isDefault ? ' A DEFAULT partition is scanned for every later one.' : ''}`,
    }
  },
}
