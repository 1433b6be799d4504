import { literal } from '@athena-pg/database'
import type { PlannedFunction } from '../plan.ts'

export function applyFunction(planned: PlannedFunction): string {
  const { applied, file, name, package: packageName, version } = planned
  const values = [packageName, name, version, file?.checksum ?? ''].map(literal).join(', ')
  const written = `FROM pg_proc WHERE proname = ${literal(name)} AND xmin = pg_current_xact_id()::xid`
  const statements = (planned.statements ?? []).map(({ sql, tree }) =>
    applied !== undefined && tree.CreateFunctionStmt !== undefined
      ? `${dropUnfit(applied.signature, sql)}\n${sql};`
      : `${sql};`,
  )
  const dropOld =
    applied === undefined
      ? []
      : [
          `SELECT ${literal(`DROP ROUTINE IF EXISTS ${applied.signature}`)} ${written} AND oid::regprocedure::text <> ${literal(applied.signature)} \\gexec`,
        ]
  return [
    `\\echo function ${packageName}/${name}`,
    'BEGIN;',
    ...statements,
    'SET LOCAL search_path = pg_catalog;',
    ...dropOld,
    `INSERT INTO athena_migrations.functions (package, file, version, checksum, signature)
  SELECT ${values}, oid::regprocedure::text ${written}
  ON CONFLICT (package, file) DO UPDATE SET version = excluded.version, checksum = excluded.checksum, signature = excluded.signature, applied_at = clock_timestamp();`,
    'COMMIT;',
  ].join('\n')
}

/** CREATE OR REPLACE refuses another result, or another name of an argument: then the old one goes first. */
function dropUnfit(signature: string, sql: string): string {
  const body = `BEGIN
  EXECUTE ${literal(sql)};
EXCEPTION WHEN invalid_function_definition THEN
  DROP ROUTINE IF EXISTS ${signature};
END`
  return `DO ${literal(body)};`
}

export function dropFunction({ applied, name, package: packageName }: PlannedFunction): string {
  return [
    'BEGIN;',
    `DROP ROUTINE IF EXISTS ${applied?.signature};`,
    `DELETE FROM athena_migrations.functions WHERE package = ${literal(packageName)} AND file = ${literal(name)};`,
    'COMMIT;',
  ].join('\n')
}
