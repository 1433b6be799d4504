import { adoptOutput } from '../adopt/adopt-output.ts'
import { defineCommand } from '../command.ts'

export const command = defineCommand({
  summary: 'Copy a store of another making into this one, in batches that a later run goes on with',
  details: `The old tables are only read. Their names and columns are known for the stores of the guide and of the application that it was written for; others take a mapping, which --suggest drafts from the catalogue.
Old ids become new ones, kept in athena_adoption.ids; what cannot be taken over is listed in athena_adoption.rejects. Run again, it goes on where it stopped, and takes rows added since. docs/guides/adopting-a-store.md says what becomes of what.`,
  examples: [
    'athena adopt --from public --dry-run --time-zone UTC',
    'athena adopt --from postgres://reader@old-server/app --suggest > mapping.json',
    'athena adopt --from postgres://reader@old-server/app --mapping mapping.json',
  ],
  options: {
    from: {
      type: 'string',
      value: 'SCHEMA|URL',
      description: 'The old store: a schema of this database (public), or another database',
    },
    schema: {
      type: 'string',
      value: 'SCHEMA',
      description: 'Schema of the old tables, where --from is a URL (public)',
    },
    mapping: {
      type: 'string',
      value: 'FILE',
      description: 'What becomes of which table and column; else by their names',
    },
    suggest: { type: 'boolean', description: 'Print the mapping that the names and types suggest, and change nothing' },
    'time-zone': { type: 'string', value: 'ZONE', description: 'Zone in which times without one were written' },
    batch: { type: 'string', default: '1000', value: 'ROWS', description: 'Rows in one transaction' },
    'allow-rejects': { type: 'boolean', description: 'Exit 0 also where rows could not be taken over' },
    'retry-rejects': {
      type: 'boolean',
      description: 'Try rejected rows again, also by a mapping that was changed for them',
    },
    'dry-run': { type: 'boolean', description: 'Count, check and list, and change nothing' },
    finish: { type: 'boolean', description: 'Drop the map of old ids and the progress; what was adopted stays' },
  },
  output: adoptOutput,
  async run(context) {
    const { runAdopt } = await import('../adopt/run-adopt.ts')
    return runAdopt(context)
  },
})
