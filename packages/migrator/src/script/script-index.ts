import { identifier, literal } from '@athena-pg/database'
import { type ConcurrentIndex, concurrentIndexOf, type Statement } from '../sql-text/statements.ts'

/** Whether the table is partitioned is known only when the script runs: psql's \gexec asks then. */
export function outsideTransaction(statement: Statement): string {
  const index = concurrentIndexOf(statement)
  if (index === undefined) return `${statement.sql};`
  const unique = index.unique ? 'UNIQUE ' : ''
  const root = literal(`${identifier(index.schema)}.${identifier(index.name)}`)
  const onOnly = `CREATE ${unique}INDEX ${identifier(index.name)} ON ONLY ${index.fromTable}`
  const definition = `pg_get_indexdef(${root}::regclass)`
  const suffix = `substr(${definition}, strpos(${definition}, ' USING '))`
  const ask = (format: string, values: string, rest: string) =>
    `SELECT format(${[literal(format), values].join(', ')})\n  ${partitionsOf(index)}\n  ${rest} \\gexec`
  return [
    `SELECT CASE relkind WHEN 'p' THEN ${literal(onOnly)} ELSE ${literal(statement.sql)} END FROM pg_class WHERE oid = ${tableOf(index)}::regclass \\gexec`,
    ask(
      `CREATE ${unique}INDEX %I ON ONLY %I.%I %s`,
      `own.name, own.schema, own.relname, ${suffix}`,
      'WHERE NOT t.isleaf ORDER BY t.level',
    ),
    ask(
      `CREATE ${unique}INDEX CONCURRENTLY %I ON %I.%I %s`,
      `own.name, own.schema, own.relname, ${suffix}`,
      "WHERE t.isleaf AND own.relkind = 'r' ORDER BY own.relname",
    ),
    ask(
      'ALTER INDEX %I.%I ATTACH PARTITION %I.%I',
      'above.schema, above.name, own.schema, own.name',
      'ORDER BY t.level DESC, own.relname',
    ),
  ].join('\n')
}

function tableOf(index: ConcurrentIndex): string {
  return literal(`${identifier(index.schema)}.${identifier(index.table)}`)
}

/** Partitions at every level with the name of the index that each gets, as `athena migrate up` names them. */
function partitionsOf(index: ConcurrentIndex): string {
  const name = literal(index.name)
  const table = literal(index.table)
  const named = (alias: string, relation: string) => `LATERAL (
    SELECT c.relname, c.relkind, n.nspname AS schema, CASE WHEN octet_length(long) <= 63 THEN long ELSE left(long, 54) || '_' || left(encode(sha256(convert_to(long, 'UTF8')), 'hex'), 8) END AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
           LATERAL (SELECT CASE WHEN c.oid = ${tableOf(index)}::regclass THEN ${name} WHEN strpos(${name}, ${table}) > 0
             THEN overlay(${name} PLACING c.relname FROM strpos(${name}, ${table}) FOR length(${table})) ELSE ${name} || '_' || c.relname END AS long) AS l
     WHERE c.oid = ${relation}) AS ${alias}`
  return `FROM (SELECT * FROM pg_partition_tree(${tableOf(index)}) WHERE level > 0) AS t, ${named('own', 't.relid')}, ${named('above', 't.parentrelid')}`
}
