import { asTable } from '../../show/as-table.ts'
import { alterSystem } from './alter-system.ts'
import type { ApplyPlan } from './apply-plan.ts'
import type { Outcome } from './outcomes.ts'
import { undoScript } from './restore.ts'
import { memoryLine } from './show-diff.ts'
import { visible } from './visible.ts'

export function planLines({ changes, settings, file, before, after, warnings, unchecked }: ApplyPlan): string[] {
  if (changes.length === 0) return ['nothing to do: all settings are as recommended, or written already']
  const effects = new Map(settings.map(({ name, takesEffect }) => [name, takesEffect]))
  const rows = changes.map(({ name, before: old, after: value }) => [
    name,
    value ?? '(reset)',
    ...(file === undefined ? [old ?? '-'] : []),
    effects.get(name) === 'session' ? 'new sessions' : (effects.get(name) ?? 'no longer recommended'),
  ])
  const heads = ['setting', 'value', ...(file === undefined ? ['ALTER SYSTEM before'] : []), 'takes effect']
  return [
    ...asTable(
      heads,
      rows.map((row) => row.map(visible)),
    ),
    '',
    memoryLine(before, after),
    ...warnings.map((each) => `warning: ${visible(each)}`),
    ...(unchecked.length === 0 ? [] : ['not checked, only a restart shows:', ...unchecked.map((each) => `  ${each}`)]),
  ]
}

/** A script for psql; without transaction, since ALTER SYSTEM has none. */
export function planScript({ changes, file }: ApplyPlan): string {
  if (file !== undefined)
    return `-- ${file.path}\n${file.after.replaceAll(/^/gm, '-- ').trimEnd()}\nSELECT pg_reload_conf();`
  const statements = changes.map(({ name, after }) => `${alterSystem(name, after)};`)
  const undo = undoScript(changes).map((line) => `-- ${line}`)
  return [...statements, 'SELECT pg_reload_conf();', '', '-- To bring back what was before:', ...undo].join('\n')
}

export function resultLines(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map(({ name, value, state, detail }) =>
    [name, value ?? '(reset)', state, detail ?? ''].map(visible),
  )
  const waiting = outcomes.filter(({ state }) => state === 'waits for restart').length
  return [
    ...asTable(['setting', 'value', 'state', ''], rows),
    '',
    `${outcomes.length} settings written; ${waiting === 0 ? 'none waits' : `${waiting} wait`} for a restart`,
  ]
}

export function applyAsJson(
  { location, changes, file, before, after, warnings, unchecked, notes }: ApplyPlan,
  outcomes: readonly Outcome[],
  record: string | null = null,
): Record<string, unknown> {
  const memory = { before, after }
  return { location, file: file?.path ?? null, changes, outcomes, record, memory, warnings, unchecked, notes }
}
