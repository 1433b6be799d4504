import type { Context } from './context.ts'

/** One flag of a command, as data: parsing and help are both made from it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  /** May be given several times; the value is then a list. */
  readonly multiple?: boolean
  /** Its value where it is not given. */
  readonly default?: string
  /** One letter. */
  readonly short?: string
  /** What stands for the value in help: `URL`. */
  readonly value?: string
  readonly description: string
  /** `--no-name` sets it to false. */
  readonly negatable?: boolean
}

export type Options = Readonly<Record<string, Option>>

/** What parsing makes of the options: undefined where a flag was not given. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]:
    | (O[Name]['type'] extends 'boolean' ? boolean : O[Name]['multiple'] extends true ? readonly string[] : string)
    | (O[Name]['default'] extends string ? never : undefined)
}

/** One file in commands/: `athena migrate up` is commands/migrate-up.ts. */
export interface Command<O extends Options = Options> {
  /** One line for lists of commands. */
  summary: string
  /** `TEXT`, `[FILE]` (optional), `FILE...` (one or more), `[FILE...]`; checked before `run`. */
  operands?: string
  /** A paragraph or two for the help page. */
  details?: string
  /** Lines to type, for the help page. */
  examples?: readonly string[]
  options: O
  /** JSON Schema of what --json prints. */
  output?: Readonly<Record<string, unknown>>
  /** Returns the exit status, 0 when nothing. What it throws is printed. */
  run(context: Context<O>): Promise<number | undefined>
}

/** Only so that TypeScript infers the types of the options. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command
}

/** Every command takes these. */
export const globalOptions = {
  'database-url': {
    type: 'string',
    value: 'URL',
    description: 'The server; else DATABASE_URL, else PGHOST and the like, else the embedded database',
  },
  config: {
    type: 'string',
    value: 'FILE',
    description: 'Configuration; else athena.config.json here or in a folder above',
  },
  json: { type: 'boolean', description: 'Print the result as JSON, alone on stdout' },
  help: { type: 'boolean', short: 'h', description: 'Say how the command is used' },
} as const satisfies Options
