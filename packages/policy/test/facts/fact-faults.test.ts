import { describe, expect, test } from 'vitest'
import { gatherFacts } from '../../src/facts/gather-facts.ts'
import type { GivenFacts } from '../../src/facts/given-facts.ts'
import { GB, MB, TB } from '../../src/units.ts'
import { policyRefusal } from './policy-refusal.ts'

const gathered = (facts: GivenFacts) => () =>
  gatherFacts([{ origin: 'told', facts: { memory: 16 * GB, cpus: 8, ...facts } }])

describe('no server can be like this', () => {
  test.each<[GivenFacts, string, string?]>([
    [{ memory: 255 * MB }, 'memory 255 MB is not from 256 MB to 64 TB'],
    [{ memory: 65 * TB }, 'memory 65 TB is not from 256 MB to 64 TB'],
    [{ memory: -1 }, 'memory -1 bytes is not from 256 MB to 64 TB'],
    [{ memory: Number.NaN }, 'memory NaN bytes is not from 256 MB to 64 TB'],
    [{ cpus: 0 }, 'cpus 0 is not from 0.01 to 1024'],
    [{ cpus: 1025 }, 'cpus 1025 is not from 0.01 to 1024'],
    [{ sharedMemory: 17 * GB }, 'sharedMemory 17 GB is more than memory 16 GB', 'lower sharedMemory'],
    [{ sharedMemory: 0 }, 'sharedMemory 0 bytes is not from 1 MB to 64 TB'],
    [{ walDisk: GB / 2 }, 'walDisk 512 MB is not from 1 GB to 1024 TB'],
    [{ connections: 4 }, 'connections 4 is not a whole number from 5 to 260000'],
    [{ connections: 262_144 }, 'connections 262144 is not a whole number from 5 to 260000'],
    [{ connections: 10.5 }, 'connections 10.5 is not a whole number from 5 to 260000'],
    [{ connections: 20, active: 21 }, 'active 21 is more than connections 20', 'Lower active to 20'],
    [{ active: 0 }, 'active 0 is not a whole number from 1 to 260000'],
    [{ processes: 0 }, 'processes 0 is not a whole number from 1 to 100000'],
    [{ poolSize: 0 }, 'poolSize 0 is not a whole number from 1 to 260000'],
    [{ replicas: -1 }, 'replicas -1 is not a whole number from 0 to 100'],
    [{ rows: -1 }, 'rows -1 is not a whole number from 0 to 1000000000000'],
    [{ growth: -1 }, 'growth -1 is not a whole number from 0 to 1000000000000'],
    [{ partitions: 257 }, 'partitions 257 is not a whole number from 1 to 256'],
    [{ dimensions: 0 }, 'dimensions 0 is not a whole number from 1 to 64000'],
    [
      { dimensions: 2001, embeddingType: 'vector' },
      'vector of 2001 dimensions: pgvector indexes at most 2000',
      'Take embeddingType halfvec.',
    ],
    [{ dimensions: 4001 }, 'halfvec of 4001 dimensions: pgvector indexes at most 4000', 'Take embeddingType bit'],
    [{ pgvector: '0.6.2', embeddingType: 'halfvec' }, 'pgvector 0.6.2 cannot index halfvec', 'upgrade'],
    [{ pgvector: '0.6.2', embeddingType: 'bit' }, 'pgvector 0.6.2 cannot index bit', 'upgrade'],
    [{ pgvector: 'latest' }, 'pgvector "latest" is not a version', 'SELECT extversion'],
    [{ tlsCertificate: 'a.crt' }, 'tlsCertificate is given without tlsKey', 'TLS needs both'],
    [{ tlsKey: 'a.key' }, 'tlsKey is given without tlsCertificate', 'TLS needs both'],
    [{ tlsAuthority: 'ca.crt' }, 'tlsAuthority is given without tlsCertificate and tlsKey'],
    [{ tlsCertificate: 'a\nssl = off', tlsKey: 'k' }, 'tlsCertificate "a\\nssl = off" is not the path of a file'],
    [{ storage: 'floppy' as 'ssd' }, 'storage floppy is not one of hdd, ssd, nvme, network'],
    [{ postgres: 19 as 18 }, 'postgres 19 is not one of 14, 15, 16, 17, 18'],
    [{ workload: 'AI' as 'web' }, 'workload AI is not one of agent-memory, web, oltp, dw, mixed, desktop'],
    [{ embeddingType: 'sparsevec' as 'bit' }, 'embeddingType sparsevec is not one of vector, halfvec, bit'],
    [{ build: 'gentoo' }, expect.stringMatching(/^build gentoo is not one of unknown, debian, /)],
  ])('%j', (facts, detail, hint) => {
    expect(policyRefusal(gathered(facts))).toMatchObject({ code: 'impossible_facts', detail })
    if (hint !== undefined) expect(policyRefusal(gathered(facts)).hint).toContain(hint)
  })
})

describe('this is possible', () => {
  test.each<[GivenFacts]>([
    [{ memory: 256 * MB, cpus: 0.25 }],
    [{ memory: 64 * TB, cpus: 1024 }],
    [{ sharedMemory: 16 * GB, walDisk: GB }],
    [{ connections: 5, active: 5 }],
    [{ dimensions: 2000, embeddingType: 'vector' }],
    [{ dimensions: 4000 }],
    [{ dimensions: 64_000, embeddingType: 'bit' }],
    [{ pgvector: '0.7', embeddingType: 'bit' }],
    [{ tlsCertificate: '/a b/c.crt', tlsKey: 'k', tlsAuthority: 'ca' }],
    [{ rows: 0, growth: 0, replicas: 100, partitions: 256 }],
    [{ pooled: true, processes: 5000, poolSize: 50 }],
  ])('%j', (facts) => {
    expect(gathered(facts)).not.toThrow()
  })
})

test('all faults are told at once, each once, and none that only follows from another', () => {
  const error = policyRefusal(
    gathered({
      memory: 1,
      sharedMemory: GB,
      connections: 3,
      active: 9,
      tlsKey: 'k',
      processes: Number.NaN,
      poolSize: 4,
    }),
  )
  expect(error.message).toBe('no server can be like this, for 4 reasons')
  expect(error.detail?.split('\n')).toEqual([
    'memory 1 bytes is not from 256 MB to 64 TB',
    'connections 3 is not a whole number from 5 to 260000',
    'processes NaN is not a whole number from 1 to 100000',
    'tlsKey is given without tlsCertificate',
  ])
})
