import type { LedgerFault, PlannedRepair } from '@athena-pg/migrator/repair'
import { closed, count, described, type JsonSchema, listOf, orNull, text, textOrNull, time } from '../json-shapes.ts'

const checksums = {
  kind: { enum: ['accepted', 'forgotten', 'applied', 'baseline'] },
  id: text,
  checksumBefore: textOrNull,
  checksumAfter: textOrNull,
}

/** JSON Schema of what it prints with --json. */
export const repairOutput: JsonSchema = described(
  closed(
    {
      faults: listOf(
        closed({
          id: text,
          fault: { enum: ['changed', 'missing', 'interrupted'] },
          appliedChecksum: textOrNull,
          checksum: textOrNull,
          attempt: orNull(closed({ direction: { enum: ['up', 'down'] }, done: count, of: count, error: textOrNull })),
        }),
      ),
      planned: listOf(closed({ ...checksums, effects: listOf(text) })),
      repaired: listOf(closed({ ...checksums, reason: text, by: text, at: time }, ['by', 'at'])),
    },
    ['faults', 'planned', 'repaired'],
  ),
  '`faults` without MIGRATION, `planned` with --dry-run, `repaired` after a run and (with `by` and `at`) with --list.',
)

export function repairAsLines({ kind, id, checksumBefore, checksumAfter, effects }: PlannedRepair): string[] {
  const verb = { accepted: 'accept', forgotten: 'forget', applied: 'call applied:', baseline: 'record' }[kind]
  return [`${verb} ${id}`, `  checksum ${change(checksumBefore, checksumAfter)}`, ...effects.map((line) => `  ${line}`)]
}

export function change(before: string | null, after: string | null): string {
  return before === after ? `${after} as before` : `${before ?? 'none'} → ${after ?? 'none'}`
}

export function oneLine(reason: string): string {
  return reason.replaceAll(/\s+/g, ' ')
}

export function faultAsJson({ id, fault, row, file, attempt }: LedgerFault): object {
  return {
    id,
    fault,
    appliedChecksum: row?.checksum ?? null,
    checksum: file?.checksum ?? null,
    attempt: attempt
      ? {
          direction: attempt.direction,
          done: attempt.done,
          of: attempt.statements.length,
          error: attempt.error,
        }
      : null,
  }
}

export function faultAsLines({ id, name, fault, row, file, attempt }: LedgerFault): string[] {
  const command = (flag: string) => `athena migrate repair ${flag}${name} --reason TEXT`
  if (fault === 'changed') {
    return [
      `changed      ${id}: applied with checksum ${row?.checksum}, now ${file?.checksum}`,
      `  if the database has what the file says now: ${command('')}`,
    ]
  }
  if (fault === 'missing') {
    return [`missing      ${id}: applied, and its file is gone`, `  if that is meant: ${command('--forget ')}`]
  }
  const down = attempt?.direction === 'down'
  const said = attempt?.error ? `: ${oneLine(attempt.error)}` : ''
  return [
    `interrupted  ${id}: ${attempt?.done} of ${attempt?.statements.length} statements of its ${down ? 'Down' : 'Up'} section are done${said}`,
    ...(file === undefined ? [] : [`  to go on: athena migrate ${attempt?.direction}`]),
    ...(file !== undefined && attempt?.checksum !== file.checksum
      ? [`  if the database has what the changed file says: ${command('')}`]
      : []),
    ...(file === undefined
      ? []
      : [`  if the rest was ${down ? 'put back' : 'done'} by hand: ${command('--applied ')}`]),
    `  if what it did was ${down ? 'finished' : 'undone'} by hand: ${command('--forget ')}`,
  ]
}
