import { status } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { isForMany, readingFleetOptions, readingFleetOutput } from '../fleet/options.ts'
import { closed, count, described, type JsonSchema, listOf, orNull, text, textOrNull, time } from '../json-shapes.ts'
import { packagesOf } from '../migrations.ts'
import { shadowOf, shadowOption } from '../shadow.ts'
import { exitOf, type StatusAnswer, statusAnswer } from '../status/status-answer.ts'
import { nextAfter, statusLines } from '../status/status-lines.ts'

const statusShape: JsonSchema = closed({
  state: { enum: ['up_to_date', 'pending', 'drifted'] },
  applied: listOf(
    closed({
      package: text,
      file: text,
      checksum: text,
      appliedAt: time,
      undone: orNull(count),
    }),
  ),
  pending: listOf(closed({ package: text, file: text, checksum: text })),
  changed: listOf(closed({ package: text, file: text, checksum: textOrNull, appliedChecksum: text })),
  functions: listOf(
    closed({
      package: text,
      file: text,
      state: { enum: ['applied', 'pending', 'changed', 'removed', 'missing'] },
      checksum: textOrNull,
      appliedAt: orNull(time),
    }),
  ),
  invalidIndexes: listOf(text),
  drift: described(orNull(listOf(text)), 'Objects that are not as applied; null without --drift.'),
})

export const command = defineCommand({
  summary: 'Say what is applied, pending and drifted; exit 0 up to date, 3 pending, 4 drifted',
  details: `Reads only. Drifted is what \`migrate up\` does not mend: a file that was changed or is gone after it was applied, a recorded function that the database does not have, an invalid index in the schema athena, a migration that is half taken back. It goes before pending. With --drift also every object that is not as the applied migrations made it; \`athena migrate drift\` says how it differs.
With --targets the exit status is the worst one: 1 where a database could not be asked, else 4, else 3, else 0.`,
  examples: [
    'athena migrate status --json',
    'athena migrate status --drift',
    'athena migrate status --targets databases.json',
  ],
  options: {
    drift: { type: 'boolean', description: 'Compare the database object by object, too; takes some seconds' },
    ...shadowOption,
    ...readingFleetOptions,
  },
  output: { oneOf: [statusShape, readingFleetOutput('status', statusShape)] },
  async run(context) {
    const { options, json, print, talk } = context
    if (isForMany(options)) return (await import('../fleet/fleet.ts')).fleet('status', context)
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const database = await context.openDatabase()
    const client = await database.open('migrate status')
    let answer: StatusAnswer
    try {
      const found = await status(client, packages)
      // Files that changed have nothing to compare with, and are drift enough.
      const isCompared = options.drift && found.changed.length === 0
      const { drift } = isCompared ? await import('@athena-pg/migrator/drift') : {}
      answer = statusAnswer(found, await drift?.(client, packages, shadowOf(context), config.variables))
    } finally {
      await client.end()
    }
    if (json) print(JSON.stringify(answer))
    else {
      for (const line of statusLines(answer)) print(line)
      talk(nextAfter(answer))
    }
    return exitOf[answer.state]
  },
})
