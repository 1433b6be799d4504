import { status } from '@athena-pg/migrator'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config.ts'
import { readingFleetOptions, readingFleetOutput, isForMany } from '../fleet/options.ts'
import { closed, count, type JsonSchema, listOf, text, textOrNull, time } from '../json-shapes.ts'
import { packagesOf } from '../migrations.ts'
import { exitOf, statusAnswer } from '../status-answer.ts'
import { nextAfter, statusLines } from '../status-lines.ts'

const statusShape: JsonSchema = closed({
  state: { enum: ['up_to_date', 'pending', 'drifted'] },
  applied: listOf(
    closed({
      package: text,
      file: text,
      checksum: text,
      appliedAt: time,
      undone: { anyOf: [{ type: 'null' }, count] },
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
      appliedAt: { anyOf: [{ type: 'null' }, time] },
    }),
  ),
  invalidIndexes: listOf(text),
})

export const command = defineCommand({
  summary: 'Say what is applied, pending and drifted; exit 0 up to date, 3 pending, 4 drifted',
  details: `Reads only. Drifted is what \`migrate up\` does not mend: a file that was changed or is gone after it was applied, a recorded function that the database does not have, an invalid index in the schema athena, a migration that is half taken back. It goes before pending.
With --targets the exit status is the worst one: 1 where a database could not be asked, else 4, else 3, else 0.`,
  examples: ['athena migrate status --json', 'athena migrate status --targets databases.json'],
  options: readingFleetOptions,
  output: { oneOf: [statusShape, readingFleetOutput('status', statusShape)] },
  async run(context) {
    const { options, json, print, talk } = context
    if (isForMany(options)) return (await import('../fleet/fleet.ts')).fleet('status', context)
    const packages = packagesOf(loadConfig(context))
    const database = await context.openDatabase()
    const client = await database.open('migrate status')
    const answer = statusAnswer(await status(client, packages).finally(() => client.end()))
    if (json) print(JSON.stringify(answer))
    else {
      for (const line of statusLines(answer)) print(line)
      talk(nextAfter(answer))
    }
    return exitOf[answer.state]
  },
})
