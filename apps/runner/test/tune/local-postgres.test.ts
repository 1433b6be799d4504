import { expect, test } from 'vitest'
import { localPostgres } from '../../src/tune/local-postgres.ts'
import { machineFolder } from './machine-folder.ts'

const debian = 'postgres (PostgreSQL) 17.12 (Debian 17.12-0+deb13u1)\n'
/** A machine on which these binaries print that. */
const having = (programs: Record<string, string>, files: Record<string, string> = {}) =>
  machineFolder(files, { run: async (file) => programs[file] })

test('the server on the PATH tells its version, whose build it is and the pgvector beside it', async () => {
  const files = { 'usr/share/postgresql/17/extension/vector.control': "default_version = '0.8.0'\n" }
  expect(await localPostgres(having({ postgres: debian }, files))).toEqual({
    facts: { postgres: 17, build: 'debian', pgvector: '0.8.0' },
    file: 'postgres',
  })
})

test('in a container of Docker it is a build without io_uring', async () => {
  expect((await localPostgres(having({ postgres: debian }, { '.dockerenv': '' })))?.facts.build).toBe('pgdg-docker')
})

test("of a build that is nobody's only the version is told", async () => {
  expect((await localPostgres(having({ postgres: 'postgres (PostgreSQL) 18.1\n' })))?.facts).toEqual({ postgres: 18 })
})

test("Debian's is not on the PATH: the only one is found, of several none is chosen", async () => {
  const file = '/usr/lib/postgresql/17/bin/postgres'
  const one = having({ [file]: debian }, { [`${file.slice(1)}`]: '' })
  expect(await localPostgres(one)).toMatchObject({ facts: { postgres: 17 }, file })
  const two = having({ [file]: debian }, { [`${file.slice(1)}`]: '', 'usr/lib/postgresql/16/bin/postgres': '' })
  expect(await localPostgres(two)).toBeUndefined()
})

test('a version that is not known is not told', async () => {
  expect((await localPostgres(having({ postgres: 'postgres (PostgreSQL) 12.1\n' })))?.facts).toEqual({})
})

test('without one nothing is told', async () => {
  expect(await localPostgres(having({}))).toBeUndefined()
})
