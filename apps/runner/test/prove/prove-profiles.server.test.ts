import { profiles } from '@athena-pg/policy'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { expectAccepted, expectSound, forProfile, workloads } from './prove-recommendation.ts'
import { rich } from './proving.ts'

describe.runIf(hasDocker()).each(rich)('$name', ({ version, pgvector, open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  describe.each(profiles)('profile $name', ({ name }) => {
    test.each(workloads)('for %s is accepted, value by value', async (workload) => {
      const recommendation = forProfile(name, { workload, postgres: version, build: 'debian', pgvector })
      expectSound(recommendation, await expectAccepted(binary, recommendation, { pooler: true }))
    })
  })
})
