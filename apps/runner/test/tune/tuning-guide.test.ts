import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareWith, gatherFacts, parseFacts } from '@athena-pg/policy'
import { expect, test } from 'vitest'
import { compareLines } from '../../src/tune/compare-lines.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/tuning.md'), 'utf8')

test('the end of the table in the guide is what athena tune compare prints for its command, and stands there once', () => {
  expect(guide).toContain('athena tune compare --memory 16GB --cpus 8 --storage ssd --postgres 17 --build debian\n')
  const { facts } = parseFacts({ memory: '16GB', cpus: 8, storage: 'ssd', postgres: 17, build: 'debian' })
  const lines = compareLines(compareWith(gatherFacts([{ origin: 'guide', facts }]).facts), false)
  const at = lines.findIndex((line) => line.startsWith('memory at worst'))
  expect(guide).toContain(`\`\`\`text\n${lines.slice(at, at + 3).join('\n')}\n\`\`\`\n`)
  expect(guide.match(/OVER/g)).toHaveLength(3)
})
