import { afterAll, beforeAll, describe, test } from 'vitest'
import { seed } from '../../../../test/random-machine.ts'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
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

  const numbered = forRandomMachines(count, { version, build: 'npm-embedded' }).map((each, at) => ({
    ...each,
    number: at + 1,
  }))

  test.each(numbered)(
    'accepts the settings of random machine $number, value by value, within the shared memory that was budgeted',
    async (recommendation) => {
      const proof = await expectAccepted(binary, recommendation, { pooler: version === 18 })
      expectSound(recommendation, proof)
    },
  )
})
