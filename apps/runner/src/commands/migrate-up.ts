import { apply, plan, readPatience } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { changingFleetOptions, changingOutput, isForMany } from '../fleet/options.ts'
import { malformedFlag } from '../malformed-flag.ts'
import {
  openForMigrations,
  packagesOf,
  patienceOptions,
  planAsJson,
  planAsLines,
  targetOf,
  targetOptions,
} from '../migrations.ts'

export const command = defineCommand({
  summary: 'Apply what is pending: migrations of all packages in one timeline, then functions',
  details:
    'Safe to run again, by many at once, and after it was killed: what is recorded is applied, and the rest is done by the next run.\nWith --targets one database that fails does not stop the others; a table at the end says how each went, and the exit status is 1 where one failed or was skipped.',
  examples: ['athena migrate up', 'athena migrate up --targets databases.json --canary eu-1 --at-once 8'],
  options: {
    ...targetOptions,
    ...patienceOptions,
    'dry-run': { type: 'boolean', description: 'Say what would be done, and change nothing' },
    wait: {
      type: 'string',
      value: 'SECONDS',
      description: 'How long to wait for another run that holds the lock (60)',
    },
    lint: {
      type: 'boolean',
      negatable: true,
      description: 'Refuse what `migrate lint` calls an error; --no-lint applies it all the same',
    },
    ...changingFleetOptions,
  },
  output: changingOutput,
  async run(context) {
    const { options, json, print, talk } = context
    if (isForMany(options)) return (await import('../fleet/fleet.ts')).fleet('up', context)
    const config = loadConfig(context)
    const wait = secondsOf(options.wait)
    const patience = readPatience(options['lock-timeout'], options['lock-retries'])
    const packages = packagesOf(config)
    const database = await openForMigrations(context)
    const client = await database.open('migrate plan')
    const planned = await plan(client, packages, targetOf('up', options, config, packages)).finally(() => client.end())
    for (const note of planned.notes) talk(`note: ${note}`)
    if (options['show-sql']) {
      const { toScript } = await import('@athena-pg/migrator/script')
      print(json ? JSON.stringify({ sql: toScript(planned) }) : toScript(planned))
      return
    }
    const count = planned.migrations.length + planned.functions.length
    if (count > 0 && options.lint !== false) {
      const { lintBeforeUp } = await import('../show/lint-report.ts')
      await lintBeforeUp(planned, context, !options['dry-run'])
    }
    if (options['dry-run']) {
      if (json) print(JSON.stringify(planAsJson(planned)))
      else if (count === 0) print('nothing to do')
      else for (const line of planAsLines(planned)) print(line)
      return
    }
    if (count === 0) {
      print(json ? JSON.stringify({ applied: [] }) : 'nothing to do: everything is applied')
      return
    }
    const { reportTo } = await import('../report.ts')
    const applied = await apply(database, planned, reportTo(context, json), { wait, patience })
    if (json) print(JSON.stringify({ applied }))
    else if (applied.length === 0) print('nothing to do: another run has applied everything')
    else if (
      options.to === undefined &&
      options.only === undefined &&
      packages.some(({ name }) => name === '@athena-pg/schema')
    )
      talk('next: athena remember README.md --project demo')
    else talk('next: athena migrate status')
  },
})

function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw malformedFlag(`--wait ${value} is not a number of seconds`, 'For example --wait 300')
  }
  return seconds * 1000
}
