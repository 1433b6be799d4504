import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { yesOption } from '../confirm.ts'
import { confirmLoss } from '../confirm-loss.ts'
import { appliedShape, closed, described, planShape } from '../json-shapes.ts'
import { malformedFlag, wholeNumber } from '../malformed-flag.ts'
import { openForMigrations, packagesOf, planAsJson, planAsLines, targetOf, targetOptions } from '../migrations.ts'

export const command = defineCommand({
  summary: 'Take the last migration back and apply it again, under one lock',
  operands: '[MIGRATION]',
  details: `With MIGRATION (its name, its file name or its stamp) everything that was applied since is taken back, that one included, and applied again: the same migrations, with the same values of variables, whatever else is pending.
What Down sections drop is gone, data included: on a server it asks first. Both ways are checked before anything is done.`,
  examples: ['athena migrate redo', 'athena migrate redo --steps 3 --dry-run'],
  options: {
    steps: { type: 'string', value: 'N', description: 'How many migrations, without MIGRATION (1)' },
    yes: yesOption,
    'dry-run': { type: 'boolean', description: 'Say what would be done, and change nothing' },
    'show-sql': targetOptions['show-sql'],
  },
  output: described(
    closed({ applied: appliedShape, down: planShape, up: planShape }, ['applied', 'down', 'up']),
    '`applied` after a run; `down` and `up` with --dry-run.',
  ),
  async run(context) {
    const { options, operands, json, print, talk } = context
    const [from] = operands
    const steps = options.steps === undefined ? undefined : wholeNumber('steps', options.steps, 999_999, 2)
    if (from !== undefined && steps !== undefined)
      throw malformedFlag(
        '--steps and MIGRATION both say how far back',
        'Give one of them: athena migrate redo --steps 2',
      )
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const { planRedo, redo } = await import('@athena-pg/migrator/redo')
    const database = await openForMigrations(context)
    const client = await database.open('migrate plan')
    const { variables } = targetOf('down', {}, config, packages)
    const planned = await planRedo(client, packages, { from, steps, variables }).finally(() => client.end())
    const { down, up } = planned
    if (options['show-sql']) {
      const { toScript } = await import('@athena-pg/migrator/script')
      print(`${toScript(down)}\n${toScript(up)}`)
      return
    }
    if (options['dry-run'] && json) {
      print(JSON.stringify({ down: planAsJson(down), up: planAsJson(up) }))
      return
    }
    if (down.migrations.length === 0) {
      print(json ? JSON.stringify({ applied: [] }) : 'nothing to do: no migration is applied')
      return
    }
    if (options['dry-run']) {
      for (const line of [...planAsLines(down), ...planAsLines(up)]) print(line)
      return
    }
    await confirmLoss(context, database, down, ` and apply ${down.migrations.length === 1 ? 'it' : 'them'} again`)
    const { reportTo } = await import('../report.ts')
    const applied = await redo(database, planned, reportTo(context, json))
    if (json) print(JSON.stringify({ applied }))
    else talk('next: athena migrate status')
  },
})
