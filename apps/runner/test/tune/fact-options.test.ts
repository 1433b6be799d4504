import { embeddingTypes, factNames, storages, versions, workloadKinds } from '@athena-pg/policy'
import { expect, test } from 'vitest'
import { givenOptions } from '../../src/tune/options.ts'
import { factsShape, versionShape } from '../../src/tune/tune-output.ts'

// Both are written down apart from the policy, which a help page does not load.
test('every fact has a flag, and every such flag a fact', () => {
  const named = Object.keys(givenOptions).map((flag) => flag.replace(/-(.)/g, (_, letter) => letter.toUpperCase()))
  expect(named.sort()).toEqual([...factNames].sort())
})

test('the schema of --json allows every choice that a fact has', () => {
  expect(versionShape).toEqual({ enum: versions })
  expect(factsShape).toMatchObject({
    properties: {
      storage: { enum: storages },
      workload: { properties: { kind: { enum: workloadKinds }, embeddingType: { enum: embeddingTypes } } },
    },
  })
})
