import { createHash } from 'node:crypto'
import type { Statement } from '../sql-text/statements.ts'

/** By which an attempt tells whether the statements that it has done are still those of the file; hex SHA-256 each. */
export function hashesOf(statements: readonly Statement[]): string[] {
  return statements.map(({ sql }) => createHash('sha256').update(sql).digest('hex'))
}
