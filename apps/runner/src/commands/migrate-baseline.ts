import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { closed, described, differenceShape, listOf, text } from '../json-shapes.ts'
import { openForMigrations, packagesOf, targetOf, targetOptions } from '../migrations.ts'
import { shadowOf, shadowOption } from '../shadow.ts'

export const command = defineCommand({
  summary: 'Record migrations as applied without running them, once all that they make was found to be there',
  details: `For a database that was made by hand or by another tool, or restored without its ledger. The migrations run on an empty scratch database, and every table, column, constraint, index, view, type and function that they make there must be here, with the same definition; else nothing is recorded. What is here besides is left alone.
Only definitions are compared: rows that migrations insert or change are not looked at. Functions of the packages are applied by the next \`athena migrate up\`.`,
  examples: [
    'athena migrate baseline --dry-run',
    'athena migrate baseline --to 20261122090240 --set embedding_dimensions=384',
  ],
  options: {
    to: {
      type: 'string',
      value: 'MIGRATION',
      description: 'The last migration to record: its name, its file name or its stamp; all where it is not given',
    },
    only: targetOptions.only,
    set: targetOptions.set,
    ...shadowOption,
    reason: { type: 'string', value: 'TEXT', description: 'Kept beside the record; see athena migrate repair --list' },
    'dry-run': { type: 'boolean', description: 'Compare, say what would be recorded, and change nothing' },
    'show-sql': { type: 'boolean', description: 'Compare, print the SQL that would be run, and change nothing' },
  },
  output: closed(
    {
      recorded: described(listOf(text), 'Names in the ledger'),
      planned: described(listOf(text), 'With --dry-run: what would be recorded, were there no differences'),
      differences: described(listOf(differenceShape), 'With --dry-run'),
      notes: listOf(text),
    },
    ['recorded', 'planned', 'differences'],
  ),
  async run(context) {
    const { options, json, print, talk } = context
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const { baseline, baselineDiffers, baselineSql, differenceLines, planBaseline } = await import(
      '@athena-pg/migrator/baseline'
    )
    const { only, variables } = targetOf('up', options, config, packages)
    const database = await openForMigrations(context)
    const client = await database.open('migrate baseline')
    const target = { to: options.to, only, variables }
    try {
      const planned = await planBaseline(client, packages, target, shadowOf(context))
      const { differences, migrations, notes } = planned
      const ids = migrations.map(({ id }) => id)
      if (options['dry-run'] && json) {
        const { differenceAsJson } = await import('../show/difference.ts')
        print(JSON.stringify({ planned: ids, differences: differences.map(differenceAsJson), notes }))
        return differences.length > 0 ? 1 : 0
      }
      for (const note of notes) talk(`note: ${note}`)
      if (options['dry-run'] && differences.length > 0) {
        for (const difference of differences) {
          print(`${difference.state}: ${difference.object}`)
          for (const line of differenceLines(difference)) print(`  ${line}`)
        }
        talk(`${differences.length} differences: nothing would be recorded`)
        return 1
      }
      if (differences.length > 0) throw baselineDiffers(differences)
      const reason = options.reason?.trim() || 'all that it makes was found to be there'
      if (options['show-sql']) {
        for (const statement of await baselineSql(client, planned, reason)) print(statement)
        return 0
      }
      if (options['dry-run']) {
        for (const id of ids) print(`record ${id}`)
        talk('next: athena migrate baseline')
        return 0
      }
      const { reportTo } = await import('../report.ts')
      await baseline(database, planned, reason, reportTo(context, json))
      if (json) print(JSON.stringify({ recorded: ids, notes }))
      else {
        for (const id of ids) print(`recorded ${id}`)
        talk('next: athena migrate up')
      }
      return 0
    } finally {
      await client.end()
    }
  },
})
