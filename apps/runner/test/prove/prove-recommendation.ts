import {
  builds,
  gatherFacts,
  type PostgresVersion,
  profiles,
  type Recommendation,
  recommend,
  render,
  type WorkloadKind,
} from '@athena-pg/policy'
import fc from 'fast-check'
import { expect } from 'vitest'
import { machines, seed, tried } from '../../../../test/random-machine.ts'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { type ConfProof, proveConf } from '../../src/prove/prove-conf.ts'
import { provePgbouncer } from '../../src/prove/prove-pgbouncer.ts'

export const workloads = ['agent-memory', 'web', 'oltp', 'dw', 'mixed', 'desktop'] as const satisfies WorkloadKind[]

/** The recommendation for a profile on a build, and behind a pooler or not as the profile says. */
export function forProfile(
  name: string,
  given: { workload: WorkloadKind; postgres: PostgresVersion; build: string; pgvector?: string },
): Recommendation {
  const profile = profiles.find((each) => each.name === name)
  const facts = profile?.facts ?? {}
  return recommend(
    gatherFacts([
      { origin: 'test', facts: given },
      { origin: 'profile', facts },
    ]).facts,
  )
}

/** Recommendations for so many random machines that are large enough for what is asked of them. */
export function forRandomMachines(
  count: number,
  { version, build, pgvector }: { version: PostgresVersion; build: string; pgvector?: string },
): Recommendation[] {
  const capabilities = builds.find(({ name }) => name === build)?.capabilities(version)
  if (capabilities === undefined) throw new Error(`no build ${build}`)
  // Others for each version.
  const random = fc.sample(machines, { numRuns: 3 * count, seed: seed + version })
  const found = random.flatMap(({ pgvector: any, ...facts }) => {
    const postgres = { ...facts.postgres, version, capabilities }
    const installed = pgvector ?? any
    return tried({ ...facts, postgres, ...(installed !== undefined && { pgvector: installed }) }) ?? []
  })
  if (found.length < count) throw new Error(`${found.length} of ${random.length} machines are large enough`)
  return found.slice(0, count)
}

/** All that PostgreSQL, PgBouncer and pgvector can say against it: nothing. */
export async function expectAccepted(
  binary: OpenBinary,
  recommendation: Recommendation,
  { pooler }: { pooler: boolean },
): Promise<ConfProof> {
  const content = render(recommendation, 'postgresql.conf')[0]?.content ?? ''
  const proof = await proveConf(binary, { content }, recommendation.settings)
  expect(proof.refusals).toEqual([])
  // Every setting was compared, unless its library is not there or, in PostgreSQL 14, not loaded for this.
  expect(proof.checked + proof.notChecked.length).toBe(recommendation.settings.length)
  const unchecked = binary.major === 14 ? /^(hnsw|ivfflat|pg_stat_statements)\./ : /^(hnsw|ivfflat)\./
  for (const { setting } of proof.notChecked) expect(setting).toMatch(unchecked)
  if (pooler && recommendation.pools.pooler !== undefined) {
    const [ini, userlist] = render(recommendation, 'pgbouncer.ini')
    const { verdict, messages } = await provePgbouncer(ini?.content ?? '', userlist?.content ?? '', process.env)
    // Where there is no pgbouncer nothing is proved, and ATHENA_REQUIRE_SERVER=1 asks for everything.
    const accepted = process.env.ATHENA_REQUIRE_SERVER === '1' ? ['accepted'] : ['accepted', 'not proved']
    expect(accepted, messages.join('\n')).toContain(verdict)
  }
  return proof
}

/** The budget counts shared memory from above: never less than PostgreSQL takes, and little more. */
export function expectSound(recommendation: Recommendation, { sharedMemory }: ConfProof): void {
  if (sharedMemory === undefined) return
  const budgeted = recommendation.memory.parts.find(({ name }) => name === 'shared memory')?.bytes ?? 0
  expect(budgeted).toBeGreaterThanOrEqual(sharedMemory)
  expect(budgeted).toBeLessThanOrEqual(sharedMemory * 1.05 + 32 * 2 ** 20)
}
