import type pg from 'pg'
import type { MigrationPackage } from '../discover.ts'
import { type AppliedMigration, type Ledger, readLedger } from '../ledger.ts'
import type { MigrationFile } from '../package-files.ts'
import { changedFiles } from '../planning/changed.ts'
import { timelineOf } from '../timeline.ts'

/** A no-transaction migration under way or interrupted: one row of athena_migrations.attempts. */
export interface Attempt {
  id: string
  direction: 'up' | 'down'
  checksum: string
  /** Hashes of its statements. */
  statements: readonly string[]
  done: number
  error: string | null
}

/** All that is known of one migration. */
export interface KnownMigration {
  id: string
  /** File name without `.sql`. */
  name: string
  stamp: string
  row?: AppliedMigration
  attempt?: Attempt
  file?: MigrationFile
}

export type Fault =
  /** The file is not what was applied. */
  | 'changed'
  /** Its file is gone from a package that is still there. */
  | 'missing'
  /** Some statements are done, of the way up or of the way down. */
  | 'interrupted'

export interface LedgerFault extends KnownMigration {
  fault: Fault
}

/** Every migration that a file, the ledger or an attempt knows. */
export async function knownMigrations(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
): Promise<{ ledger: Ledger; known: KnownMigration[] }> {
  const ledger = await readLedger(client)
  const attempts = ledger.exists ? await readAttempts(client) : []
  const known = new Map<string, KnownMigration>()
  const add = (id: string, facts: Pick<KnownMigration, 'row' | 'attempt' | 'file'>): void => {
    const name = id.slice(0, id.indexOf('@'))
    known.set(id, { id, name, stamp: name.slice(0, 14), ...known.get(id), ...facts })
  }
  for (const file of timelineOf(packages)) add(file.id, { file })
  for (const row of ledger.migrations) add(row.id, { row })
  for (const attempt of attempts) add(attempt.id, { attempt })
  return { ledger, known: [...known.values()] }
}

/** What keeps runs from going on, or would, in the order of the timeline. Read-only. */
export async function ledgerFaults(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
): Promise<LedgerFault[]> {
  const { ledger, known } = await knownMigrations(client, packages)
  const changed = new Map(changedFiles(packages, ledger).map((file) => [file.id, file]))
  return known.flatMap((each) => {
    const { id, attempt } = each
    const faults: LedgerFault[] = []
    if (changed.has(id))
      faults.push({ ...each, fault: changed.get(id)?.checksum === undefined ? 'missing' : 'changed' })
    if (attempt !== undefined && attempt.done > 0) faults.push({ ...each, fault: 'interrupted' })
    return faults
  })
}

async function readAttempts(client: pg.ClientBase): Promise<Attempt[]> {
  const { rows } = await client.query<Attempt>(
    'SELECT name AS id, direction, checksum, statements, done, error FROM athena_migrations.attempts ORDER BY name',
  )
  return rows
}
