import { AthenaError, toAthenaError } from '@athena-pg/database'
import type { Applied, PlanEvents } from '../events.ts'
import type { Plan, PlannedFunction } from '../plan.ts'
import type { WorkSession } from '../session.ts'
import { afterCharacters, lineAndColumn } from '../sql-text/scan.ts'
import type { Statement } from '../sql-text/statements.ts'
import { isLockFailure, retryOnLockTimeout } from '../waiting/retry.ts'
import { hintOnLock, whoBlocked } from './migration-error.ts'

/** Each in a transaction of its own, with its ledger row. */
export async function applyFunctions(
  session: WorkSession,
  functions: readonly PlannedFunction[],
  events: PlanEvents,
  record: (applied: Omit<Applied, 'direction'>) => void,
): Promise<void> {
  for (const planned of functions) {
    const startedAt = performance.now()
    if (planned.action === 'drop') await dropFunctions(session, [planned], events)
    else await applyFunction(session, planned, events)
    record({ id: `${planned.package}/${planned.name}`, kind: 'function', milliseconds: performance.now() - startedAt })
  }
}

export async function dropFunctions(
  session: WorkSession,
  functions: readonly PlannedFunction[],
  events: PlanEvents,
): Promise<void> {
  const applied = functions.map((planned) => planned.applied).filter((row) => row !== undefined)
  if (applied.length === 0) return
  const drop = async (): Promise<void> => {
    for (const row of applied) {
      await session.client.query(`DROP ROUTINE IF EXISTS ${row.signature}`)
      await session.client.query('DELETE FROM athena_migrations.functions WHERE package = $1 AND file = $2', [
        row.package,
        row.file,
      ])
    }
  }
  await retryOnLockTimeout(session, 'functions', events, () => inTransaction(session, drop))
}

/**
 * After going down: puts back the functions of packages that still have a migration applied, themselves or below them.
 * What does not fit the older tables any more is told, not raised.
 */
export async function restoreFunctions(session: WorkSession, plan: Plan, events: PlanEvents): Promise<void> {
  const { rows } = await session.client.query('SELECT DISTINCT package FROM athena_migrations.migrations')
  const standing = new Set(rows.map((row: { package: string }) => row.package))
  const stands = (name: string): boolean => {
    const pack = plan.packages.find((each) => each.name === name)
    if (pack === undefined) return false
    const needed = pack.dependencies.length > 0 ? pack.dependencies : [name]
    return needed.every((each) => standing.has(each)) && (pack.migrations.length === 0 || standing.has(name))
  }
  for (const planned of plan.functions) {
    if (planned.file === undefined || !stands(planned.package)) continue
    try {
      await applyFunction(session, planned, events)
    } catch (error) {
      events.leftOut?.(planned, (error as AthenaError).detail ?? (error as Error).message)
    }
  }
}

async function applyFunction(session: WorkSession, planned: PlannedFunction, events: PlanEvents): Promise<void> {
  const create = async (): Promise<void> => {
    try {
      await createFunction(session, planned, false)
    } catch (error) {
      // 42P13: its result, or the name of an argument, is another now, which CREATE OR REPLACE refuses.
      if ((error as { code?: string }).code !== '42P13' || planned.applied === undefined) throw error
      await createFunction(session, planned, true)
    }
  }
  await retryOnLockTimeout(session, planned.name, events, create).catch((error: unknown) => {
    throw failed(planned, error)
  })
}

async function createFunction(session: WorkSession, planned: PlannedFunction, isDroppedFirst: boolean): Promise<void> {
  const { client } = session
  const { file, applied, statements = [] } = planned
  if (file === undefined) return
  await inTransaction(session, async () => {
    if (isDroppedFirst) await client.query(`DROP ROUTINE IF EXISTS ${applied?.signature}`)
    for (const statement of statements) {
      await client.query(statement.sql).catch((error: unknown) => {
        throw Object.assign(error as Error, { statement })
      })
    }
    const signature = await signatureOf(session, file.name)
    if (applied !== undefined && applied.signature !== signature)
      await client.query(`DROP ROUTINE IF EXISTS ${applied.signature}`)
    await client.query(
      `INSERT INTO athena_migrations.functions (package, file, version, checksum, signature) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (package, file) DO UPDATE SET version = excluded.version, checksum = excluded.checksum,
         signature = excluded.signature, applied_at = clock_timestamp()`,
      [planned.package, file.name, planned.version, file.checksum, signature],
    )
  })
}

/** Of the function that this transaction wrote: types and name qualified, so that it means the same whatever the search_path. */
async function signatureOf(session: WorkSession, name: string): Promise<string> {
  await session.client.query("SELECT set_config('search_path', 'pg_catalog', true)")
  const { rows } = await session.client.query(
    'SELECT oid::regprocedure::text AS signature FROM pg_proc WHERE proname = $1 AND xmin = pg_current_xact_id()::xid',
    [name],
  )
  return rows[0]?.signature ?? ''
}

async function inTransaction(session: WorkSession, work: () => Promise<void>): Promise<void> {
  await session.client.query('BEGIN')
  try {
    await work()
    await session.client.query('COMMIT')
  } catch (error) {
    await session.client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

function failed(planned: PlannedFunction, cause: unknown): AthenaError {
  const error = toAthenaError(cause) as Partial<AthenaError> & Error
  const { statement, position } = cause as { statement?: Statement; position?: string }
  const { file, rendered } = planned
  const offset = (statement?.offset ?? 0) + afterCharacters(statement?.sql ?? '', Number(position ?? 1) - 1)
  const at = file && rendered ? lineAndColumn(file.text, rendered.positionInFile(offset)) : undefined
  return new AthenaError({
    code: 'function_failed',
    message: `function ${planned.package}/${planned.name} could not be applied`,
    detail: `${file?.path}:${at?.line}:${at?.column}: ${error.message}${error.detail === undefined ? '' : `\n${error.detail}`}${whoBlocked(cause)}`,
    hint:
      (isLockFailure(cause) ? hintOnLock(cause) : error.hint) ??
      'Migrations are applied; correct the function and run `athena migrate up` again.',
    cause,
  })
}
