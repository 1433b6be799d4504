import { AthenaError } from '@athena-pg/database'
import type { MigrationFile } from '../package-files.ts'
import type { MigrationSource } from '../source.ts'
import { type RangeVar, relationName } from '../sql-text/relation-name.ts'
import type { RenderedSql } from '../sql-text/render.ts'
import { lineAndColumn, scan } from '../sql-text/scan.ts'
import type { Statement } from '../sql-text/statements.ts'
import { millisecondsOf } from '../waiting/patience.ts'

/** `--! batch: 5000, pause: 50ms, limit: 2000000` */
export interface Batch {
  /** Rows: the value of `:batch`. */
  size: number
  /** Milliseconds between two batches, in which replicas and autovacuum catch up. */
  pause: number
  /** Rows that one statement may change at most; without it, the tables that it reads decide. */
  limit?: number
}

const whole = /^[1-9]\d{0,14}$/

/** Of the directive's value; a string says what is wrong with it. */
export function readBatch(value: string): Batch | string {
  const [size = '', ...rest] = value.split(',').map((part) => part.trim())
  if (!whole.test(size) || Number(size) > 1_000_000)
    return `"batch" needs a number of rows up to 1000000, found "${size}".`
  const batch: Batch = { size: Number(size), pause: 0 }
  for (const part of rest) {
    const [name, setting = ''] = part.split(/:(.*)/s).map((word) => word.trim())
    const pause = name === 'pause' ? millisecondsOf(setting) : undefined
    if (pause !== undefined) batch.pause = pause
    else if (name === 'limit' && whole.test(setting)) batch.limit = Number(setting)
    else return `"batch" takes "pause: 50ms" and "limit: 1000000" besides its rows, found "${part}".`
  }
  return batch
}

/** Whether the statement is repeated: it says `:batch`. */
export function isBatched(rendered: RenderedSql, { offset, sql }: Statement): boolean {
  return rendered.placesOf('batch').some((place) => place >= offset && place < offset + sql.length)
}

/**
 * In a file with `--! batch`, whatever changes rows says `:batch`, and whatever says it can be repeated until it changes none.
 * @throws AthenaError `malformed_migration` with file, line and column
 */
export function assertBatched(
  statements: readonly Statement[],
  source: MigrationSource,
  rendered: RenderedSql,
  file: Pick<MigrationFile, 'path' | 'text'>,
): void {
  if (source.directives.batch === undefined) return
  for (const statement of statements) {
    const fault = faultOf(statement, isBatched(rendered, statement))
    if (fault === undefined) continue
    const { line, column } = lineAndColumn(file.text, rendered.positionInFile(statement.offset))
    throw new AthenaError({
      code: 'malformed_migration',
      message: `migration file ${file.path} is malformed`,
      detail: `${file.path}:${line}:${column}: ${fault}.`,
      hint: 'For example: UPDATE t SET new = old WHERE id IN (SELECT id FROM t WHERE new IS NULL LIMIT :batch); Nothing was applied.',
    })
  }
}

function faultOf({ tree }: Statement, isLimited: boolean): string | undefined {
  const isRepeatable = changing.some((node) => tree[node] !== undefined)
  if (isLimited && !isRepeatable)
    return 'only UPDATE, DELETE, INSERT … SELECT and MERGE can be repeated by :batch, since they tell how many rows they changed'
  if (isLimited && hasNode(tree.InsertStmt?.onConflictClause, 'ONCONFLICT_NOTHING'))
    return 'ON CONFLICT DO NOTHING would end at the first batch whose rows are all there: leave out what is there by WHERE NOT EXISTS'
  const isData = isRepeatable && !isValues(tree.InsertStmt)
  const isHidden = tree.SelectStmt !== undefined && changing.some((node) => hasNode(tree.SelectStmt, node))
  if (!isLimited && (isData || isHidden))
    return 'a statement that changes rows under `--! batch` limits itself by :batch, else it would change everything at once'
  return undefined
}

const changing = ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'MergeStmt'] as const

/** INSERT … VALUES, whose rows stand in the file. */
function isValues(insert: Record<string, unknown> | undefined): boolean {
  const select = insert?.selectStmt as { SelectStmt?: { valuesLists?: unknown } } | undefined
  return insert !== undefined && (select === undefined || select.SelectStmt?.valuesLists !== undefined)
}

/** Whether a key or a value of that name stands anywhere in a parse tree. */
function hasNode(tree: unknown, name: string): boolean {
  if (tree === name) return true
  if (typeof tree !== 'object' || tree === null) return false
  return Object.entries(tree).some(([key, value]) => key === name || hasNode(value, name))
}

/**
 * The same statement that waits for rows which others hold, undefined where it does so anyway. One with SKIP LOCKED changes
 * no row while the last ones are held, which looks like being done.
 */
export function withoutSkipLocked(sql: string): string | undefined {
  const spans = scan(sql)
  const text = spans
    .map(({ kind, start, end }) => {
      const part = sql.slice(start, end)
      return kind === 'code' ? part.replace(/\bskip\s+locked\b/gi, '') : part
    })
    .join('')
  return text === sql ? undefined : text
}

/** Tables that a statement names, quoted. */
export function tablesIn(tree: Statement['tree']): { target: string | undefined; read: string[] } {
  const [body] = Object.values(tree)
  const { relation, ...rest } = (body ?? {}) as { relation?: RangeVar }
  const read = new Set<string>()
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if (key === 'RangeVar' || key === 'relation') read.add(relationName(value as RangeVar))
      else walk(value)
    }
  }
  walk(rest)
  return { target: relation && relationName(relation), read: [...read] }
}
