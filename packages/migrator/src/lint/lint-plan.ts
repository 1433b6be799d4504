import type { Plan } from '../plan.ts'
import type { Finding } from './finding.ts'
import { functionNames } from './function-names.ts'
import { nothingKnown } from './known.ts'
import { lintFile } from './lint-file.ts'
import { isBatched } from './parse-file.ts'
import { loadRules } from './rules.ts'

/**
 * Lints what a plan would apply: its Up sections and functions. What one pending migration makes is new in those after it, so the
 * rules about locks are silent on it; what suppresses nothing here may be needed elsewhere, so it is no finding.
 */
export async function lintPlan(plan: Plan): Promise<Finding[]> {
  const settings = { rules: await loadRules(), functions: functionNames(plan.packages), isWhole: false }
  const known = nothingKnown()
  const migrations = plan.migrations.flatMap(({ file, source, rendered, statements }) =>
    lintFile(
      {
        path: file.path,
        text: file.text,
        noTransaction: source.directives.noTransaction,
        isBatched: isBatched(source.text),
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
