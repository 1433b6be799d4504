import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'
import { seed } from '../../../../test/random-machine.ts'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { expectAccepted, expectSound, forRandomMachines } from './prove-recommendation.ts'
import { rich } from './proving.ts'

const count = 20

console.log(`random machines of ATHENA_SEED=${seed}`)

describe.runIf(hasDocker()).each(rich)('$name', ({ version, pgvector, open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  const numbered = forRandomMachines(count, { version, build: 'debian', pgvector }).map((each, at) => ({
    ...each,
    number: at + 1,
  }))

  test.each(numbered)(
    'accepts the settings of random machine $number, value by value, within the shared memory that was budgeted',
    async (recommendation) => {
      const proof = await expectAccepted(binary, recommendation, { pooler: true })
      expectSound(recommendation, proof)
      expect(proof.notChecked).toEqual([])
    },
  )
})
