import type { AthenaError } from '@athena-pg/database'
import type { RenderedSql } from '../sql-text/render.ts'
import type { Statement } from '../sql-text/statements.ts'
import { offsetOf } from './edit.ts'
import { type Finding, findingAt } from './finding.ts'
import { copyOf, forgetTemporary, type Known } from './known.ts'
import { learn } from './learn.ts'
import type { Context, Edit, Fault, Fix, Place, Rule } from './rule.ts'
import { faultsOfSuppressions, readSuppressions, type Stretch, unsuppressed } from './suppressions.ts'
import { unreadable } from './unreadable.ts'

/** A file that was read, rendered and parsed. */
export interface ParsedFile {
  path: string
  text: string
  noTransaction: boolean
  isBatched: boolean
  /** UTF-16 offset in the file behind its head: of the line "-- Up Migration", or of the first statement of a function. */
  headEnd: number
  sections: readonly ParsedSection[]
  /** Sections that could not be parsed. */
  faults?: readonly AthenaError[]
}

export interface ParsedSection {
  place: Place
  rendered: RenderedSql
  statements: readonly Statement[]
}

export interface LintSettings {
  rules: readonly Rule[]
  /** Repeatable functions of all packages: `schema.name`. */
  functions: ReadonlySet<string>
  /** Every section of the file is there, so that a suppression of nothing is a fault. */
  isWhole: boolean
}

/**
 * Lints one file. What its Up section makes is known afterwards.
 * @returns findings in the order of the file
 */
export function lintFile(file: ParsedFile, known: Known, settings: LintSettings): Finding[] {
  const found: { rule: string; statement: number; finding: Finding }[] = []
  const up = file.sections.find(({ place }) => place === 'up')?.statements ?? []
  for (const { place, rendered, statements } of file.sections) {
    // On the way down everything is old, also what Up has made.
    const before = place === 'down' ? { ...copyOf(known), era: known.era + 1 } : known
    before.section += 1
    forgetTemporary(before)
    for (const statement of statements) {
      const base = { statement, place, section: statements, up, known: before, functions: settings.functions }
      const context: Context = { ...base, noTransaction: file.noTransaction, isBatched: file.isBatched }
      const start = rendered.positionInFile(statement.offset)
      for (const rule of rulesFor(settings.rules, statement)) {
        if (!rule.places.includes(place)) continue
        for (const fault of rule.check(context)) {
          const finding = placed(file, rendered, statement, rule, fault)
          found.push({ rule: rule.id, statement: start, finding })
        }
      }
      learn(before, statement)
    }
  }
  const suppressions = readSuppressions(file.text, file.headEnd, () => file.sections.map(stretchOf(file)))
  const kept = unsuppressed(found, suppressions)
  const ids = settings.rules.map(({ id }) => id)
  const faults = file.faults ?? []
  const isWhole = settings.isWhole && faults.length === 0
  const all = [
    ...kept,
    ...faults.map((fault) => unreadable(file, fault)),
    ...faultsOfSuppressions(file, suppressions, ids, isWhole),
  ]
  return all.sort((a, b) => a.line - b.line || a.column - b.column)
}

const byStatement = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>()

/** Most rules look at one or two of a hundred kinds of statements. */
function rulesFor(rules: readonly Rule[], { tree }: Statement): readonly Rule[] {
  const [name = ''] = Object.keys(tree)
  const known = byStatement.get(rules) ?? new Map<string, readonly Rule[]>()
  byStatement.set(rules, known)
  let chosen = known.get(name)
  if (chosen === undefined) {
    chosen = rules.filter(({ statements }) => statements?.some((each) => each === name) ?? true)
    known.set(name, chosen)
  }
  return chosen
}

function stretchOf(file: ParsedFile): (section: ParsedSection) => Stretch {
  return ({ rendered, statements }) => ({
    start: rendered.positionInFile(0),
    end: Math.min(rendered.positionInFile(rendered.sql.length), file.text.length),
    statements: statements.map(({ offset, sql }) => ({
      start: rendered.positionInFile(offset),
      end: rendered.positionInFile(offset + sql.length),
    })),
  })
}

function placed(
  file: ParsedFile,
  rendered: RenderedSql,
  statement: Statement,
  { id, level, reason, help, source }: Rule,
  { at, detail, fix }: Fault,
): Finding {
  const offset = at === undefined ? statement.offset : offsetOf(statement, at)
  const length =
    at === undefined ? statement.sql.length : (/^(?:[\w$.]+|"[^"]*")/.exec(rendered.sql.slice(offset))?.[0].length ?? 1)
  const start = rendered.positionInFile(offset)
  const end = rendered.positionInFile(offset + length)
  const edits = fix === undefined ? undefined : editsOfFile(file, rendered, fix)
  const said = { rule: id, level, reason, detail, help, source, fix: edits }
  return findingAt(file, start, end, said)
}

/** undefined where a variable stands in what would be replaced: the fix would replace it by its value. */
function editsOfFile(file: ParsedFile, rendered: RenderedSql, fix: Fix): Edit[] | undefined {
  const edits = fix.edits.map(({ start, end, text }) => ({
    start: rendered.positionInFile(start),
    end: rendered.positionInFile(end),
    text,
    was: rendered.sql.slice(start, end),
  }))
  if (edits.some(({ start, end, was }) => file.text.slice(start, end) !== was)) return undefined
  const all = edits.map(({ start, end, text }) => ({ start, end, text }))
  if (fix.noTransaction === true && !file.noTransaction) {
    const top = file.text.lastIndexOf('\n', file.headEnd - 1) + 1
    all.push({ start: top, end: top, text: '--! no-transaction\n' })
  }
  return all.sort((a, b) => a.start - b.start)
}
