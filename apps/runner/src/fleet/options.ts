import {
  appliedShape,
  closed,
  errorShape,
  type JsonSchema,
  listOf,
  milliseconds,
  orNull,
  planShape,
  scriptShape,
  text,
} from '../json-shapes.ts'

/** Flags by which a command works on many databases; nothing else of this folder is loaded without --targets. */
export const readingFleetOptions = {
  targets: {
    type: 'string',
    value: 'FILE',
    description:
      'Many databases instead of one: a JSON list of objects with "name", "url" or "urlEnv" or "urlFile", and perhaps "variables", "canary"; - is standard input',
  },
  'at-once': { type: 'string', value: 'N', description: 'With --targets: how many databases at a time (4)' },
} as const

export const changingFleetOptions = {
  ...readingFleetOptions,
  canary: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    description: 'With --targets: this one first, alone; when it fails, no other is touched',
  },
  'stop-on-failure': {
    type: 'boolean',
    description: 'With --targets: begin no further database once one has failed',
  },
} as const

/** A flag of these without --targets is a wrong call, which is for the fleet to say. */
export function isForMany(options: object): boolean {
  return Object.keys(changingFleetOptions).some((name) => name in options)
}

/** `skipped`: never begun. `interrupted`: begun, and cut off by Ctrl-C. */
const stopped = ['failed', 'skipped', 'interrupted'] as const
const results = { plan: ['up_to_date', 'pending'], status: ['up_to_date', 'pending', 'drifted'] } as const

/** After a run with --targets; `applied` holds what was done before a failure, too. */
const changingFleetOutput: JsonSchema = closed({
  targets: listOf(
    closed({
      name: text,
      result: { enum: ['done', ...stopped] },
      applied: appliedShape,
      error: orNull(errorShape),
      milliseconds,
    }),
  ),
})

/** What `plan`, `status` and a dry run print with --targets: the answer of each database under `name`, null where there is none. */
export function readingFleetOutput(name: 'plan' | 'status', answer: JsonSchema): JsonSchema {
  return closed({
    targets: listOf(
      closed({
        name: text,
        result: { enum: [...results[name], ...stopped] },
        [name]: orNull(answer),
        error: orNull(errorShape),
        milliseconds,
      }),
    ),
  })
}

/** What `up` and `down` print: after a run, with --dry-run, with --show-sql, and each with --targets. */
export const changingOutput: JsonSchema = {
  oneOf: [
    closed({ applied: appliedShape }),
    planShape,
    scriptShape,
    changingFleetOutput,
    readingFleetOutput('plan', planShape),
  ],
}
