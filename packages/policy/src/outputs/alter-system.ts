import { entryOf } from '../catalogue/entry-of.ts'
import type { Recommendation, Setting, TakesEffect } from '../recommendation.ts'
import { topics } from '../settings/index.ts'
import { comment } from '../text/comment.ts'
import { head, warningLines } from '../text/head.ts'
import { quoteSql } from '../text/quote-sql.ts'
import { splitList } from '../text/split-list.ts'
import type { Output } from './output.ts'

/** Where our rule has no value because nobody told us, not because the default is right: a RESET could cut off clients or archiving. */
const neverReset = new Set([
  'listen_addresses',
  'ssl',
  'ssl_cert_file',
  'ssl_key_file',
  'ssl_ca_file',
  'ssl_min_protocol_version',
  'shared_preload_libraries',
  'archive_mode',
  'archive_command',
  'archive_timeout',
])

const titles: readonly [TakesEffect, string][] = [
  ['reload', 'These count as soon as the server has reloaded.'],
  ['session', 'These count for sessions that begin after the reload.'],
  ['restart', 'These wait for a restart.'],
]

export const alterSystem: Output = {
  name: 'alter-system',
  summary: 'ALTER SYSTEM statements, with RESET for what now keeps its default',
  render(recommendation, options) {
    const { facts, settings } = recommendation
    const lines = [
      ...head(`ALTER SYSTEM for PostgreSQL ${facts.postgres.version}`, recommendation, options, '--'),
      ...warningLines(recommendation, '--'),
      '--',
      ...comment(
        'As superuser: psql -X -v ON_ERROR_STOP=1 -f alter-system.sql. Not with --single-transaction: ALTER SYSTEM cannot run inside a transaction block.',
        '--',
      ),
    ]
    for (const [takesEffect, title] of titles) {
      const some = settings.filter((setting) => setting.takesEffect === takesEffect)
      if (some.length === 0) continue
      lines.push('', ...comment(title, '--'))
      for (const setting of some) lines.push('', ...comment(setting.reason, '--'), ...set(recommendation, setting))
    }
    lines.push(...resets(recommendation), '', 'SELECT pg_reload_conf();', ...restartNote(settings))
    return [{ name: 'alter-system.sql', content: `${lines.join('\n')}\n` }]
  },
}

function set({ facts }: Recommendation, { name, value }: Setting): string[] {
  const isList = entryOf(facts.postgres.version, name)?.list === true
  const items = isList ? splitList(value) : [value]
  // One empty string would become a list of one empty name; the default of every list is the empty one.
  if (items.length === 0) return [`ALTER SYSTEM RESET ${name};`]
  const values = items.map(quoteSql).join(', ')
  return [...placeholder(facts.postgres.version, name, `TO ${values}`), `ALTER SYSTEM SET ${name} = ${values};`]
}

function resets({ facts, settings }: Recommendation): string[] {
  const named = new Set(settings.map(({ name }) => name))
  const unnamed = topics
    .flatMap(({ rules }) => rules.map(({ name }) => name))
    .filter((name) => !named.has(name) && !neverReset.has(name) && entryOf(facts.postgres.version, name) !== undefined)
  if (unnamed.length === 0) return []
  return [
    '',
    ...comment("PostgreSQL's default is right here: takes back what was set for other facts.", '--'),
    ...unnamed.flatMap((name) => [
      ...placeholder(facts.postgres.version, name, 'TO DEFAULT'),
      `ALTER SYSTEM RESET ${name};`,
    ]),
  ]
}

/** Before 17, ALTER SYSTEM refuses a setting of an extension that this session has not loaded, but not one that the session has SET. */
function placeholder(version: number, name: string, to: string): string[] {
  return version < 17 && name.includes('.') ? [`SET ${name} ${to};`] : []
}

function restartNote(settings: readonly Setting[]): string[] {
  const names = settings.filter(({ takesEffect }) => takesEffect === 'restart').map(({ name }) => name)
  if (names.length === 0) return []
  return [
    '',
    ...comment(`Restart the server where one of these has changed: ${names.join(', ')}. Which ones have:`, '--'),
    '-- SELECT name FROM pg_settings WHERE pending_restart;',
  ]
}
