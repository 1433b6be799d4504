import { render } from '@athena-pg/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoteConf } from '../../src/text/quote-conf.ts'
import { anyRecommendation, recommended } from './any-facts.ts'
import { parseConf } from './parse-conf.ts'

function conf(recommendation = recommended()): string {
  return render(recommendation, 'postgresql.conf')[0]?.content ?? ''
}

test('PostgreSQL reads every setting as it was meant, whatever the machine', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      expect(Object.fromEntries(parseConf(conf(recommendation)))).toEqual(
        Object.fromEntries(recommendation.settings.map(({ name, value }) => [name, value])),
      )
    }),
  )
})

describe('a value', () => {
  // Facts with control characters are refused before they get here: a line break would end the setting.
  const text = fc.string({ unit: 'grapheme' }).filter((each) => !/\p{Cc}/u.test(each))

  test('of any text comes back as it went in', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('string', 'enum', 'integer', 'real', 'bool'), (value, type) => {
        expect(parseConf(`x = ${quoteConf({ type }, value)}`).get('x')).toBe(value)
      }),
    )
  })
  test.each([
    ['string', '', "''"],
    ['string', 'on', "'on'"],
    ['string', "it's", "'it''s'"],
    ['string', 'C:\\tls', "'C:\\\\tls'"],
    ['enum', 'scram-sha-256', 'scram-sha-256'],
    ['enum', 'TLSv1.2', 'TLSv1.2'],
    ['integer', '4GB', '4GB'],
    ['integer', '-1', '-1'],
    ['real', '1.1', '1.1'],
    // The lexer knows no unit behind a fraction.
    ['real', '0.5ms', "'0.5ms'"],
  ] as const)('of type %s: %s is written %s', (type, value, written) => {
    expect(quoteConf({ type }, value)).toBe(written)
  })
})

test('settings stand below the title of their topic, with the reason above', () => {
  const text = conf()
  const reason = recommended().settings.find(({ name }) => name === 'shared_buffers')?.reason ?? ''
  expect(text).toContain(`## Memory\n# ${reason}\nshared_buffers = 4GB\n`)
})

test('the head says for whom, and what it takes at worst', () => {
  const text = conf(recommended({ workload: { rows: 1_000_000 } }))
  expect(text).toMatch(/^# postgresql.conf for PostgreSQL 18\. Made by `athena tune`/)
  expect(text).toContain('16 GB of memory, 8 cpus, storage ssd')
  expect(text).toContain('1000000 memories, 768 dimensions as halfvec, in 8 partitions')
  for (const { name } of recommended().memory.parts) expect(text).toMatch(new RegExp(`^#   ${name} +[\\d.]+ .B  `, 'm'))
  expect(text).toMatch(/^# {3}limit +16 GB {2}/m)
})

test('warnings stand in the head', () => {
  const warnings = [{ code: 'old_pgvector', message: 'pgvector 0.8.0 may crash', hint: 'Upgrade it.' }]
  expect(conf({ ...recommended(), warnings })).toContain('#\n# Warning: pgvector 0.8.0 may crash. Upgrade it.\n')
})

test('comments keep to 110 columns', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      const lines = conf(recommendation).split('\n')
      // A path that was told may be longer by itself.
      expect(lines.filter((line) => line.startsWith('#') && line.length > 110)).toEqual([])
    }),
  )
})
