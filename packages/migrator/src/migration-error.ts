import { AthenaError, toAthenaError } from '@athena-pg/database'
import type { PlannedMigration } from './plan.ts'
import { isLockTimeout } from './retry.ts'
import { afterCharacters, lineAndColumn } from './scan.ts'
import type { Statement } from './statements.ts'

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
  const hint = isLockTimeout(cause)
    ? 'Another session held the lock for too long: find it in pg_stat_activity, or run this at a quieter time.'
    : error.hint
  // What we found ourselves keeps its own code and way out: it is no fault of the statement.
  const isOurs = cause instanceof AthenaError
  return new AthenaError({
    code: isOurs ? cause.code : 'migration_failed',
    message: `migration ${migration.package}/${migration.file.name} failed`,
    detail: `${placeOf(migration, statement, cause)}${error.message}${sqlState(cause)}${error.detail === undefined ? '' : `\n${error.detail}`}`,
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
