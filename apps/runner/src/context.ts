import { join, relative } from 'node:path'
import { connect, type Database, isServerMeant } from '@athena-pg/database'
import type { globalOptions, Options, Values } from './command.ts'
import type { Config } from './config/config.ts'
import { findConfig } from './config/find-config.ts'
import type { Watch } from './report.ts'

/** What a command works with. */
export interface Context<O extends Options = Options> {
  readonly options: Values<O> & Values<typeof globalOptions>
  readonly operands: readonly string[]
  readonly json: boolean
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** What --config names, or the athena.config.json that was found. */
  readonly configFile: string | undefined
  /** Folder of the configuration, else the working folder. */
  readonly project: string
  /** Where the embedded database is, or would be; undefined where a server is meant. */
  readonly embeddedFolder: string | undefined
  /** Both standard input and standard error are a person's. */
  readonly isTerminal: boolean
  readonly colour: boolean
  /** One line of the result, to stdout. */
  print(line: string): void
  /** One line for the person, to stderr. */
  talk(line: string): void
  /** Of one database among many: who gets what its run does, and the lines that say so, as it goes on. */
  readonly watch?: Watch
  /** Of one database among many: what was read once for all of them. */
  readonly config?: Config
  /** Called when the command ends, however it ends; an interrupt calls it in the midst of the work. */
  atEnd(close: () => Promise<void>): void
  /** The same one each time; closed when the command ends, however it ends. */
  openDatabase(): Promise<Database>
}

/** What was typed after the name of a command. */
export type Given<O extends Options> = Pick<Context<O>, 'options' | 'operands'>

export function createContext<O extends Options>(given: Given<O>): Context<O> & { close(): Promise<void> } {
  const { options, operands } = given
  const { env } = process
  const cwd = process.cwd()
  const configFile = findConfig(options.config, cwd)
  const project = configFile === undefined ? cwd : join(configFile, '..')
  const folder = join(project, '.athena', 'data')
  const talk = (line: string): void => void process.stderr.write(`${line}\n`)
  const ends: (() => Promise<void>)[] = []
  let opening: Promise<Database> | undefined

  async function open(): Promise<Database> {
    const database = await connect({
      url: options['database-url'],
      env,
      folder,
      creating: () => talk('creating the embedded database: a few seconds, once'),
    })
    if (database.kind === 'embedded') {
      talk(
        `using the embedded database in ${relative(cwd, database.location) || '.'} (--database-url URL takes a server)`,
      )
    }
    return database
  }

  return {
    options,
    operands,
    json: options.json ?? false,
    env,
    cwd,
    configFile,
    project,
    embeddedFolder: isServerMeant(options['database-url'], env) ? undefined : folder,
    isTerminal: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    colour: Boolean(process.stdout.isTTY) && !env.NO_COLOR,
    print: (line) => void process.stdout.write(`${line}\n`),
    talk,
    atEnd: (close) => void ends.push(close),
    openDatabase() {
      opening ??= open()
      return opening
    },
    async close() {
      await Promise.allSettled(ends.map((end) => end()))
      // A database that did not open has nothing to close, and its error was thrown to the command.
      const database = await opening?.catch(() => undefined)
      await database?.close()
    },
  }
}
