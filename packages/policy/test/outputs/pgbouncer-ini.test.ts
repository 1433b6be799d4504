import { render } from '@athena-pg/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyRecommendation, pooled, recommended } from './any-facts.ts'
import { parseIni } from './parse-ini.ts'

function ini(recommendation = recommended(pooled)) {
  return parseIni(render(recommendation, 'pgbouncer.ini')[0]?.content ?? '')
}

test('all pools together fit what the server admits', () => {
  fc.assert(
    fc.property(
      anyRecommendation.filter(({ pools }) => pools.pooler !== undefined),
      (recommendation) => {
        const { pgbouncer = {}, databases = {} } = ini(recommendation)
        const session = Number(/ max_db_connections=(\d+)/.exec(databases.athena_session ?? '')?.[1])
        expect(databases.athena).not.toContain('max_db_connections')
        expect(session + Number(pgbouncer.max_db_connections) + recommendation.pools.direct).toBeLessThanOrEqual(
          recommendation.pools.usable,
        )
        const { default_pool_size, reserve_pool_size, min_pool_size, max_client_conn } = pgbouncer
        expect(Number(default_pool_size) + Number(reserve_pool_size)).toBe(Number(pgbouncer.max_db_connections))
        expect(Number(min_pool_size)).toBeLessThanOrEqual(Number(default_pool_size))
        const { processes, max } = recommendation.pools.application
        expect(Number(max_client_conn)).toBeGreaterThanOrEqual(processes * max)
      },
    ),
  )
})

test('applications get transactions, migrations a session of their own', () => {
  const { pgbouncer, databases } = ini()
  expect(pgbouncer).toMatchObject({ pool_mode: 'transaction', auth_type: 'scram-sha-256', auth_file: 'userlist.txt' })
  expect(databases?.athena_session).toMatch(/dbname=athena pool_mode=session pool_size=3 /)
})

test('no value has a comment behind it', () => {
  for (const section of Object.values(ini()))
    for (const value of Object.values(section)) expect(value).not.toMatch(/[;#]/)
})

test('the list of users is a template without any', () => {
  const lines = render(recommended(pooled), 'pgbouncer.ini')[1]?.content.trimEnd().split('\n')
  expect(lines?.filter((line) => !line.startsWith(';'))).toEqual([])
})

test('without a pooler there is none to configure', () => {
  expect(() => ini(recommended())).toThrow(
    expect.objectContaining({ code: 'not_pooled', hint: expect.stringContaining('--pooled') }),
  )
})
