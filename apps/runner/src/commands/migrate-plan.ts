import { plan } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { isForMany, readingFleetOptions, readingFleetOutput } from '../fleet/options.ts'
import { planShape, scriptShape } from '../json-shapes.ts'
import { openForMigrations, packagesOf, planAsJson, planAsLines, targetOf, targetOptions } from '../migrations.ts'

export const command = defineCommand({
  summary: 'Say what `migrate up` would do; reads only',
  options: { ...targetOptions, ...readingFleetOptions },
  output: { oneOf: [planShape, scriptShape, readingFleetOutput('plan', planShape)] },
  async run(context) {
    const { options, json, print, talk } = context
    if (isForMany(options)) return (await import('../fleet/fleet.ts')).fleet('plan', context)
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const database = await openForMigrations(context)
    const client = await database.open('migrate plan')
    const planned = await plan(client, packages, targetOf('up', options, config, packages)).finally(() => client.end())
    for (const note of planned.notes) talk(`note: ${note}`)
    if (planned.migrations.length + planned.functions.length > 0) {
      const { lintBeforeUp } = await import('../show/lint-report.ts')
      await lintBeforeUp(planned, context, false)
    }
    if (options['show-sql']) {
      const { toScript } = await import('@athena-pg/migrator/script')
      print(json ? JSON.stringify({ sql: toScript(planned) }) : toScript(planned))
    } else if (json) print(JSON.stringify(planAsJson(planned)))
    else if (planned.migrations.length + planned.functions.length === 0) print('nothing to do: everything is applied')
    else {
      for (const line of planAsLines(planned)) print(line)
      talk('next: athena migrate up')
    }
  },
})
