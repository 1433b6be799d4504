import { type Recommendation, render } from '@athena-pg/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyRecommendation, pooled, recommended } from './any-facts.ts'

function lines(recommendation: Recommendation, output: string, options = {}): string[] {
  const text = render(recommendation, output, options)[0]?.content ?? ''
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

describe('the pool of an application', () => {
  test('times its processes fits the server, or the clients of the pooler', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        const env = Object.fromEntries(lines(recommendation, 'pool').map((line) => line.split('=')))
        const { pools } = recommendation
        const admitted = pools.pooler?.clients ?? pools.usable - pools.direct
        expect(Number(env.ATHENA_POSTGRES_MAX_SIZE) * pools.application.processes).toBeLessThanOrEqual(admitted)
        expect(Number(env.ATHENA_POSTGRES_MIN_SIZE)).toBeLessThanOrEqual(Number(env.ATHENA_POSTGRES_MAX_SIZE))
      }),
    )
  })
  test('says the sum', () => {
    const text = render(recommended(pooled), 'pool')[0]?.content.replaceAll('\n#', '')
    expect(text).toContain('In each of 4 processes: 4 x 20 = 80 of the 1000 clients that PgBouncer admits')
  })
})

describe('kernel settings', () => {
  test('take the number of huge pages that a server tells, else an estimate that is never too low', () => {
    expect(lines(recommended(), 'sysctl', { hugePages: 2123 })).toContain('vm.nr_hugepages = 2123')
    const estimate = Number(/vm.nr_hugepages = (\d+)/.exec(lines(recommended(), 'sysctl').join('\n'))?.[1])
    expect(estimate * 2).toBeGreaterThan(4096)
    expect(estimate * 2).toBeLessThan(4096 * 1.1)
  })
  test('say how to learn the exact number, where PostgreSQL can tell', () => {
    const text = (version: 14 | 15) => render(recommended({ version }), 'sysctl')[0]?.content
    expect(text(15)).toContain('-C shared_memory_size_in_huge_pages')
    expect(text(14)).not.toContain('-C shared_memory_size_in_huge_pages')
  })
  test('leave overcommit to whoever knows the machine', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        expect(lines(recommendation, 'sysctl').filter((line) => line.includes('overcommit'))).toEqual([])
        const ratio = Number(
          /#vm.overcommit_ratio = (\d+)/.exec(render(recommendation, 'sysctl')[0]?.content ?? '')?.[1],
        )
        expect(ratio).toBeGreaterThan(50)
        expect(ratio).toBeLessThan(100)
      }),
    )
  })
})

describe('pg_hba.conf', () => {
  function rules(recommendation: Recommendation): string[] {
    return lines(recommendation, 'pg_hba.conf').map((line) => line.replaceAll(/ +/g, ' '))
  }

  test('lets nobody in by a weaker method than SCRAM, but for the own user of the server on its socket', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        for (const rule of rules(recommendation)) {
          if (rule.endsWith(' peer')) expect(rule).toMatch(/^local \w+ postgres peer$/)
          else expect(rule).toMatch(/ (scram-sha-256|reject)$/)
        }
      }),
    )
  })
  test('with a certificate admits others over TLS only', () => {
    const tls = { certificate: '/etc/tls/server.crt', key: '/etc/tls/server.key' }
    expect(rules(recommended({ tls }))).toContain('hostssl all all all scram-sha-256')
    expect(rules(recommended({ tls })).filter((rule) => /^host all all (all|samenet) scram/.test(rule))).toEqual([])
  })
  test('without one admits the own networks only', () => {
    expect(rules(recommended())).toContain('host all all samenet scram-sha-256')
    expect(rules(recommended())).not.toContain('host all all all scram-sha-256')
  })
  test('admits replicas where there are some', () => {
    expect(rules(recommended({ workload: { replicas: 1 } }))).toContain(
      'host replication replicator samenet scram-sha-256',
    )
    expect(rules(recommended()).filter((rule) => rule.includes('replicator'))).toEqual([])
  })
  test('refuses the rest', () => {
    expect(rules(recommended()).slice(-2)).toEqual(['host all all all reject', 'host replication all all reject'])
  })
})

test('JSON is the whole recommendation', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      expect(JSON.parse(render(recommendation, 'json')[0]?.content ?? '')).toEqual(recommendation)
    }),
  )
})
