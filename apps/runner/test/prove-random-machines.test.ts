import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seed } from '../../../test/random-machine.ts'
import type { OpenBinary } from '../src/prove/open-binary.ts'
import { expectAccepted, expectSound, forRandomMachines } from './prove-recommendation.ts'
import { bare } from './proving.ts'

/** Beside those on rich builds, in prove-random-machines.server.test.ts. */
const count = 40

console.log(`random machines of ATHENA_SEED=${seed}`)

describe.each(bare)('$name', ({ version, open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  test(`accepts the settings of ${count} random machines, value by value, within the shared memory that was budgeted`, async () => {
    const recommendations = forRandomMachines(count, { version, build: 'npm-embedded' })
    expect(recommendations).toHaveLength(count)
    for (const recommendation of recommendations) {
      const proof = await expectAccepted(binary, recommendation, { pooler: version === 18 })
      expectSound(recommendation, proof)
    }
  })
})
