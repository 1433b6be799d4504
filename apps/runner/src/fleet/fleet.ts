import { type Applied, declarationsOf } from '@athena-pg/migrator'
import type { Values } from '../command.ts'
import { errorLines } from '../command-line/report-error.ts'
import { loadConfig } from '../config/config.ts'
import type { Context } from '../context.ts'
import { loadCommand } from '../find-command.ts'
import { packagesOf } from '../migrations.ts'
import { assertFlags, atOnceOf, canariesOf } from './flags.ts'
import { closeAllOnInterrupt } from './interruption.ts'
import type { changingFleetOptions } from './options.ts'
import { type FleetCommand, interrupted, type Outcome } from './outcome.ts'
import { type FleetTarget, readTargets } from './read-targets.ts'
import { runTarget } from './run-target.ts'
import { inTurns } from './schedule.ts'
import { answerLines, exitOfAll, fleetJson, summary, table } from './show.ts'

/** The flags of all four commands. */
export type FleetFlags = Partial<Values<typeof changingFleetOptions>> & {
  'dry-run'?: boolean | undefined
  'show-sql'?: boolean | undefined
  drift?: boolean | undefined
  'shadow-url'?: string | undefined
  to?: string | undefined
}

/**
 * Runs a command on every database of --targets. Packages are found and read once, so that all get the same.
 * @returns the exit status: 1 where a database failed or was not reached; of `status` the worst
 * @throws AthenaError malformed_flag, targets_unreadable, malformed_targets; whatever finding packages throws
 */
export async function fleet(name: FleetCommand, given: object): Promise<number> {
  const context = given as Context & { options: FleetFlags }
  const { options, json, print, talk } = context
  assertFlags(name, options, context)
  const atOnce = atOnceOf(options['at-once'], options)
  const config = loadConfig(context)
  const found = packagesOf(config)
  const declarations = declarationsOf(found)
  const settable = [...declarations.keys()].filter((each) => declarations.get(each)?.type !== 'derived')
  const targets = await readTargets({ file: options.targets as string, cwd: context.cwd, env: context.env, settable })
  const isCanary = canariesOf(targets, name, options)
  const command = await loadCommand(['migrate', name])
  const isPlan = name === 'plan' || options['dry-run'] === true
  const interruption = closeAllOnInterrupt(context, targets)

  async function work(target: FleetTarget): Promise<Outcome> {
    const startedAt = performance.now()
    const applied: Applied[] = []
    const running = runTarget(name, command, context, { ...config, found }, target, applied)
    const cutOff = (): Outcome => {
      const milliseconds = Math.round(performance.now() - startedAt)
      return { name: target.name, result: 'interrupted', applied, error: interrupted, milliseconds }
    }
    const outcome = await Promise.race([running, interruption.closed.then(cutOff)])
    // What a run says when its connection is closed under it is not what happened.
    if (interruption.isOver() && outcome.result === 'failed')
      return { ...outcome, result: 'interrupted', error: interrupted }
    if (outcome.error !== undefined) talk(errorLines(outcome.error).trimEnd().replace(/^/gm, `[${target.name}] `))
    if (!json) for (const line of answerLines(outcome)) print(line)
    return outcome
  }

  try {
    const schedule = {
      atOnce,
      isCanary,
      stopOnFailure: options['stop-on-failure'] === true,
      isInterrupted: interruption.isOver,
    }
    const outcomes = await inTurns(targets, schedule, work)
    if (json) print(JSON.stringify(fleetJson(name, isPlan, outcomes)))
    else for (const line of table(name, isPlan, outcomes)) print(line)
    talk(summary(outcomes))
    if (!json) talk(nextAfter(name, options, outcomes))
    return exitOfAll(outcomes, name)
  } finally {
    interruption.settled()
  }
}

function nextAfter(name: FleetCommand, { targets, drift }: FleetFlags, outcomes: readonly Outcome[]): string {
  const exit = exitOfAll(outcomes, name)
  const again = `athena migrate ${name} --targets ${targets}`
  if (exit === 1 || exit === 2) return `next: mend what failed, then the same command again: ${again}`
  const own = drift === true ? 'drift' : 'status'
  if (exit === 4) return `next: athena migrate ${own} --database-url URL of one that drifted says what to do`
  if (name === 'plan' || exit === 3) return `next: athena migrate up --targets ${targets}`
  return name === 'status' ? 'everything is applied' : `next: athena migrate status --targets ${targets}`
}
