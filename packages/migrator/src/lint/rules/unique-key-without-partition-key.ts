import { tableOf } from '../known.ts'
import type { Rule } from '../rule.ts'
import { allOf, as, constraintsOf, parts } from '../tree.ts'

const unique = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE']

export const rule: Rule = {
  id: 'unique_key_without_partition_key',
  level: 'error',
  places: ['up', 'down'],
  statements: ['CreateStmt', 'AlterTableStmt'],
  reason:
    'PostgreSQL refuses a primary key or UNIQUE on a partitioned table that does not contain every column of the partition key, and any beside a partition key that is an expression.',
  help: 'Put the columns of the partition key into the key; in place of an expression store its value in a column of its own.',
  source: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS',
  ok: [
    'CREATE TABLE app.events (id bigint, at timestamptz, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);',
    "CREATE TABLE app.events (id bigint, at timestamptz) PARTITION BY RANGE ((date_trunc('month', at, 'UTC')));",
  ],
  err: [
    'CREATE TABLE app.events (id bigint PRIMARY KEY, at timestamptz) PARTITION BY RANGE (at);',
    "CREATE TABLE app.events (id bigint, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE ((date_trunc('month', at, 'UTC')));",
    'CREATE TABLE app.events (id bigint, at timestamptz) PARTITION BY RANGE (at);\nALTER TABLE app.events ADD UNIQUE (id);',
  ],
  *check({ statement, known }) {
    const create = as(statement.tree, 'CreateStmt')
    const alter = as(statement.tree, 'AlterTableStmt')
    const key =
      create?.partspec === undefined
        ? tableOf(known, alter?.relation)?.partitionKey
        : allOf(create.partspec.partParams, 'PartitionElem').map(({ name }) => name)
    if (key === undefined) return
    const added = allOf(alter?.cmds, 'AlterTableCmd').flatMap(({ def }) => as(def, 'Constraint') ?? [])
    const keys = [...allOf(create?.tableElts, 'Constraint'), ...added].map((constraint) => ({
      constraint,
      columns: parts(constraint.keys),
    }))
    for (const column of allOf(create?.tableElts, 'ColumnDef'))
      for (const constraint of constraintsOf(column)) keys.push({ constraint, columns: [column.colname ?? ''] })
    for (const { constraint, columns } of keys) {
      if (!unique.includes(constraint.contype ?? '') || constraint.indexname !== undefined) continue
      const missing = key.find((column) => column === undefined || !columns.includes(column))
      if (key.includes(undefined)) yield { at: constraint.location, detail: 'The partition key is an expression.' }
      else if (missing !== undefined)
        yield { at: constraint.location, detail: `${missing} is missing in (${columns.join(', ')}).` }
    }
  },
}
