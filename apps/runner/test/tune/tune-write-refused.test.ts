import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { tuned } from './tuned.ts'

const write = ['--profile', 'medium', '--write', './conf']
const unwritable = {
  status: 1,
  value: { error: { code: 'file_unwritable', detail: expect.stringMatching(/^E[A-Z]+: /) } },
}

test('a file that is where the folder should be is said so, not reported as a fault of athena', async () => {
  const cwd = temporaryFolder()
  writeFiles(cwd, { conf: 'mine' })
  expect(await tuned(write, cwd)).toMatchObject(unwritable)
  expect(await tuned([...write.slice(0, -1), './conf/inside'], cwd)).toMatchObject(unwritable)
})

test('a folder that has the name of a file stays, even with --force', async () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'conf/postgresql.conf'), { recursive: true })
  expect(await tuned(write, cwd)).toMatchObject(unwritable)
  expect(await tuned([...write, '--force'], cwd)).toMatchObject(unwritable)
})
