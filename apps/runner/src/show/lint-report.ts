import { AthenaError } from '@athena-pg/database'
import type { Plan } from '@athena-pg/migrator'
import type { Finding } from '@athena-pg/migrator/lint'

/** A finding as --json prints it. */
export function findingAsJson(finding: Finding): object {
  const { rule, level, file, line, column, endColumn, reason, detail, help, source, diff } = finding
  return {
    rule,
    level,
    file,
    line,
    column,
    endColumn,
    reason,
    detail: detail ?? null,
    help,
    source: source ?? null,
    diff: diff ?? null,
  }
}

/**
 * Lints what a plan would apply, and tells it on stderr.
 * @throws AthenaError `lint_refused` where an error was found and `refuses` is set
 */
export async function lintBeforeUp(
  plan: Plan,
  terminal: { talk(line: string): void; json: boolean },
  refuses: boolean,
): Promise<void> {
  const { lintPlan, showFinding } = await import('@athena-pg/migrator/lint')
  const findings = await lintPlan(plan)
  const errors = findings.filter(({ level }) => level === 'error')
  const isColoured = Boolean(process.stderr.isTTY) && !process.env.NO_COLOR
  for (const finding of findings) {
    for (const line of showFinding(finding, isColoured)) terminal.talk(line)
    terminal.talk('')
  }
  if (errors.length === 0 || !refuses) return
  throw new AthenaError({
    code: 'lint_refused',
    message: `${errors.length} finding${errors.length === 1 ? '' : 's'} of migrate lint would block or break this database`,
    detail: errors.map(({ rule, file, line, column }) => `${file}:${line}:${column}: ${rule}`).join('\n'),
    hint: 'Nothing was applied. Correct the files; or write `-- athena-ignore RULE: REASON` above a statement that is right; or skip the check once: athena migrate up --no-lint',
  })
}
