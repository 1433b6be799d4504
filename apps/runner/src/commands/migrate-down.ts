import { apply, plan, readPatience } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { changingFleetOptions, changingOutput, isForMany } from '../fleet/options.ts'
import { wholeNumber } from '../malformed-flag.ts'
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
  summary: 'Take back the last migration, or go down to a given one',
  details:
    'Runs Down sections, newest application first. What they drop is gone: take a backup of a database that matters.',
  options: {
    ...targetOptions,
    ...patienceOptions,
    to: {
      type: 'string',
      value: 'MIGRATION|zero',
      description: 'Go back to this migration, which stays; `zero` takes back everything',
    },
    steps: { type: 'string', value: 'N', description: 'How many migrations to take back (1)' },
    yes: { type: 'boolean', description: 'Do not ask, as a terminal is asked about a server' },
    'dry-run': { type: 'boolean', description: 'Say what would be done, and change nothing' },
    ...changingFleetOptions,
  },
  output: changingOutput,
  async run(context) {
    const { options, json, print, talk } = context
    if (isForMany(options)) return (await import('../fleet/fleet.ts')).fleet('down', context)
    const config = loadConfig(context)
    const patience = readPatience(options['lock-timeout'], options['lock-retries'])
    const packages = packagesOf(config)
    const steps = options.steps === undefined ? undefined : wholeNumber('steps', options.steps, 999_999, 2)
    const target = { ...targetOf('down', options, config, packages), steps }
    const database = await openForMigrations(context)
    const client = await database.open('migrate plan')
    const planned = await plan(client, packages, target).finally(() => client.end())
    if (options['show-sql']) {
      const { toScript } = await import('@athena-pg/migrator/script')
      print(json ? JSON.stringify({ sql: toScript(planned) }) : toScript(planned))
      return
    }
    if (options['dry-run']) {
      if (json) print(JSON.stringify(planAsJson(planned)))
      else if (planned.migrations.length === 0) print('nothing to do')
      else for (const line of planAsLines(planned)) print(line)
      return
    }
    if (planned.migrations.length === 0) {
      print(json ? JSON.stringify({ applied: [] }) : 'nothing to do: no migration is applied above that')
      return
    }
    // Scripts that go down do so on purpose; a person at a terminal may have meant another database.
    if (context.isTerminal) {
      const { confirmLoss } = await import('../confirm-loss.ts')
      await confirmLoss(context, database, planned)
    }
    const { reportTo } = await import('../report.ts')
    const applied = await apply(database, planned, reportTo(context, json), { patience })
    if (json) print(JSON.stringify({ applied }))
    else talk('next: athena migrate status')
  },
})
