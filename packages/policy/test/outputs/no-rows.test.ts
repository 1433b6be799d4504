import { expect, test } from 'vitest'
import { recommend } from '../../src/recommend.ts'
import { outputs } from '../../src/outputs/index.ts'
import { MB } from '../../src/units.ts'
import { machine } from '../machine.ts'

test('a store without rows is drawn, too', () => {
  // Serial because of its pgvector, so a build gets what it needs, which is nothing.
  const facts = machine({ memory: 512 * MB, pgvector: '0.8.0', workload: { connections: 6, active: 6, rows: 0 } })
  const recommendation = recommend(facts)
  for (const output of outputs.filter(({ name }) => name !== 'pgbouncer.ini')) {
    for (const { content } of output.render(recommendation, {})) expect(content).not.toMatch(/\b(NaN|Infinity)\b/)
  }
})

test('one worker is one worker', () => {
  expect(recommend(machine({ cpus: 2 })).vectors.build.reason).toMatch(/ 1 worker beside the leader on 2 cores/)
})
