import { drift } from '@athena-pg/migrator/drift'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { closed, count, differenceMembers, flag, listOf, text, textOrNull } from '../json-shapes.ts'
import { packagesOf } from '../migrations.ts'
import { shadowOf, shadowOption } from '../shadow.ts'

export const command = defineCommand({
  summary: 'Compare the live database with what is applied to it, object by object; exit 1 where they differ',
  details:
    'Reads only. What the ledger says is applied is applied to a scratch database with the same variables, and the two catalogues are compared; with each difference goes the SQL that mends it. Rows, owners, grants and partitions made since are no drift.',
  examples: ['athena migrate drift', 'athena migrate drift --show-sql > mend.sql'],
  options: {
    ...shadowOption,
    'show-sql': {
      type: 'boolean',
      description: 'Print only the SQL that mends it, for psql; what deletes data is commented out',
    },
  },
  output: closed({
    migrations: count,
    findings: listOf(closed({ ...differenceMembers, sql: listOf(text), remark: textOrNull, losesData: flag })),
    notes: listOf(text),
  }),
  async run(context) {
    const { options, json, print, talk } = context
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const client = await (await context.openDatabase()).open('migrate drift')
    const found = await drift(client, packages, shadowOf(context), config.variables).finally(() => client.end())
    const { findings, notes, migrations } = found
    const exit = findings.length > 0 ? 1 : 0
    if (json) {
      const items = findings.map(({ state, object, expected, actual, mend }) => ({
        state,
        object,
        expected: expected ?? null,
        actual: actual ?? null,
        sql: mend.sql,
        remark: mend.remark ?? null,
        losesData: mend.losesData ?? false,
      }))
      print(JSON.stringify({ migrations, findings: items, notes }))
      return exit
    }
    const { driftLines, mendingScript } = await import('../show/show-drift.ts')
    for (const line of options['show-sql'] ? mendingScript(found) : driftLines(found)) print(line)
    for (const note of notes) talk(`note: ${note}`)
    if (exit === 1 && found.interrupted.length > 0)
      talk('next: athena migrate repair, which says how to finish what was interrupted; then athena migrate drift')
    else if (exit === 1)
      talk(
        'next: athena migrate drift --show-sql > mend.sql, read it, and run it by psql; or write a migration for what shall stay',
      )
    else if (migrations > 0) talk('next: athena migrate status')
    return exit
  },
})
