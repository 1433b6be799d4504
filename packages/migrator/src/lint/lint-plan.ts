import type { Plan } from '../plan.ts'
import type { Statement } from '../sql-text/statements.ts'
import { timelineOf } from '../timeline.ts'
import { declarationsOf } from '../variables.ts'
import type { Finding } from './finding.ts'
import { functionNames } from './function-names.ts'
import { type Known, nothingKnown } from './known.ts'
import { learn } from './learn.ts'
import { type LintSettings, lintFile } from './lint-file.ts'
import { parseMigration } from './parse-file.ts'
import { placeholders } from './placeholders.ts'
import { loadRules } from './rules.ts'
import { as } from './tree.ts'

/**
 * Lints what a plan would apply: its Up sections and functions. What one pending migration makes is new in those after it, so the
 * rules about locks are silent on it; what suppresses nothing here may be needed elsewhere, so it is no finding.
 */
export async function lintPlan(plan: Plan): Promise<Finding[]> {
  const settings = { rules: await loadRules(), functions: functionNames(plan.packages), isWhole: false }
  const found = lintAll(plan, nothingKnown(), settings)
  // What applied files say of their tables mostly excuses; only then is it worth reading them.
  if (found.length === 0 && !plan.migrations.some(({ statements }) => statements.some(isVectorIndex))) return found
  return lintAll(plan, await knownBefore(plan), settings)
}

function isVectorIndex({ tree }: Statement): boolean {
  return ['hnsw', 'ivfflat'].includes(as(tree, 'IndexStmt')?.accessMethod ?? '')
}

function lintAll(plan: Plan, known: Known, settings: LintSettings): Finding[] {
  const migrations = plan.migrations.flatMap(({ file, source, rendered, statements }) =>
    lintFile(
      {
        path: file.path,
        text: file.text,
        noTransaction: source.directives.noTransaction,
        isBatched: source.directives.batch !== undefined,
        headEnd: source.up.offset,
        sections: [{ place: 'up', rendered, statements }],
      },
      known,
      settings,
    ),
  )
  const functions = plan.functions.flatMap(({ file, rendered, statements }) => {
    if (file === undefined || rendered === undefined || statements === undefined) return []
    const headEnd = rendered.positionInFile(statements[0]?.offset ?? 0)
    const parsed = { path: file.path, text: file.text, noTransaction: false, isBatched: false, headEnd }
    return lintFile({ ...parsed, sections: [{ place: 'function', rendered, statements }] }, known, settings)
  })
  return [...migrations, ...functions]
}

/** What the files before those of the plan say, as far as it does not depend on the value of a variable. */
async function knownBefore(plan: Plan): Promise<Known> {
  const known = nothingKnown()
  const planned = new Set(plan.migrations.map(({ id }) => id))
  const timeline = timelineOf(plan.packages)
  const last = timeline.findLastIndex(({ id }) => planned.has(id))
  const values = placeholders([...declarationsOf(plan.packages).keys()])
  for (const file of timeline.slice(0, Math.max(0, last))) {
    if (planned.has(file.id)) continue
    const parsed = await parseMigration(file, values).catch(() => undefined)
    for (const { place, statements } of parsed?.sections ?? [])
      if (place === 'up') for (const statement of statements) learn(known, statement)
  }
  known.era += 1
  return known
}
