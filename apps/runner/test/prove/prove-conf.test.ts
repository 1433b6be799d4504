import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenBinary } from '../../src/prove/open-binary.ts'
import { proveConf } from '../../src/prove/prove-conf.ts'
import { bare } from './proving.ts'

interface Mistake {
  what: string
  /** The mistake is in the second line. */
  conf: string
  setting: string
  words: RegExp
  hint?: RegExp
  /** Versions that have the setting, or that look. */
  from?: number
}

// facts: what `postgres -C max_connections` refuses as well.
const parsed: Mistake[] = [
  {
    what: 'a name that there is not',
    conf: 'jit = off\nshared_bufers = 1GB\n',
    setting: 'shared_bufers',
    words: /^unrecognized configuration parameter "shared_bufers" in file "postgresql.conf" line 2$/,
  },
  {
    what: 'a unit in lower case',
    conf: 'jit = off\nwork_mem = 4gb\n',
    setting: 'work_mem',
    words: /^invalid value for parameter "work_mem": "4gb"$/,
    hint: /Valid units .* "B", "kB", "MB", "GB", and "TB"/,
  },
  {
    what: 'a number out of range',
    conf: "jit = off\nmax_parallel_workers_per_gather = '5000'\n",
    setting: 'max_parallel_workers_per_gather',
    words: /5000 is outside the valid range/,
  },
  {
    what: 'a word that is none of an enum',
    conf: 'jit = off\nwal_level = high # as it gets\n',
    setting: 'wal_level',
    words: /^invalid value for parameter "wal_level": "high"$/,
    hint: /Available values: minimal, replica, logical/,
  },
  {
    what: 'a compression that the build does not have',
    conf: 'jit = off\nwal_compression = lz4\n',
    setting: 'wal_compression',
    words: /^invalid value for parameter "wal_compression": "lz4"$/,
    hint: /Available values: pglz, on, off/,
    from: 15,
  },
  {
    what: 'an io_method that the build does not have',
    conf: 'jit = off\nio_method = io_uring\n',
    setting: 'io_method',
    words: /^invalid value for parameter "io_method": "io_uring"$/,
    from: 18,
  },
  {
    what: 'a list of standbys that is not one',
    conf: "jit = off\nsynchronous_standby_names = 'FIRST 2 (a, b'\n",
    setting: 'synchronous_standby_names',
    words: /invalid value for parameter "synchronous_standby_names"|syntax error/,
  },
]

// What only shows when the server computes what it would start with. PostgreSQL 14 cannot be asked to.
const crossed: Mistake[] = [
  {
    what: 'more connections reserved than there are',
    conf: 'max_connections = 20\nsuperuser_reserved_connections = 20\n',
    setting: 'superuser_reserved_connections',
    words: /superuser_reserved_connections.*must be less than .*max_connections/,
    from: 15,
  },
  {
    what: 'WAL senders with wal_level = minimal',
    conf: 'max_wal_senders = 5\nwal_level = minimal\n',
    setting: 'max_wal_senders',
    words: /requires .*wal_level/,
    from: 15,
  },
  {
    what: 'an archive with wal_level = minimal',
    conf: 'max_wal_senders = 0\nwal_level = minimal\narchive_mode = on\n',
    setting: 'wal_level',
    words: /WAL archival cannot be enabled/,
    from: 15,
  },
  {
    what: 'a library that is not there',
    conf: "jit = off\nshared_preload_libraries = 'pg_stat_statements, pg_nonesuch'\n",
    setting: 'shared_preload_libraries',
    words: /^could not access file "pg_nonesuch": No such file or directory$/,
  },
  {
    what: 'less WAL than two segments',
    conf: 'min_wal_size = 32MB\nmax_wal_size = 31MB\n',
    setting: 'max_wal_size',
    words: /max_wal_size.*must be at least twice/,
  },
]

describe.each(bare)('$name', ({ version, open }) => {
  let binary: OpenBinary
  beforeAll(async () => {
    binary = await open()
  })
  afterAll(() => binary?.close())

  test.each([...parsed, ...crossed].filter(({ from = 14 }) => version >= from))(
    "refuses $what, in the server's own words",
    async ({ conf, setting, words, hint }) => {
      const { refusals, sharedMemory } = await proveConf(binary, { content: conf })
      expect(refusals).toEqual([
        expect.objectContaining({
          setting,
          line: conf.split('\n').findIndex((line) => line.startsWith(setting)) + 1,
          message: expect.stringMatching(words),
          ...(hint && { hint: expect.stringMatching(hint) }),
        }),
      ])
      expect(sharedMemory).toBeUndefined()
    },
  )

  test.each([
    ['names', 'work_mm = 4MB\nshared_bufers = 1GB\n', ['shared_bufers', 'work_mm']],
    ['values', 'work_mem = 4gb\nwal_level = high\n', ['wal_level', 'work_mem']],
  ])('tells all wrong %s of a file at once', async (_, content, settings) => {
    const { refusals } = await proveConf(binary, { content })
    expect(refusals.map(({ setting }) => setting).sort()).toEqual(settings)
  })

  test('tells where a file cannot be read', async () => {
    const { refusals } = await proveConf(binary, { content: 'jit = off\nwork_mem = 4MB 5MB\n' })
    expect(refusals).toEqual([
      {
        setting: 'work_mem',
        line: 2,
        message: expect.stringMatching(/^syntax error in file "postgresql.conf" line 2/),
      },
    ])
  })

  test('accepts values in every form that PostgreSQL has, for a machine of any size', async () => {
    const content = [
      'shared_buffers = 1TB',
      'wal_buffers = 1GB',
      'max_connections = 5000',
      "work_mem = '1.5GB'",
      "checkpoint_timeout = '0.5h'",
      'log_file_mode = 0640',
      'track_commit_timestamp = yes',
      'WAL_COMPRESSION = on',
      'random_page_cost 1.10',
      'search_path = \'"$user", public, athena\'',
      "log_line_prefix = '%m it''s [%p] '",
      'log_destination = csvlog',
      "datestyle = 'iso, dmy'",
      'statement_timeout = 1ms',
      'exit_on_error = on',
      'ssl = on',
      "ssl_cert_file = '/nowhere/server.crt'",
      'huge_pages = try # on the host',
      'idle_in_transaction_session_timeout = 10min',
      'idle_in_transaction_session_timeout = 1d',
      "shared_preload_libraries = 'pg_stat_statements'",
      'pg_stat_statements.max = 7000',
      'auto_explain.log_min_duration = 5s',
    ].join('\n')
    const proof = await proveConf(binary, { content })
    expect(proof.refusals).toEqual([])
    // Of 14, in single-user mode, pg_stat_statements is not there to be asked.
    expect(proof.notChecked.map(({ setting }) => setting)).toEqual(version === 14 ? ['pg_stat_statements.max'] : [])
    expect(proof.checked).toBe(version === 14 ? 21 : 22)
    expect(proof.settings.get('shared_buffers')).toMatchObject({ value: String(2 ** 27), unit: '8kB' })
    if (version === 14) expect(proof.sharedMemory).toBeUndefined()
    else expect(proof.sharedMemory).toBeGreaterThan(2 ** 40)
  })

  test('says what it could not check', async () => {
    const { refusals, notChecked } = await proveConf(binary, { content: 'hnsw.ef_search = 99999\n' })
    expect(refusals).toEqual([])
    expect(notChecked).toEqual([{ setting: 'hnsw.ef_search', reason: 'this binary has no vector' }])
  })

  test('finds a setting that a file lost, and one that it changed', async () => {
    const emitted = [
      { name: 'work_mem', value: '4MB' },
      { name: 'jit', value: 'off' },
    ]
    const { refusals } = await proveConf(binary, { content: 'jit = on\n' }, emitted)
    expect(refusals.map(({ message }) => message)).toEqual([
      'parameter "work_mem" is not set in the file, not 4MB',
      'parameter "jit" is on in the file, not off',
    ])
  })
})
