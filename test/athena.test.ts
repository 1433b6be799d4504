import { expect, test, vi } from 'vitest'
import { node } from './athena.ts'
import { temporaryFolder, writeFiles } from './packages.ts'

test('a child gets nothing of the surroundings by which it would find another database, or other modules', async () => {
  const cwd = temporaryFolder()
  writeFiles(cwd, { 'show.ts': 'console.log(JSON.stringify(process.env))' })
  vi.stubEnv('NODE_PATH', '/elsewhere')
  vi.stubEnv('PGHOST', 'elsewhere')
  vi.stubEnv('KEPT', 'yes')
  const { stdout } = await node(`${cwd}/show.ts`, [], { cwd, env: { PGUSER: 'ada' } }).ended
  vi.unstubAllEnvs()
  const { NODE_PATH, PGHOST, KEPT, PGUSER } = JSON.parse(stdout)
  expect({ NODE_PATH, PGHOST, KEPT, PGUSER }).toEqual({
    NODE_PATH: undefined,
    PGHOST: undefined,
    KEPT: 'yes',
    PGUSER: 'ada',
  })
})
