import type { Options } from '../../command.ts'
import { yesOption } from '../../confirm.ts'
import { closed, described, type JsonSchema, listOf, scriptShape, text, textOrNull } from '../../json-shapes.ts'
import { memoryShape } from '../tune-output.ts'
import { liveFactOptions } from './live-fact-options.ts'

export const applyOptions = {
  yes: yesOption,
  'dry-run': { type: 'boolean', description: 'Say what would be done, and change nothing' },
  'show-sql': { type: 'boolean', description: 'Print the statements, and those that undo them, and change nothing' },
  only: { type: 'string', value: 'NAMES', description: 'These settings alone: work_mem,max_wal_size' },
  skip: { type: 'string', value: 'NAMES', description: 'Not these settings' },
  'reload-only': { type: 'boolean', description: 'Leave out what needs a restart' },
  'include-file': {
    type: 'string',
    value: 'PATH',
    description: 'Write a file on this machine that the configuration of the server includes, instead of ALTER SYSTEM',
  },
  rollback: { type: 'boolean', description: 'Bring back what was before the last apply, finished or not' },
  record: { type: 'string', value: 'FILE', description: 'With --rollback: this undo record, not the latest' },
  overwrite: { type: 'boolean', description: 'With --rollback: also what somebody else has changed since' },
  ...liveFactOptions,
} as const satisfies Options

const changes = described(
  listOf(closed({ name: text, before: textOrNull, after: textOrNull })),
  'Of postgresql.auto.conf, or of the included file; null: not in it.',
)

const applied: JsonSchema = closed({
  location: text,
  file: described(textOrNull, 'Of --include-file; null: by ALTER SYSTEM.'),
  changes,
  outcomes: described(
    listOf(
      closed({
        name: text,
        value: textOrNull,
        state: { enum: ['in effect', 'waits for restart', 'overridden', 'refused'] },
        detail: textOrNull,
      }),
    ),
    'Empty with --dry-run.',
  ),
  record: described(textOrNull, 'Where the undo record is; null: nothing was changed.'),
  memory: closed({ before: memoryShape, after: memoryShape }),
  warnings: listOf(text),
  unchecked: described(listOf(text), 'What only a restart shows.'),
  notes: listOf(text),
})

const rolledBack: JsonSchema = closed({
  location: text,
  record: text,
  state: { enum: ['begun', 'done', 'undone', 'rolled back'] },
  changes,
  file: textOrNull,
  waiting: described(listOf(text), 'Settings that wait for a restart now.'),
})

/** What `athena tune apply --json` prints: without --rollback, with it, with --show-sql. */
export const applyOutput: JsonSchema = { anyOf: [applied, rolledBack, scriptShape] }
