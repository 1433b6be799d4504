import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatherFacts, profiles, type Recommendation, recommend, render } from '@athena-pg/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseSize } from '../../src/facts/parse-size.ts'
import { quoteYaml } from '../../src/text/quote-yaml.ts'
import { GB, MB } from '../../src/units.ts'
import { anyRecommendation, pooled, recommended } from './any-facts.ts'

/** As YAML 1.1 has it, in which `on` is no text: Go's and Python's parsers. */
function yaml(recommendation: Recommendation, output: string, options = {}) {
  return parse(render(recommendation, output, options)[0]?.content ?? '', { version: '1.1' })
}

function bytes(text: string): number {
  return parseSize(text.replace(/g$/, 'GB').replace(/m$/, 'MB').replace(/Gi$/, 'GB').replace(/Mi$/, 'MB'))
}

test('a text is the same text to parsers of YAML 1.1 and 1.2', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'on',
      'No',
      '1.1',
      '10min',
      '0x1f',
      '12:30',
      '~',
      'null',
      '1_000',
      '.5',
      '2026-11-24',
      '- a',
      'a: b',
      'a #b',
      '1e3',
    ),
  )
  fc.assert(
    fc.property(text, (value) => {
      for (const version of ['1.1', '1.2'] as const) expect(parse(`x: ${quoteYaml(value)}`, { version }).x).toBe(value)
    }),
  )
})

describe('docker compose', () => {
  test('has room in /dev/shm for the build of an index, and beyond it no more than was told, or half of the memory', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        const { mem_limit, shm_size } = yaml(recommendation, 'docker-compose').services.postgres
        const { facts, memory, vectors } = recommendation
        const { sharedMemory } = vectors.build
        const most = facts.sharedMemory ?? facts.memory / 2
        expect(bytes(shm_size)).toBeGreaterThanOrEqual(Math.max(64 * MB, sharedMemory))
        expect(bytes(shm_size)).toBeLessThanOrEqual(Math.max(most, sharedMemory + MB))
        const pooler = memory.parts.find(({ name }) => name === 'pooler')?.bytes ?? 0
        expect(bytes(mem_limit)).toBeLessThanOrEqual(facts.memory - pooler)
        expect(bytes(mem_limit)).toBeGreaterThan(facts.memory - pooler - MB)
      }),
    )
  })
  test('keeps to the size of /dev/shm that was told', () => {
    expect(yaml(recommended({ sharedMemory: 2 * GB }), 'docker-compose').services.postgres.shm_size).toBe('2g')
  })
  test('leaves the memory of the pooler to the pooler', () => {
    expect(yaml(recommended(pooled), 'docker-compose').services.postgres.mem_limit).toBe('16366m')
  })
  test('listens, whatever the configuration says: published ports lead nowhere otherwise', () => {
    expect(yaml(recommended(), 'docker-compose').services.postgres.command).toMatch(/ -c listen_addresses=\*$/)
    expect(yaml(recommended({ listen: '*' }), 'docker-compose').services.postgres.command).not.toContain('listen')
  })
  test('locks memory for io_uring and for nothing else', () => {
    const base = recommended()
    const settings = base.settings.map((each) =>
      each.name === 'io_method' ? { ...each, value: 'io_uring', amount: 'io_uring' } : each,
    )
    expect(yaml({ ...base, settings }, 'docker-compose').services.postgres.ulimits).toEqual({
      nofile: 65536,
      memlock: -1,
    })
    expect(yaml(base, 'docker-compose').services.postgres.ulimits).toEqual({ nofile: 65536 })
  })
  test('of the profile small says what the docker-compose.yml of this project says', () => {
    const root = parse(readFileSync(join(import.meta.dirname, '../../../../docker-compose.yml'), 'utf8')).services
      .postgres
    const { facts } = gatherFacts(
      profiles.filter(({ name }) => name === 'small').map((each) => ({ origin: '', facts: each.facts })),
    )
    const small = yaml(recommend(facts), 'docker-compose', { profile: 'small' }).services.postgres
    for (const key of ['command', 'mem_limit', 'shm_size', 'stop_grace_period'])
      expect([key, root[key]]).toEqual([key, small[key]])
    expect(root.volumes).toContain(small.volumes[0])
  })
})

describe('CloudNativePG', () => {
  // FixedConfigurationParameters of the operator, pkg/postgres/configuration.go, August 2026.
  const fixed =
    `allow_system_table_mods archive_mode bonjour bonjour_name cluster_name config_file data_directory data_sync_retry
    event_source external_pid_file hba_file hot_standby ident_file jit_provider listen_addresses logging_collector port primary_conninfo
    primary_slot_name recovery_target recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name
    recovery_target_time recovery_target_timeline recovery_target_xid restore_command shared_preload_libraries temp_tablespaces
    unix_socket_directories unix_socket_group unix_socket_permissions archive_cleanup_command archive_command log_destination
    log_directory log_file_mode log_filename log_rotation_age log_rotation_size log_truncate_on_rotation promote_trigger_file
    recovery_end_command recovery_min_apply_delay restart_after_crash ssl ssl_ca_file ssl_cert_file ssl_crl_file ssl_dh_params_file
    ssl_key_file ssl_passphrase_command ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers stats_temp_directory
    synchronous_standby_names synchronized_standby_slots syslog_facility syslog_ident syslog_sequence_numbers
    syslog_split_messages`.split(/\s+/)

  test('gets no setting that its webhook refuses, and texts only', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        const { parameters } = yaml(recommendation, 'cloudnativepg').spec.postgresql
        expect(Object.keys(parameters).filter((name) => fixed.includes(name))).toEqual([])
        expect(Object.values(parameters).filter((value) => typeof value !== 'string')).toEqual([])
      }),
    )
  })
  test('gets everything else as it was recommended, and huge pages only where the node has them', () => {
    const recommendation = recommended({ workload: { pitr: true } })
    const told = recommendation.settings.map(({ name, value }) => [name, name === 'huge_pages' ? 'off' : value])
    const { parameters } = yaml(recommendation, 'cloudnativepg').spec.postgresql
    expect(parameters).toEqual(Object.fromEntries(told.filter(([name]) => !fixed.includes(name as string))))
    const { spec } = yaml(recommended({ hugePages: true }), 'cloudnativepg')
    expect(spec.postgresql.parameters.huge_pages).toBe('on')
    const { memory, 'hugepages-2Mi': huge } = spec.resources.limits
    expect(bytes(memory) + bytes(huge)).toBeLessThanOrEqual(16 * GB)
    expect(bytes(huge)).toBeGreaterThan(4 * GB)
  })
  test('has the libraries as a list of its own', () => {
    expect(yaml(recommended(), 'cloudnativepg').spec.postgresql.shared_preload_libraries).toEqual([
      'pg_stat_statements',
    ])
  })
  test('requests what it limits', () => {
    const { requests, limits } = yaml(recommended(), 'cloudnativepg').spec.resources
    expect(requests).toEqual({ memory: '16Gi', cpu: '8' })
    expect(limits).toEqual(requests)
  })
  test('names what was left out, and why', () => {
    const text = render(recommended({ workload: { pitr: true } }), 'cloudnativepg')[0]?.content
    expect(text).toContain('#   archive_command: the operator sets it: configure spec.backup.\n')
  })
})

describe('Patroni', () => {
  test('gets all but what it sets itself, as texts', () => {
    fc.assert(
      fc.property(anyRecommendation, (recommendation) => {
        const { parameters } = yaml(recommendation, 'patroni').postgresql
        const own = ['listen_addresses', 'port', 'cluster_name', 'hot_standby', 'wal_log_hints']
        const told = recommendation.settings.filter(({ name }) => !own.includes(name))
        expect(parameters).toEqual(Object.fromEntries(told.map(({ name, value }) => [name, value])))
      }),
    )
  })
  test('would take another max_connections where there are fewer than 25, and that is said', () => {
    const text = (connections: number) => render(recommended({ workload: { connections } }), 'patroni')[0]?.content
    expect(text(24)?.replaceAll('\n#', '')).toContain('Warning: max_connections = 24 is less than 25')
    expect(text(25)).not.toContain('Warning: max_connections')
  })
})
