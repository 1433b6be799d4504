import { AthenaError } from '@athena-pg/database'
import type { Context } from '../context.ts'
import { malformedFlag, wholeNumber } from '../malformed-flag.ts'
import type { FleetFlags } from './fleet.ts'
import type { FleetCommand } from './outcome.ts'
import type { FleetTarget } from './read-targets.ts'

/** @throws AthenaError malformed_flag for what makes no sense, or is too dangerous, on many databases */
export function assertFlags(name: FleetCommand, flags: FleetFlags, { options }: Pick<Context, 'options'>): void {
  if (flags.targets === undefined)
    throw malformedFlag('a flag for many databases was given without --targets', 'Name their list: --targets FILE')
  if (options['database-url'] !== undefined)
    throw malformedFlag('--targets and --database-url were both given', 'Give one of them.')
  if (flags['show-sql'])
    throw malformedFlag(
      '--show-sql is for one database',
      `Name it: athena migrate ${name} --database-url URL --show-sql`,
    )
  if (name === 'down' && flags.to === undefined && !flags['dry-run']) {
    throw malformedFlag(
      'migrate down on many databases needs --to',
      'Without it each would go one migration back from wherever it is. Name the migration that stays.',
    )
  }
}

/**
 * Scratch databases in memory run in this one thread: several at once are no faster, and starve the connections of the others, which
 * then fail as if their server did not answer.
 * @throws AthenaError malformed_flag
 */
export function atOnceOf(given = '4', flags: Pick<FleetFlags, 'drift' | 'shadow-url'> = {}): number {
  const atOnce = wholeNumber('at-once', given, 999, 8)
  return flags.drift === true && flags['shadow-url'] === undefined ? 1 : atOnce
}

/**
 * Those that --canary names, and those that the file marks. Where nothing is changed, nothing has to go first.
 * @throws AthenaError unknown_canary
 */
export function canariesOf(
  targets: readonly FleetTarget[],
  name: FleetCommand,
  flags: FleetFlags,
): (target: FleetTarget) => boolean {
  const named = flags.canary ?? []
  const unknown = named.find((each) => !targets.some((target) => target.name === each))
  if (unknown !== undefined) {
    throw new AthenaError({
      code: 'unknown_canary',
      message: `no target is called "${unknown}"`,
      detail: `There are: ${targets.map((target) => target.name).join(', ')}.`,
      exit: 2,
    })
  }
  if (name === 'plan' || name === 'status' || flags['dry-run']) return () => false
  return (target) => target.isCanary || named.includes(target.name)
}
