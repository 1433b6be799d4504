import { createLedger } from './ledger.ts'
import type { Plan, PlannedFunction, PlannedMigration } from './plan.ts'
import { identifier, literal } from './render.ts'
import { ledgerValues } from './run-migration.ts'
import { concurrentIndexOf, type Statement } from './statements.ts'

/**
 * A plan as one script that plain psql runs (`psql -v ON_ERROR_STOP=1 -f`), ledger rows included. It takes no lock and
 * resumes nothing: `athena migrate up` does both.
 */
export function toScript(plan: Plan): string {
  const { direction } = plan.target
  const drops = plan.functions.filter(({ action }) => action === 'drop').map(dropFunction)
  const applies = plan.functions.filter(({ action }) => action === 'apply').map(applyFunction)
  const migrations = plan.migrations.map((migration) => scriptOf(migration, direction))
  const parts =
    direction === 'up'
      ? [`BEGIN;\n${createLedger.trim()}\nCOMMIT;`, ...migrations, ...drops, ...applies]
      : [...drops, ...migrations]
  const head = '\\set ON_ERROR_STOP on\n-- Written by athena migrate plan --show-sql; for psql.'
  return `${[head, ...parts].join('\n\n')}\n`
}

function scriptOf(migration: PlannedMigration, direction: 'up' | 'down'): string {
  const { noTransaction, lockTimeout } = migration.source.directives
  const timeout = `SET lock_timeout = ${literal(lockTimeout ?? '500ms')};`
  const statements = migration.statements.map(noTransaction ? outsideTransaction : (statement) => `${statement.sql};`)
  const settings = Object.entries(ledgerValues(migration, ''))
    .filter(([name]) => !/started_at|applied_by/.test(name))
    .map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`)
    .concat(
      "set_config('athena_migrations.applied_by', current_user, false)",
      "set_config('athena_migrations.started_at', clock_timestamp()::text, false)",
    )
  const row =
    direction === 'up'
      ? `INSERT INTO athena_migrations.migrations (name, run_on) VALUES (${literal(migration.id)}, now());`
      : `DELETE FROM athena_migrations.migrations WHERE name = ${literal(migration.id)};`
  const body = noTransaction ? [...statements, row] : ['BEGIN;', ...statements, row, 'COMMIT;']
  const before = direction === 'up' ? [`SELECT ${settings.join(',\n  ')} \\g /dev/null`] : []
  return [`\\echo ${direction} ${migration.id}`, 'RESET ALL;', timeout, ...before, ...body].join('\n')
}

/** Whether the table is partitioned is known only when the script runs: psql's \gexec asks then. */
function outsideTransaction(statement: Statement): string {
  const index = concurrentIndexOf(statement)
  if (index === undefined) return `${statement.sql};`
  const table = literal(`${identifier(index.schema)}.${identifier(index.table)}`)
  const parent = literal(`${identifier(index.schema)}.${identifier(index.name)}`)
  const unique = index.unique ? 'UNIQUE ' : ''
  const onOnly = `CREATE ${unique}INDEX ${identifier(index.name)} ON ONLY ${index.fromTable}`
  const partitions = `pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid, pg_class p WHERE p.oid = ${table}::regclass AND h.inhparent = p.oid AND p.relkind = 'p'`
  const name = `replace(${literal(index.name)}, p.relname, c.relname)`
  const definition = `pg_get_indexdef(${parent}::regclass)`
  return [
    `SELECT CASE relkind WHEN 'p' THEN ${literal(onOnly)} ELSE ${literal(statement.sql)} END FROM pg_class WHERE oid = ${table}::regclass \\gexec`,
    `SELECT format('CREATE ${unique}INDEX CONCURRENTLY %I ON %s %s', ${name}, c.oid::regclass, substr(${definition}, strpos(${definition}, ' USING ')))\n  FROM ${partitions} ORDER BY c.relname \\gexec`,
    `SELECT format('ALTER INDEX %s ATTACH PARTITION %I.%I', ${parent}, ${literal(index.schema)}, ${name})\n  FROM ${partitions} ORDER BY c.relname \\gexec`,
  ].join('\n')
}

function applyFunction(planned: PlannedFunction): string {
  const statements = (planned.statements ?? []).map((statement) => `${statement.sql};`)
  const created = literal(planned.name)
  const row = `INSERT INTO athena_migrations.functions (package, file, version, checksum, signature)
  SELECT ${[planned.package, planned.name, planned.version, planned.file?.checksum ?? ''].map(literal).join(', ')}, oid::regprocedure::text
    FROM pg_proc WHERE proname = ${created} AND xmin = pg_current_xact_id()::xid
  ON CONFLICT (package, file) DO UPDATE SET version = excluded.version, checksum = excluded.checksum, signature = excluded.signature, applied_at = clock_timestamp();`
  return [
    `\\echo function ${planned.package}/${planned.name}`,
    'BEGIN;',
    ...statements,
    'SET LOCAL search_path = pg_catalog;',
    row,
    'COMMIT;',
  ].join('\n')
}

function dropFunction(planned: PlannedFunction): string {
  return [
    'BEGIN;',
    `DROP ROUTINE IF EXISTS ${planned.applied?.signature};`,
    `DELETE FROM athena_migrations.functions WHERE package = ${literal(planned.package)} AND file = ${literal(planned.name)};`,
    'COMMIT;',
  ].join('\n')
}
