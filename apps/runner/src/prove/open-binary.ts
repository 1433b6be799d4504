import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { FoundBinary } from './find-binaries.ts'
import { type Ran, runProgram } from './run-program.ts'
import { scratchFolder } from './scratch-folder.ts'

/** A build of PostgreSQL with a new, empty data folder: nothing of the machine's own is touched, nothing listens. */
export interface OpenBinary {
  /** Its folder, or its image. */
  readonly location: string
  /** `18.4`. */
  readonly version: string
  readonly major: number
  /** Whether it sees the files of this machine. */
  readonly isLocal: boolean
  /** The data folder, as the programs see it. */
  readonly data: string
  run(program: 'postgres', args: readonly string[], input?: string): Promise<Ran>
  /** Standard output of several runs of postgres, which may be at the same time. */
  outputs(runs: readonly (readonly string[])[]): Promise<string[]>
  /** Writes a file beside the data folder; returns its path as the programs see it. */
  write(name: string, content: string): Promise<string>
  /** Removes everything. */
  close(): Promise<void>
}

/** As short as `initdb` can be: C needs no locale of the machine, and the folder lives for seconds. */
export const initdbOptions: readonly string[] = [
  '--no-sync',
  '-A',
  'trust',
  '-U',
  'postgres',
  '-E',
  'UTF8',
  '--locale=C',
]

/** @throws AthenaError `postgres_binary_unusable` */
export async function openBinary({ folder, version, major }: FoundBinary): Promise<OpenBinary> {
  const scratch = scratchFolder()
  const data = join(scratch.path, 'data')
  const run: OpenBinary['run'] = (program, args, input = '') =>
    runProgram(join(folder, program), args, { input, user: scratch.user, cwd: scratch.path })
  const initdb = join(folder, 'initdb')
  const made = await runProgram(initdb, ['-D', data, ...initdbOptions], { user: scratch.user, cwd: scratch.path })
  if (made.status !== 0) {
    scratch.remove()
    throw unusable(folder, made, existsSync(initdb))
  }
  return {
    location: folder,
    version,
    major,
    isLocal: true,
    data,
    run,
    outputs: async (runs) => (await Promise.all(runs.map((args) => run('postgres', args)))).map(({ stdout }) => stdout),
    write: async (name, content) => scratch.write(name, content),
    close: async () => scratch.remove(),
  }
}

export function unusable(location: string, { stderr, failure }: Ran, isThere = true): AthenaError {
  return new AthenaError({
    code: 'postgres_binary_unusable',
    message: `the PostgreSQL in ${location} cannot make a data folder`,
    detail: isThere ? (failure ?? stderr.trim()) : `${location} has no initdb beside postgres.`,
    hint: 'Name a folder with initdb and postgres that every user may read, PostgreSQL does not run as root: --postgres-bin FOLDER',
  })
}
