import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'

/** A migration that is applied: one row of athena_migrations.migrations. */
export interface AppliedMigration {
  /** Order of application. */
  sequence: string
  id: string
  package: string
  version: string
  file: string
  checksum: string
  variables: Record<string, string>
  appliedAt: Date
  /** Statements of its Down section that an interrupted run has done; null where it stands whole. */
  undone: number | null
}

/** A repeatable function that is applied: one row of athena_migrations.functions. */
export interface AppliedFunction {
  package: string
  file: string
  checksum: string
  /** `athena.ensure_partitions(regclass, integer)`, to drop it by. */
  signature: string
  appliedAt: Date
}

export interface Ledger {
  /** Whether its tables are there. */
  exists: boolean
  migrations: readonly AppliedMigration[]
  functions: readonly AppliedFunction[]
}

/**
 * node-pg-migrate inserts (name, run_on) and nothing else, as the last statement of the migration's own transaction. Our columns
 * take their values from settings of the session by their defaults, so that the whole row is written by that one statement:
 * a row is complete or it is not there. run_on is timestamptz, where node-pg-migrate's own table has timestamp, so that
 * sessions in two time zones agree on the order.
 */
export const createLedger = `
CREATE SCHEMA IF NOT EXISTS athena_migrations;
COMMENT ON SCHEMA athena_migrations IS 'What athena migrate applied here. Written by it alone.';

CREATE TABLE IF NOT EXISTS athena_migrations.migrations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  run_on timestamptz NOT NULL,
  package text NOT NULL DEFAULT current_setting('athena_migrations.package'),
  version text NOT NULL DEFAULT current_setting('athena_migrations.version'),
  file text NOT NULL DEFAULT current_setting('athena_migrations.file'),
  checksum text NOT NULL DEFAULT current_setting('athena_migrations.checksum'),
  variables jsonb NOT NULL DEFAULT current_setting('athena_migrations.variables')::jsonb,
  applied_by text NOT NULL DEFAULT current_setting('athena_migrations.applied_by'),
  duration interval NOT NULL DEFAULT clock_timestamp() - current_setting('athena_migrations.started_at')::timestamptz
);
COMMENT ON TABLE athena_migrations.migrations IS 'A row here means: applied, whole. The table is node-pg-migrate''s, with columns of ours.';

CREATE TABLE IF NOT EXISTS athena_migrations.attempts (
  name text PRIMARY KEY,
  direction text NOT NULL,
  checksum text NOT NULL,
  statements text[] NOT NULL,
  done integer NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  touched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  error text
);
COMMENT ON TABLE athena_migrations.attempts IS
  'No-transaction migrations under way or interrupted: hashes of their statements, and how many of them are done.';

CREATE TABLE IF NOT EXISTS athena_migrations.functions (
  package text NOT NULL,
  file text NOT NULL,
  version text NOT NULL,
  checksum text NOT NULL,
  signature text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (package, file)
);
COMMENT ON TABLE athena_migrations.functions IS 'Repeatable functions, as last applied.';
`

/** Reads the ledger; writes nothing, also where there is none yet. */
export async function readLedger(client: pg.ClientBase): Promise<Ledger> {
  try {
    const applied = await client.query(
      `SELECT m.id::text AS sequence, m.name AS id, m.package, m.version, m.file, m.checksum, m.variables, m.run_on AS "appliedAt",
              a.done AS undone
         FROM athena_migrations.migrations m
         LEFT JOIN athena_migrations.attempts a ON a.name = m.name AND a.direction = 'down' AND a.done > 0
        ORDER BY m.id`,
    )
    const functions = await client.query(
      `SELECT package, file, checksum, signature, applied_at AS "appliedAt" FROM athena_migrations.functions ORDER BY package, file`,
    )
    return { exists: true, migrations: applied.rows, functions: functions.rows }
  } catch (error) {
    const { code } = error as { code?: string }
    // 42P01 undefined_table, 3F000 invalid_schema_name: nothing was ever applied here.
    if (code === '42P01' || code === '3F000') return { exists: false, migrations: [], functions: [] }
    if (code === '42501') throw unreadable(error)
    throw error
  }
}

/** Values that applied migrations were rendered with. */
export function recordedVariables(ledger: Ledger): Record<string, string> {
  return Object.assign({}, ...ledger.migrations.map((migration) => migration.variables))
}

function unreadable(cause: unknown): AthenaError {
  return new AthenaError({
    code: 'ledger_unreadable',
    message: 'this role may not read the migration ledger',
    detail: (cause as Error).message,
    hint: 'Connect as the role that applied the migrations, or let it GRANT USAGE ON SCHEMA athena_migrations and SELECT ON ALL TABLES in it.',
    cause,
  })
}
