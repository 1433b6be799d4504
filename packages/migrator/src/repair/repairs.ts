import { AthenaError, literal } from '@athena-pg/database'
import type pg from 'pg'

/** What a person told the ledger to be true: one row of athena_migrations.repairs. */
export interface Repair {
  kind: RepairKind
  /** The migration's name in the ledger. */
  id: string
  /** As the ledger had it; null where it had no row. */
  checksumBefore: string | null
  checksumAfter: string | null
  reason: string
  /** The role that connected. */
  by: string
  at: Date
}

/** `baseline`: recorded without running, after its objects were found to be there. */
export type RepairKind = 'accepted' | 'forgotten' | 'applied' | 'baseline'

/** Ledgers of older versions lack it, so it is made with the first repair. */
export const createRepairs = `CREATE TABLE IF NOT EXISTS athena_migrations.repairs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  name text NOT NULL,
  checksum_before text,
  checksum_after text,
  reason text NOT NULL,
  before jsonb NOT NULL,
  repaired_by text NOT NULL DEFAULT session_user,
  repaired_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE athena_migrations.repairs IS
  'What people told the ledger to be true, and why; before holds the rows of the other tables as they were.';`

/** SQL that keeps the rows of a migration as they are, before they change. */
export function recordRepair(
  repair: Pick<Repair, 'kind' | 'id' | 'checksumBefore' | 'checksumAfter' | 'reason'>,
): string {
  const { kind, id, checksumBefore, checksumAfter, reason } = repair
  const orNull = (value: string | null) => (value === null ? 'NULL' : literal(value))
  const name = literal(id)
  return `INSERT INTO athena_migrations.repairs (kind, name, checksum_before, checksum_after, reason, before)
  VALUES (${literal(kind)}, ${name}, ${orNull(checksumBefore)}, ${orNull(checksumAfter)}, ${literal(reason)}, jsonb_build_object(
    'migration', (SELECT to_jsonb(m) FROM athena_migrations.migrations AS m WHERE m.name = ${name}),
    'attempt', (SELECT to_jsonb(a) FROM athena_migrations.attempts AS a WHERE a.name = ${name})));`
}

/** Reads what was repaired, oldest first; writes nothing, also where nothing ever was. */
export async function readRepairs(client: pg.ClientBase): Promise<Repair[]> {
  try {
    const { rows } = await client.query(
      `SELECT kind, name AS id, checksum_before AS "checksumBefore", checksum_after AS "checksumAfter", reason,
              repaired_by AS by, repaired_at AS at
         FROM athena_migrations.repairs ORDER BY id`,
    )
    return rows
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === '42P01' || code === '3F000') return []
    if (code !== '42501') throw error
    throw new AthenaError({
      code: 'ledger_unreadable',
      message: 'this role may not read what was repaired',
      detail: message,
      hint: 'Connect as the role that applies migrations, or let it GRANT SELECT ON athena_migrations.repairs.',
      cause: error,
    })
  }
}
