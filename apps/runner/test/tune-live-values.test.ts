import { splitList } from '@athena-pg/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alterSystem, canBeWritten, saysSame } from '../src/tune/live/alter-system.ts'
import { compareSettings } from '../src/tune/live/compare-settings.ts'
import { fitToServer } from '../src/tune/live/keep-settings.ts'
import { liveGet } from '../src/tune/live/live-get.ts'
import { type FileSetting, faultsIn, type LiveSetting, type LiveSettings } from '../src/tune/live/live-setting.ts'
import { outcomesOf } from '../src/tune/live/outcomes.ts'
import { isList } from '../src/tune/live/setting-list.ts'
import { isSame, meaningOf, shown } from '../src/tune/live/setting-value.ts'
import { unapplied } from '../src/tune/live/unapplied.ts'

const memory = { name: 'shared_buffers', type: 'integer', unit: '8kB' } as const
const time = { name: 'checkpoint_timeout', type: 'integer', unit: 's' } as const
const real = { name: 'random_page_cost', type: 'real', unit: null } as const
const flag = { name: 'jit', type: 'bool', unit: null } as const
const choice = { name: 'wal_compression', type: 'enum', unit: null } as const

describe('values', () => {
  test.each([
    [memory, '1GB', '1024MB', true],
    [memory, '131072', '1GB', true],
    [memory, ' 1 GB', '1048576kB', true],
    [memory, '1GB', '1023MB', false],
    [memory, '0.5GB', '512MB', true],
    [time, '15min', '900', true],
    [time, '15min', '900s', true],
    [time, '15min', '15', false],
    [time, '1d', '24h', true],
    [real, '1.1', '1.10', true],
    [real, '1.1', '1.2', false],
    [real, '4', '4.0', true],
    [flag, 'on', 'true', true],
    [flag, 'off', '0', true],
    [flag, 'on', 'off', false],
    [choice, 'LZ4', 'lz4', true],
    [choice, 'on', 'pglz', true],
    [choice, 'on', 'lz4', false],
    [{ name: 'autovacuum_work_mem', type: 'integer', unit: 'kB' } as const, '-1', '-1', true],
    [{ name: 'autovacuum_work_mem', type: 'integer', unit: 'kB' } as const, '-1', '1kB', false],
    [{ name: 'shared_preload_libraries', type: 'string', unit: null } as const, 'a,b', 'a, b', true],
    [{ name: 'shared_preload_libraries', type: 'string', unit: null } as const, 'a,b', 'b,a', false],
    [{ name: 'log_line_prefix', type: 'string', unit: null } as const, '%m ', '%m', false],
  ])('of $name: %s and %s are the same: %s', (setting, one, other, expected) => {
    expect(isSame(setting, one, other)).toBe(expected)
    expect(isSame(setting, other, one)).toBe(expected)
  })

  test('are shown in the largest unit that divides them, which means the same again', () => {
    expect(shown(memory, '131072')).toBe('1GB')
    expect(shown(time, '90')).toBe('90s')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (count) => {
        for (const setting of [memory, time])
          expect(isSame(setting, shown(setting, String(count)), String(count))).toBe(true)
      }),
    )
  })

  test('that are no values of their type are nobody else', () => {
    expect(meaningOf(memory, 'lots')).toBe('lots')
    expect(isSame(memory, '1XB', '1GB')).toBe(false)
  })
})

describe('ALTER SYSTEM', () => {
  test('quotes what is in a value, and the items of a list one by one', () => {
    expect(alterSystem('work_mem', '64MB')).toBe("ALTER SYSTEM SET work_mem = '64MB'")
    expect(alterSystem('log_line_prefix', "it's")).toBe("ALTER SYSTEM SET log_line_prefix = 'it''s'")
    expect(alterSystem('log_line_prefix', '\\')).toBe("ALTER SYSTEM SET log_line_prefix = E'\\\\'")
    expect(alterSystem('shared_preload_libraries', 'a, "b,c"')).toBe(
      "ALTER SYSTEM SET shared_preload_libraries = 'a', 'b,c'",
    )
    expect(alterSystem('hnsw.ef_search', null)).toBe('ALTER SYSTEM RESET hnsw.ef_search')
    expect(alterSystem('x"; DROP TABLE t; --.y', '1')).toBe('ALTER SYSTEM SET "x""; DROP TABLE t; --"."y" = \'1\'')
    expect(isList('listen_addresses')).toBe(false)
    expect(isList('oauth_validator_libraries')).toBe(true)
  })

  test('reads a list as it was written, whatever its items', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (items) => {
        expect(splitList(items.map((item) => `"${item.replaceAll('"', '""')}"`).join(', '))).toEqual(items)
      }),
    )
  })

  test('cannot write back an empty list of libraries, with which a server would not start', () => {
    expect(canBeWritten('shared_preload_libraries', '')).toBe(false)
    expect(canBeWritten('shared_preload_libraries', '""')).toBe(false)
    expect(canBeWritten('shared_preload_libraries', 'a')).toBe(true)
    expect(canBeWritten('archive_command', '')).toBe(true)
    expect(saysSame('shared_preload_libraries', 'a,b', 'a, b')).toBe(true)
    expect(saysSame('work_mem', '1GB', '1024MB')).toBe(false)
    expect(saysSame('work_mem', null, '')).toBe(false)
  })
})

function row(name: string, setting: string, more: Partial<LiveSetting> = {}): LiveSetting {
  return {
    name,
    setting,
    unit: null,
    type: 'integer',
    context: 'sighup',
    source: 'default',
    file: null,
    line: null,
    pendingRestart: false,
    boot: setting,
    values: null,
    ...more,
  }
}

function entry(name: string, setting: string, more: Partial<FileSetting> = {}): FileSetting {
  return { file: '/data/postgresql.auto.conf', line: 3, name, setting, applied: true, error: null, ...more }
}

function live(settings: readonly LiveSetting[], files: readonly FileSetting[] = []): LiveSettings {
  return { settings: new Map(settings.map((each) => [each.name, each])), files, sessions: [], notes: [] }
}

function recommended(name: string, value: string, amount: number | string | boolean = value) {
  const source = { kind: 'documentation', text: '' } as const
  return { name, value, amount, default: null, reason: '', source, takesEffect: 'reload', topic: '' } as const
}

describe('a comparison', () => {
  const work = row('work_mem', '4096', { unit: 'kB', context: 'user' })
  const stateOf = (setting: LiveSetting, value: string, files: readonly FileSetting[] = []) =>
    compareSettings([recommended(setting.name, value)], live([setting], files)).differences[0]?.state ?? 'same'

  test('tells what differs from what is written, overridden or the same', () => {
    expect(stateOf(work, '4MB')).toBe('same')
    expect(stateOf(work, '8MB')).toBe('different')
    expect(stateOf(work, '8MB', [entry('work_mem', '8MB')])).toBe('written')
    expect(stateOf(work, '4MB', [entry('work_mem', '8MB')])).toBe('different')
    expect(stateOf({ ...work, source: 'command line' }, '8MB')).toBe('overridden')
    expect(stateOf({ ...work, source: 'command line' }, '4MB', [entry('work_mem', '8MB')])).toBe('same')
  })

  test('looks through what a role or a database sets for the session that asks', () => {
    expect(stateOf({ ...work, setting: '99999', source: 'user', boot: '4096' }, '4MB')).toBe('same')
    expect(stateOf({ ...work, setting: '8192', source: 'database', boot: '4096' }, '8MB')).toBe('different')
    expect(stateOf({ ...work, setting: '1', source: 'user' }, '8MB', [entry('work_mem', '8MB')])).toBe('same')
  })

  test('takes -1 for done where the server computes the value', () => {
    const buffers = row('wal_buffers', '512', { unit: '8kB', context: 'postmaster', boot: '-1' })
    expect(stateOf(buffers, '-1')).toBe('same')
    expect(stateOf({ ...buffers, source: 'configuration file' }, '-1', [entry('wal_buffers', '4MB')])).toBe('different')
  })

  test('takes no setting that it does not see for different', () => {
    expect(compareSettings([recommended('ssl_key_file', 'x')], live([]))).toMatchObject({
      differences: [],
      unreadable: ['ssl_key_file'],
    })
  })
})

describe('what a server keeps', () => {
  const fit = (
    settings: readonly LiveSetting[],
    wanted: ReturnType<typeof recommended>,
    inRecovery = false,
    slots = 0,
  ) => fitToServer([wanted], live(settings), { inRecovery, slots, retained: 0, sessions: 0 })

  test('on a standby: no less than it has of what its primary bounds', () => {
    const connections = row('max_connections', '200', { context: 'postmaster' })
    expect(fit([connections], recommended('max_connections', '100', 100), true).kept).toHaveLength(1)
    expect(fit([connections], recommended('max_connections', '300', 300), true).kept).toEqual([])
    expect(fit([connections], recommended('max_connections', '100', 100)).kept).toEqual([])
    expect(fit([row('work_mem', '99')], recommended('work_mem', '9', 9), true).kept).toEqual([])
  })

  test('logs that somebody made fuller', () => {
    const statements = (setting: string) =>
      fit([row('log_statement', setting, { context: 'superuser' })], recommended('log_statement', 'ddl')).kept
    expect(statements('all')).toMatchObject([{ name: 'log_statement', unlessNamed: true }])
    expect(statements('none')).toEqual([])
    const slow = (setting: string) =>
      fit(
        [row('log_min_duration_statement', setting, { unit: 'ms', context: 'superuser' })],
        recommended('log_min_duration_statement', '500ms', 500),
      ).kept
    expect(slow('0')).toHaveLength(1)
    expect(slow('100')).toHaveLength(1)
    expect(slow('-1')).toEqual([])
    expect(slow('1000')).toEqual([])
  })

  test('slots for all that there are, its own archiving, and who can reach it', () => {
    const slots = row('max_replication_slots', '10')
    expect(fit([slots], recommended('max_replication_slots', '4', 4), false, 5).kept).toHaveLength(1)
    expect(fit([slots], recommended('max_replication_slots', '4', 4), false, 4).kept).toEqual([])
    const archive = row('archive_command', 'wal-g wal-push %p', { type: 'string' })
    expect(fit([archive], recommended('archive_command', 'pgbackrest …')).kept).toHaveLength(1)
    expect(fit([row('archive_command', '', { type: 'string' })], recommended('archive_command', 'x')).kept).toEqual([])
    const listen = row('listen_addresses', 'localhost', { type: 'string' })
    expect(fit([listen], recommended('listen_addresses', '*')).kept).toHaveLength(1)
  })

  test('every library that it loads, or is about to load', () => {
    const loaded = row('shared_preload_libraries', 'citus, pg_cron', { type: 'string', source: 'configuration file' })
    const files = [entry('shared_preload_libraries', 'citus, pg_cron, "odd,name"')]
    const wanted = recommended('shared_preload_libraries', 'pg_stat_statements')
    const { settings } = fitToServer([wanted], live([loaded], files), {
      inRecovery: false,
      slots: 0,
      retained: 0,
      sessions: 0,
    })
    expect(splitList(settings[0]?.value ?? '')).toEqual(['citus', 'pg_cron', 'odd,name', 'pg_stat_statements'])
  })
})

describe('after a reload', () => {
  const change = { name: 'work_mem', before: null, after: '8MB' }
  const work = row('work_mem', '8192', { unit: 'kB', context: 'user', source: 'configuration file' })
  const state = (setting: LiveSetting, ...files: FileSetting[]) =>
    outcomesOf([change], live([setting], files))[0]?.state

  test('a change is in effect, waits, is overridden or was refused', () => {
    expect(state(work, entry('work_mem', '8MB'))).toBe('in effect')
    expect(
      state(
        { ...work, setting: '4096', context: 'postmaster', pendingRestart: true },
        entry('work_mem', '8MB', { applied: false, error: 'x' }),
      ),
    ).toBe('waits for restart')
    expect(state(work, entry('work_mem', '8MB'), entry('work_mem', '9MB', { file: '/late.conf' }))).toBe('overridden')
    expect(state({ ...work, setting: '1', source: 'command line' }, entry('work_mem', '8MB'))).toBe('overridden')
    expect(
      state({ ...work, setting: '1' }, entry('work_mem', '8MB', { applied: false, error: 'could not be applied' })),
    ).toBe('refused')
    expect(state(work)).toBe('refused')
  })

  test('what only waits for a restart is no fault of a file, in whatever form the server lists it', () => {
    const waiting = row('shared_buffers', '1', { pendingRestart: true })
    const files = [
      entry('shared_buffers', '2', { error: 'setting could not be applied', applied: false }),
      entry('', '', { file: '', error: 'parameter "max_connections" cannot be changed', applied: false }),
    ]
    expect(faultsIn(live([waiting], files))).toEqual([])
    expect(faultsIn(live([], [entry('', '', { error: 'syntax error' })]))).toHaveLength(1)
  })

  test('what others wrote and nobody reloaded is named, but not what a restart waits for or a case of letters', () => {
    const files = [entry('work_mem', '9MB'), entry('datestyle', 'iso, mdy'), entry('port', '9')]
    const rows = [
      work,
      row('datestyle', 'ISO, MDY', { type: 'string', source: 'configuration file' }),
      row('port', '5432', { context: 'postmaster' }),
    ]
    expect(unapplied(live(rows, files), new Set())).toEqual(['work_mem 8MB → 9MB'])
    expect(unapplied(live(rows, files), new Set(['work_mem']))).toEqual([])
  })
})

test('the memory budget of a server takes its values in bytes, and defaults for what the role does not see', () => {
  const get = liveGet(live([row('shared_buffers', '16384', { unit: '8kB' }), row('jit', 'on', { type: 'bool' })]), 18)
  expect(get.number('shared_buffers')).toBe(128 * 2 ** 20)
  expect(get.flag('jit')).toBe(true)
  expect(get.number('work_mem')).toBe(4 * 2 ** 20)
  expect(get.number('autovacuum_work_mem')).toBe(-1)
})
