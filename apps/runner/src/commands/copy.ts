import { defineCommand } from '../command.ts'
import { closed, count, flag, listOf, text } from '../json-shapes.ts'

export const command = defineCommand({
  summary: 'Copy a store of ours into an empty one: from the embedded database, or between servers',
  details: `Both are installed with the same packages and variables; athena migrate up does it. Ids are kept, so the target has to be empty.
The source is read in one snapshot and never written. Run again after it was interrupted, it goes on where it stopped. At the end every table is compared, row by row, by checksums that each database computes.`,
  examples: [
    'athena copy --from embedded --to postgres://athena@db.example.com/app',
    'athena copy --from postgres://old/app --to postgres://new/app --project shop --project blog',
  ],
  options: {
    from: { type: 'string', default: 'embedded', value: 'embedded|URL', description: 'The store that is read' },
    to: { type: 'string', value: 'URL', description: 'The empty store that is written' },
    project: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      description: 'Only this project; may be given several times',
    },
    batch: { type: 'string', default: '1000', value: 'ROWS', description: 'Rows in one transaction' },
    'dry-run': { type: 'boolean', description: 'Count and check, and change nothing' },
  },
  output: closed({
    dryRun: flag,
    same: flag,
    tables: listOf(
      closed({
        table: text,
        sourceRows: count,
        targetRows: count,
        checksum: closed({ source: text, target: text }),
        same: flag,
      }),
    ),
  }),
  async run(context) {
    const { runCopy } = await import('../adopt/run-copy.ts')
    return runCopy(context)
  },
})
