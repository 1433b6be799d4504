import { AthenaError, toAthenaError } from '@athena-pg/database'
import type { PlannedMigration } from '../plan.ts'
import { afterCharacters, lineAndColumn } from '../sql-text/scan.ts'
import type { Statement } from '../sql-text/statements.ts'
import { describeBlocker, endingOf } from '../waiting/blockers.ts'
import { blockersOf, isLockFailure } from '../waiting/retry.ts'

/** What stopped a migration, with the place in its file and what was kept. */
export function migrationError(
  migration: PlannedMigration,
  direction: 'up' | 'down',
  statement: Statement | undefined,
  cause: unknown,
): AthenaError {
  const error = toAthenaError(cause) as Partial<AthenaError> & Error
  const { noTransaction } = migration.source.directives
  const kept = noTransaction
    ? `Statements before it are done and recorded; \`athena migrate ${direction}\` goes on from there.`
    : 'Nothing of this migration was applied or recorded; those before it are.'
  const hint = isLockFailure(cause)
    ? hintOnLock(cause)
    : direction === 'up' && isThere(cause)
      ? 'Something of that name is there already, and the ledger has no row that this migration was applied: it was made by hand, or the row was deleted. Nothing of it was changed. Where it is what this file makes, record the file without running it: athena migrate baseline'
      : error.hint
  // What we found ourselves keeps its own code and way out: it is no fault of the statement.
  const isOurs = cause instanceof AthenaError
  return new AthenaError({
    code: isOurs ? cause.code : 'migration_failed',
    message: `migration ${migration.package}/${migration.file.name} failed`,
    detail: `${placeOf(migration, statement, cause)}${error.message}${sqlState(cause)}${error.detail === undefined ? '' : `\n${error.detail}`}${whoBlocked(cause)}`,
    hint: isOurs ? hint : hint === undefined ? kept : `${hint}\n${kept}`,
    cause,
  })
}

function placeOf({ file, rendered }: PlannedMigration, statement: Statement | undefined, cause: unknown): string {
  if (statement === undefined) return ''
  const position = Number((cause as { position?: string }).position ?? 1)
  const offset = statement.offset + afterCharacters(statement.sql, position - 1)
  const { line, column } = lineAndColumn(file.text, rendered.positionInFile(offset))
  return `${file.path}:${line}:${column}: `
}

function sqlState(cause: unknown): string {
  const { code } = cause as { code?: string }
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? ` (${code})` : ''
}

/** A line for the detail of an error, naming who held the lock. */
export function whoBlocked(cause: unknown): string {
  return blockersOf(cause)
    .map((blocker) => `\nThe lock was held by ${describeBlocker(blocker)}`)
    .join('')
}

export function hintOnLock(cause: unknown): string {
  const [blocker] = blockersOf(cause)
  return blocker === undefined
    ? 'Another session held the lock for too long: find it in pg_stat_activity, or run this at a quieter time.'
    : `End that session, if nothing of value is lost with it: ${endingOf(blocker)} Or wait longer: --lock-retries 100; or run this at a quieter time.`
}

// Duplicate schema, table or index, column, function, and any other object.
function isThere(cause: unknown): boolean {
  return ['42P06', '42P07', '42701', '42723', '42710'].includes((cause as { code?: string }).code ?? '')
}
