import { type PlanAnswer, planLines } from '../migrations.ts'
import { asTable } from '../show/as-table.ts'
import type { StatusAnswer } from '../status/status-answer.ts'
import { driftLines } from '../status/status-lines.ts'
import { type FleetCommand, isStopped, type Outcome } from './outcome.ts'

/** What --json prints. */
export function fleetJson(name: FleetCommand, isPlan: boolean, outcomes: readonly Outcome[]): object {
  return {
    targets: outcomes.map(({ name: target, result, applied, answer = null, error = null, milliseconds }) => {
      const found = isPlan ? { plan: answer } : name === 'status' ? { status: answer } : { applied }
      return { name: target, result, ...found, error, milliseconds }
    }),
  }
}

/** What one database answered, where that is more than a row of the table. */
export function answerLines({ name, answer }: Outcome): string[] {
  const found = answer as Partial<PlanAnswer & StatusAnswer> | undefined
  const lines = found?.migrations ? planLines(found as PlanAnswer) : []
  if (found?.state) lines.push(...driftLines(found as StatusAnswer))
  return lines.map((line) => `[${name}] ${line}`)
}

/** One row for each database. */
export function table(name: FleetCommand, isPlan: boolean, outcomes: readonly Outcome[]): string[] {
  const counted = isPlan ? 'to do' : name === 'status' ? 'pending' : name === 'up' ? 'applied' : 'taken back'
  const rows = outcomes.map((outcome) => [
    outcome.name,
    outcome.result.replaceAll('_', ' '),
    String(countOf(outcome)),
    outcome.result === 'skipped' ? '' : `${(outcome.milliseconds / 1000).toFixed(1)} s`,
    outcome.error === undefined ? '' : `${outcome.error.code}: ${outcome.error.message}`,
  ])
  return asTable(['target', 'result', counted, 'time', 'error'], rows)
}

function countOf({ answer, applied }: Outcome): number {
  const found = answer as Partial<PlanAnswer & StatusAnswer> | undefined
  if (found?.migrations) return found.migrations.length + (found.functions?.length ?? 0)
  if (found?.pending) {
    const functions = (found as StatusAnswer).functions.filter(({ state }) => !['applied', 'missing'].includes(state))
    return found.pending.length + functions.length
  }
  return applied.length
}

/** How many ended how: `8 done, 2 failed`. */
export function summary(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>()
  for (const { result } of outcomes) counts.set(result, (counts.get(result) ?? 0) + 1)
  return [...counts].map(([result, count]) => `${count} ${result.replaceAll('_', ' ')}`).join(', ')
}

/** The exit statuses from the worst to the best: 2, 1, 4, 3, 0. */
export function exitOfAll(outcomes: readonly Outcome[], name: FleetCommand): number {
  if (outcomes.some(({ error }) => error?.exit === 2)) return 2
  if (outcomes.some(isStopped)) return 1
  if (name !== 'status') return 0
  if (outcomes.some(({ result }) => result === 'drifted')) return 4
  return outcomes.some(({ result }) => result === 'pending') ? 3 : 0
}
