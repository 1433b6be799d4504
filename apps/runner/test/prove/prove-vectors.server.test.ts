import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasDocker } from '../../../../test/docker.ts'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { proveConf } from '../../src/prove/prove-conf.ts'
import { rich } from './proving.ts'

describe.runIf(hasDocker()).each(rich)('$name', ({ open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  // PostgreSQL itself only warns of these, and goes on with the defaults.
  describe.each(['', "shared_preload_libraries = 'vector'\n"])('with "%s"', (preload) => {
    test('a value that pgvector does not accept is refused, with what it stays', async () => {
      const { refusals } = await proveConf(binary, { content: `${preload}hnsw.ef_search = 99999\n` })
      expect(refusals).toEqual([
        {
          setting: 'hnsw.ef_search',
          line: preload === '' ? 1 : 2,
          message: '99999 is outside the valid range for parameter "hnsw.ef_search" (1 .. 1000)',
          detail: 'It stays 40.',
        },
      ])
    })

    test('a name that pgvector does not have is refused', async () => {
      const { refusals } = await proveConf(binary, { content: `${preload}hnsw.ef_serach = 100\n` })
      expect(refusals).toEqual([
        {
          setting: 'hnsw.ef_serach',
          line: preload === '' ? 1 : 2,
          message: 'invalid configuration parameter name "hnsw.ef_serach", removing it',
          detail: '"hnsw" is now a reserved prefix. It counts for nothing.',
        },
      ])
    })

    test('right ones are accepted', async () => {
      const content = `${preload}hnsw.ef_search = 100\nhnsw.iterative_scan = strict_order\nivfflat.probes = 10\n`
      const proof = await proveConf(binary, { content })
      expect(proof).toMatchObject({ refusals: [], notChecked: [], checked: preload === '' ? 3 : 4 })
    })
  })

  test('has what bare builds lack', async () => {
    const uring = binary.major >= 18 ? 'io_method = io_uring\n' : ''
    const content = `wal_compression = zstd\ndefault_toast_compression = lz4\n${uring}`
    expect((await proveConf(binary, { content })).refusals).toEqual([])
  })
})
