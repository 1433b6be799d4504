import { expect, test } from 'vitest'
import { athena } from '../athena.ts'
import { tuned } from './tuned.ts'

test('a setting is explained: its line, why, source, default, what it accepts and what a change takes', async () => {
  const { status, stdout } = await athena(['tune', 'explain', 'shared_buffers', '--profile', 'medium'])
  expect(status).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toBe('shared_buffers = 4GB')
  expect(lines.slice(1).map((line) => line.slice(2, 15).trim())).toEqual([
    'why',
    'source',
    'default',
    'accepts',
    'changing it',
    'section',
    'versions',
  ])
  expect(stdout).toMatch(/takes a restart/)
})

test('names are those of SHOW, which do not mind the case', async () => {
  expect((await tuned(['explain', 'Work_Mem', '--profile', 'small'])).value).toMatchObject({
    name: 'work_mem',
    uses: expect.arrayContaining(['max_connections']),
  })
  expect((await tuned(['explain', 'timezone', '--profile', 'small'])).value).toMatchObject({ name: 'TimeZone' })
})

test('one that is left alone says why', async () => {
  const { status, stdout } = await athena(['tune', 'explain', 'fsync', '--profile', 'medium'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^fsync: not set\n {2}why {11}Without it a crash/)
})

test('one of another version says which', async () => {
  const { value } = await tuned(['explain', 'io_method', '--profile', 'medium', '--postgres', '17'])
  expect(value).toMatchObject({ versions: [18], reason: expect.stringMatching(/^PostgreSQL 17 has no such setting/) })
})
