import { type GivenFacts, parseFacts } from '@athena-pg/policy'
import type { Machine } from './machine.ts'

export interface LocalPostgres {
  readonly facts: Pick<GivenFacts, 'postgres' | 'build' | 'pgvector'>
  /** The binary. */
  readonly file: string
}

/** Where Debian and the images made of its packages have the binaries, one folder for each version. */
const debianFolder = '/usr/lib/postgresql'

/** The PostgreSQL that is installed here; undefined where there is none, or several and none of them on the PATH. */
export async function localPostgres(machine: Machine): Promise<LocalPostgres | undefined> {
  const installed = machine.list(debianFolder).filter((name) => /^\d+$/.test(name))
  const candidates = ['postgres', ...(installed.length === 1 ? [`${debianFolder}/${installed[0]}/bin/postgres`] : [])]
  for (const file of candidates) {
    const told = await machine.run(file, ['--version'])
    const [, version] = /^postgres \(PostgreSQL\) (\d+)/.exec(told ?? '') ?? []
    if (version === undefined) continue
    const pgvector = await installedPgvector(machine, version)
    const { facts } = parseFacts({
      postgres: version,
      ...(/\((Debian|Ubuntu) /.test(told ?? '') && { build: await debianBuild(machine) }),
      ...(pgvector !== undefined && { pgvector }),
    })
    return { facts, file }
  }
  return undefined
}

/** In Docker the seccomp profile takes io_uring away from the same packages. */
async function debianBuild(machine: Machine): Promise<string> {
  return (await machine.read('/.dockerenv')) === undefined ? 'debian' : 'pgdg-docker'
}

async function installedPgvector(machine: Machine, version: string): Promise<string | undefined> {
  const control = await machine.read(`/usr/share/postgresql/${version}/extension/vector.control`)
  return /^default_version = '([^']+)'/m.exec(control ?? '')?.[1]
}
