import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../../test/packages.ts'
import { tuned } from './tuned.ts'

async function tunedBy(text: string) {
  const cwd = temporaryFolder()
  writeFiles(cwd, { 'db.json': text })
  return tuned(['--profile', './db.json'], cwd)
}

test.each([
  ['// ours\n{ "memory": "16GB" }', 'line 1, column 1: not JSON: something else stands where a value is expected'],
  ['{\n  "memory": "16GB",\n}', 'line 3, column 1: not JSON: "}" stands where a name in double quotes is expected'],
  ['', 'line 1, column 1: not JSON: the end of the file stands where a value is expected'],
  ['{ "memory": "16GB", "cpus": 8, "memory": "32GB" }', '"memory" is given twice'],
])('%j is refused, and where is said', async (text, detail) => {
  expect(await tunedBy(text)).toMatchObject({ status: 2, value: { error: { code: 'malformed_profile', detail } } })
})

test('a byte order mark at the beginning is passed over', async () => {
  expect(await tunedBy('\ufeff{ "memory": "16GB", "cpus": 8 }')).toMatchObject({
    status: 0,
    value: { facts: { cpus: 8 } },
  })
})

test('a file that is not there, and a folder, are said to be unreadable; the hint is about the path', async () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'folder'))
  for (const profile of ['./nowhere.json', './folder']) {
    const { status, value } = await tuned(['--profile', profile], cwd)
    expect(status).toBe(2)
    expect(value.error).toMatchObject({
      code: 'malformed_profile',
      message: `the facts in ${profile} cannot be read`,
      hint: 'A path names a file of facts; a name alone one of small, medium, large, xlarge.',
    })
  }
})
