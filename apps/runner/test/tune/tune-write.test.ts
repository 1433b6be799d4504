import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { athena } from '../athena.ts'
import { tuned } from './tuned.ts'

const write = (profile: string, output: string) => ['--profile', profile, '--output', output, '--write', './conf']
const contents = (cwd: string, name: string) => readFileSync(join(cwd, 'conf', name), 'utf8')

test('all files are written into the folder and named', async () => {
  const cwd = temporaryFolder()
  const { status, stdout } = await athena(['tune', ...write('large', 'pgbouncer.ini')], { cwd })
  expect(status).toBe(0)
  expect(stdout).toBe('wrote conf/pgbouncer.ini\nwrote conf/userlist.txt\n')
  expect(contents(cwd, 'pgbouncer.ini')).toMatch(/^pool_mode = transaction$/m)
})

test.each(['postgresql.conf', 'alter-system', 'flags', 'rds', 'json', 'docker-compose'])(
  '%s is written again over what athena wrote',
  async (output) => {
    const cwd = temporaryFolder()
    expect((await tuned(write('medium', output), cwd)).status).toBe(0)
    const { status, value } = await tuned(write('large', output), cwd)
    expect(status).toBe(0)
    const files = value.files as { name: string; content: string }[]
    for (const { name, content } of files) expect(contents(cwd, name)).toBe(content)
  },
)

test.each([
  ['postgresql.conf', 'postgresql.conf', 'shared_buffers = 128MB\n'],
  ['json', 'recommendation.json', '{ "mine": true }\n'],
])("somebody else's %s is not overwritten, but with --force", async (output, name, text) => {
  const cwd = temporaryFolder()
  writeFiles(cwd, { [`conf/${name}`]: text })
  const refused = await tuned(write('medium', output), cwd)
  expect(refused).toMatchObject({ status: 1, value: { error: { code: 'foreign_file', detail: `conf/${name}` } } })
  expect(contents(cwd, name)).toBe(text)
  expect((await tuned([...write('medium', output), '--force'], cwd)).status).toBe(0)
  expect(contents(cwd, name)).not.toBe(text)
})

test('when one of several is not ours, none is written', async () => {
  const cwd = temporaryFolder()
  writeFiles(cwd, { 'conf/rds-notes.txt': 'mine' })
  expect((await tuned(write('medium', 'rds'), cwd)).status).toBe(1)
  expect(() => contents(cwd, 'rds-1.json')).toThrow(/ENOENT/)
})

test('a userlist.txt that holds secrets is kept, even with --force', async () => {
  const cwd = temporaryFolder()
  writeFiles(cwd, { 'conf/userlist.txt': '"app" "SCRAM-SHA-256$…"\n' })
  expect((await tuned([...write('large', 'pgbouncer.ini'), '--force'], cwd)).status).toBe(0)
  expect(contents(cwd, 'userlist.txt')).toBe('"app" "SCRAM-SHA-256$…"\n')
})
