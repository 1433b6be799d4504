import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareWith, gatherFacts } from '@athena-pg/policy'
import { expect, test } from 'vitest'
import { compareLines } from '../../src/tune/compare-lines.ts'
import { inProcess } from '../in-process.ts'
import { conforming } from '../json-schemas.ts'

const GB = 1024 ** 3
const medium = { memory: 16 * GB, cpus: 8, storage: 'ssd', postgres: 17, build: 'npm-embedded' } as const
const lines = (facts: object, colour = false): string[] =>
  compareLines(compareWith(gatherFacts([{ origin: 'spec', facts }]).facts), colour)

const machines = [
  medium,
  { memory: GB / 2, cpus: 1, postgres: 14 },
  { memory: 4096 * GB, cpus: 256, postgres: 18, workload: 'dw', storage: 'nvme', connections: 1000 },
]

test('the table fits a terminal of 120 columns, from the smallest machine to the largest', () => {
  for (const facts of machines) for (const line of lines(facts)) expect(line.length, line).toBeLessThanOrEqual(120)
})

test('every line of the table without colour is the same as with it, less the colour', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const bare = lines(medium, true).map((line) => line.replace(/\u001b\[\d+m/g, ''))
  expect(bare).toEqual(lines(medium))
  expect(lines(medium, true).join('')).toContain('\u001b[31m')
})

test('what a build refuses stands below, by tool, with what it accepts', () => {
  expect(lines(medium)).toContain('  pgtune: wal_compression = lz4 (this build accepts pglz, on, off)')
  expect(lines({ ...medium, build: 'debian' }).join('\n')).not.toContain('refused by')
})

test('the guide shows what the command prints', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/tuning.md'), 'utf8')
  const shown = /^memory at worst.*\n.*\n.*/m.exec(guide)?.[0]
  const printed = lines({ ...medium, build: 'debian' })
  const from = printed.findIndex((line) => line.startsWith('memory at worst'))
  expect(shown?.split('\n')).toEqual(printed.slice(from, from + 3))
})

test('--json is of its schema, and has ours first', async () => {
  const args = ['tune', 'compare', '--memory', '16GB', '--cpus', '8', '--postgres', '17']
  const answer = await conforming(['tune', 'compare'], await inProcess(args, tmpdir(), undefined as never))
  expect(answer).toMatchObject({ compared: [{ name: 'ours', verdict: 'fits' }, {}, {}, {}, {}] })
})

test('too little memory is an error here too: there is nothing of ours to compare with', async () => {
  const args = ['tune', 'compare', '--memory', '512MB', '--cpus', '1', '--postgres', '17', '--connections', '300']
  const outcome = await inProcess(args, tmpdir(), undefined as never)
  expect(outcome.status).not.toBe(0)
  expect(outcome.stdout).toContain('memory_too_small')
})
