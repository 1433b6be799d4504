import { type Outcome, skipped } from './outcome.ts'
import type { FleetTarget } from './read-targets.ts'

export interface Schedule {
  /** How many at a time, at most. */
  atOnce: number
  /** These go first, one by one; one that fails stops everything. */
  isCanary(target: FleetTarget): boolean
  stopOnFailure: boolean
  /** Once this is true, nothing further is begun. */
  isInterrupted(): boolean
}

/**
 * Works on all targets, and says how it went with each, in their order.
 * @param work never rejects
 */
export async function inTurns(
  targets: readonly FleetTarget[],
  schedule: Schedule,
  work: (target: FleetTarget) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes = new Map<FleetTarget, Outcome>()
  let isStopped = false
  const mayBegin = (): boolean => !isStopped && !schedule.isInterrupted()
  const run = async (target: FleetTarget): Promise<void> => {
    const outcome = await work(target)
    outcomes.set(target, outcome)
    // A command that was called wrongly is called wrongly for all.
    const isWrongCall = outcome.error?.exit === 2
    if (outcome.result === 'failed' && (schedule.stopOnFailure || schedule.isCanary(target) || isWrongCall))
      isStopped = true
  }
  const waiting = targets.filter((target) => !schedule.isCanary(target))
  for (const target of targets.filter(schedule.isCanary)) if (mayBegin()) await run(target)
  const lane = async (): Promise<void> => {
    while (mayBegin()) {
      const target = waiting.shift()
      if (target === undefined) return
      await run(target)
    }
  }
  await Promise.all(Array.from({ length: schedule.atOnce }, lane))
  return targets.map((target) => outcomes.get(target) ?? skipped(target))
}
