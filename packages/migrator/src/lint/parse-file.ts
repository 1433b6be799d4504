import { AthenaError } from '@athena-pg/database'
import { assertBatched } from '../batch/batch.ts'
import type { FunctionFile, MigrationFile } from '../package-files.ts'
import { readMigration } from '../source.ts'
import { render } from '../sql-text/render.ts'
import { type Statement, split } from '../sql-text/statements.ts'
import type { ParsedFile, ParsedSection } from './lint-file.ts'

/** Values to render with, one map after the other until the grammar accepts the text. */
export type Values = readonly ReadonlyMap<string, string>[]

/**
 * A section that cannot be rendered or parsed is among the `faults` and not among the sections.
 * @throws AthenaError what reading throws
 */
export async function parseMigration(file: Pick<MigrationFile, 'path' | 'text'>, values: Values): Promise<ParsedFile> {
  const source = readMigration(file.text, file.path)
  const sections: ParsedSection[] = []
  const faults: AthenaError[] = []
  const { batch } = source.directives
  const inFile = batch === undefined ? values : values.map((each) => new Map(each).set('batch', String(batch.size)))
  for (const place of ['up', 'down'] as const) {
    try {
      const parsed = await parse(source[place], inFile, file.path, file.text)
      assertBatched(parsed.statements, source, parsed.rendered, file)
      sections.push({ place, ...parsed })
    } catch (error) {
      if (!(error instanceof AthenaError)) throw error
      faults.push(error)
    }
  }
  return {
    path: file.path,
    text: file.text,
    noTransaction: source.directives.noTransaction,
    isBatched: batch !== undefined,
    headEnd: source.up.offset,
    sections,
    faults,
  }
}

/** @throws AthenaError what rendering and parsing throw */
export async function parseFunction(file: Pick<FunctionFile, 'path' | 'text'>, values: Values): Promise<ParsedFile> {
  const parsed = await parse({ text: file.text, offset: 0 }, values, file.path, file.text)
  const first = parsed.statements[0]?.offset ?? 0
  return {
    path: file.path,
    text: file.text,
    noTransaction: false,
    isBatched: false,
    headEnd: parsed.rendered.positionInFile(first),
    sections: [{ place: 'function', ...parsed }],
  }
}

async function parse(
  section: { text: string; offset: number },
  values: Values,
  file: string,
  text: string,
): Promise<{ rendered: ParsedSection['rendered']; statements: Statement[] }> {
  let refused: unknown
  for (const each of values) {
    const rendered = render(section, each, file, text)
    try {
      return { rendered, statements: await split(rendered, file, text) }
    } catch (error) {
      refused ??= error
    }
  }
  throw refused
}
