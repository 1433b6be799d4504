import { profiles } from '@athena-pg/policy'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { expectAccepted, expectSound, forProfile, workloads } from './prove-recommendation.ts'
import { bare } from './proving.ts'

describe.each(bare)('$name', ({ version, open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  describe.each(profiles)('profile $name', ({ name }) => {
    test.each(workloads)('for %s is accepted, value by value', async (workload) => {
      const recommendation = forProfile(name, { workload, postgres: version, build: 'npm-embedded' })
      expectSound(recommendation, await expectAccepted(binary, recommendation, { pooler: version === 18 }))
    })
  })
})
