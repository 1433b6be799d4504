import { AthenaError } from '@athena-pg/database'
import type { RenderedSql } from './render.ts'
import { afterCharacters, lineAndColumn } from './scan.ts'

/** One statement of a section, as PostgreSQL's own grammar cuts it. */
export interface Statement {
  /** Its text, without the semicolon and without leading comments. */
  sql: string
  /** UTF-16 offset in the rendered section. */
  offset: number
  /** The same in bytes, as the parse tree counts. */
  byteOffset: number
  /** Node name and fields of PostgreSQL's parse tree: `{ IndexStmt: { concurrent: true, … } }`. */
  tree: Record<string, Record<string, unknown>>
}

/** CREATE INDEX CONCURRENTLY, with what is needed to write it again for each partition. */
export interface ConcurrentIndex {
  name: string
  schema: string
  table: string
  unique: boolean
  /** The statement from the table's name on. */
  fromTable: string
}

type Parser = typeof import('libpg-query')
let parser: Promise<Parser> | undefined

/** The WebAssembly parser takes some 30 ms to load: only what has something pending pays for it. */
async function loadParser(): Promise<Parser> {
  parser ??= import('libpg-query').then(async (module) => {
    await module.loadModule()
    return module
  })
  return parser
}

/**
 * @throws AthenaError `invalid_sql` with file, line and column
 */
export async function split(rendered: RenderedSql, file: string, fileText: string): Promise<Statement[]> {
  const { parseSync, hasSqlDetails } = await loadParser()
  // The parser refuses a text of no length at all.
  if (rendered.sql === '') return []
  const bytes = Buffer.from(rendered.sql)
  try {
    const { stmts } = parseSync(rendered.sql)
    // Statements come in order, so each offset is counted on from the one before it.
    let counted = { bytes: 0, units: 0 }
    return (stmts ?? []).map((raw) => {
      const start = raw.stmt_location ?? 0
      const end = raw.stmt_len === undefined || raw.stmt_len === 0 ? bytes.length : start + raw.stmt_len
      const units = counted.units + bytes.subarray(counted.bytes, start).toString().length
      counted = { bytes: start, units }
      const whole = bytes.subarray(start, end).toString()
      const lead = /^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)*/.exec(whole)?.[0].length ?? 0
      return {
        sql: whole.slice(lead).trimEnd(),
        offset: units + lead,
        byteOffset: start + Buffer.byteLength(whole.slice(0, lead)),
        tree: raw.stmt as unknown as Statement['tree'],
      }
    })
  } catch (error) {
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined
    const offset = afterCharacters(rendered.sql, details?.cursorPosition ?? 0)
    throw invalidSql(error as Error, rendered, offset, file, fileText)
  }
}

function invalidSql(cause: Error, rendered: RenderedSql, offset: number, file: string, fileText: string): AthenaError {
  const { line, column } = lineAndColumn(fileText, rendered.positionInFile(offset))
  return new AthenaError({
    code: 'invalid_sql',
    message: `${file} is not valid SQL`,
    detail: `${file}:${line}:${column}: ${cause.message}`,
    hint: "The file is read by PostgreSQL's own grammar (18). psql's backslash commands and COPY … FROM STDIN data are not SQL. Nothing was applied.",
    cause,
  })
}

export function concurrentIndexOf(statement: Statement): ConcurrentIndex | undefined {
  const node = statement.tree.IndexStmt
  const relation = node?.relation as
    | { schemaname?: string; relname: string; location: number; inh?: boolean }
    | undefined
  if (node?.concurrent !== true || relation === undefined) return undefined
  return {
    name: typeof node.idxname === 'string' ? node.idxname : '',
    schema: relation.schemaname ?? '',
    table: relation.relname,
    unique: node.unique === true,
    fromTable: Buffer.from(statement.sql)
      .subarray(relation.location - statement.byteOffset)
      .toString(),
  }
}

/** Statements that no migration may contain, with what to do instead. */
export function refusedStatement(statement: Statement, noTransaction: boolean): string | undefined {
  const { TransactionStmt, CopyStmt, IndexStmt } = statement.tree
  if (TransactionStmt !== undefined && TransactionStmt.kind !== 'TRANS_STMT_SAVEPOINT') {
    return "BEGIN, COMMIT and ROLLBACK are the runner's: leave them out, or put `--! no-transaction` at the top"
  }
  if (
    CopyStmt !== undefined &&
    CopyStmt.is_from === true &&
    CopyStmt.filename === undefined &&
    CopyStmt.is_program !== true
  ) {
    return 'COPY … FROM STDIN has no data stream here: use INSERT … VALUES'
  }
  if (IndexStmt?.concurrent === true) {
    if (!noTransaction)
      return 'CREATE INDEX CONCURRENTLY cannot run inside a transaction: put `--! no-transaction` at the top'
    if (IndexStmt.if_not_exists === true)
      return 'IF NOT EXISTS takes an invalid index for success: leave it out, the runner looks at the index itself'
    if (IndexStmt.idxname === undefined)
      return 'a concurrent index needs a name, so that an interrupted build can be found again'
    const relation = IndexStmt.relation as { schemaname?: string } | undefined
    if (relation?.schemaname === undefined) return 'the table of a concurrent index is named with its schema'
  }
  return undefined
}
