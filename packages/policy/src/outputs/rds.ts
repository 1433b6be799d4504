import { entryOf } from '../catalogue/entry-of.ts'
import { unitOf } from '../catalogue/setting-values.ts'
import type { Recommendation, Setting } from '../recommendation.ts'
import { comment } from '../text/comment.ts'
import { head, warningLines } from '../text/head.ts'
import { leftOut } from '../text/left-out.ts'
import { quoteSql } from '../text/quote-sql.ts'
import type { Output, OutputFile, RenderOptions } from './output.ts'

/** Most parameters of one ModifyDBParameterGroup: its API reference. */
const mostPerCall = 20

/** AWS keeps these for itself: the parameters of `describe-db-parameters` with IsModifiable false, as far as we may recommend them. */
const dropped: Readonly<Record<string, string>> = {
  listen_addresses: 'AWS sets it; security groups say who may connect',
  archive_mode: 'AWS archives by itself: the retention of backups says how long',
  archive_command: 'AWS archives by itself: the retention of backups says how long',
  archive_timeout: 'AWS sets it to 5 minutes',
  huge_pages: 'AWS sets it by instance class',
  ssl: 'always on; rds.force_ssl = 1 makes clients use it',
  ssl_cert_file: "AWS's certificates",
  ssl_key_file: "AWS's certificates",
  ssl_ca_file: "AWS's certificates",
  wal_log_hints: 'AWS makes its replicas by other means',
  log_line_prefix: 'the log is read by AWS, which sets it',
  io_method: 'AWS chooses it; worker is the default',
}

/** Extensions whose settings a parameter group has. Those of others are set with ALTER DATABASE. */
const knownExtensions = new Set(['pg_stat_statements', 'auto_explain', 'pgaudit', 'cron'])

export const rds: Output = {
  name: 'rds',
  summary: 'Parameters for aws rds modify-db-parameter-group, at most 20 a file, and notes',
  render(recommendation, options) {
    const group = options.profile === undefined ? 'athena' : `athena-${options.profile}`
    const kept = recommendation.settings.filter(({ name }) => reasonToDrop(name) === undefined)
    const files: OutputFile[] = []
    for (let first = 0; first < kept.length; first += mostPerCall) {
      const parameters = kept.slice(first, first + mostPerCall).map((setting) => parameter(recommendation, setting))
      files.push({
        name: `rds-${files.length + 1}.json`,
        content: `${JSON.stringify({ DBParameterGroupName: group, Parameters: parameters }, undefined, 2)}\n`,
      })
    }
    return [...files, { name: 'rds-notes.txt', content: notes(recommendation, options, group, files) }]
  },
}

function reasonToDrop(name: string): string | undefined {
  const extension = name.includes('.') ? name.slice(0, name.indexOf('.')) : undefined
  if (extension === undefined || knownExtensions.has(extension)) return dropped[name]
  return 'no parameter of RDS'
}

function parameter(recommendation: Recommendation, setting: Setting) {
  return {
    ParameterName: setting.name,
    ParameterValue: plainValue(recommendation, setting),
    ApplyMethod: setting.takesEffect === 'restart' ? 'pending-reboot' : 'immediate',
  }
}

/** RDS takes no units: a number of the unit that pg_settings has, 8 kB for shared_buffers; and 1 and 0 for booleans. */
function plainValue({ facts }: Recommendation, { name, value, amount }: Setting): string {
  const entry = entryOf(facts.postgres.version, name)
  if (typeof amount === 'boolean') return amount ? '1' : '0'
  if (typeof amount === 'string' || entry === undefined) return value
  return String(
    amount <= 0 ? amount : entry.type === 'integer' ? Math.floor(amount / unitOf(entry)) : amount / unitOf(entry),
  )
}

function notes(
  recommendation: Recommendation,
  options: RenderOptions,
  group: string,
  files: readonly OutputFile[],
): string {
  const { facts, settings } = recommendation
  const ownSettings = settings.filter(({ name }) => name.includes('.') && reasonToDrop(name) !== undefined)
  const lines = [
    ...head('RDS parameter group', recommendation, options),
    ...warningLines(recommendation),
    '#',
    '# Once:',
    `#   aws rds create-db-parameter-group --db-parameter-group-name ${group} --db-parameter-group-family postgres${facts.postgres.version} --description "athena tune"`,
    '# Then, and after each change:',
    ...files.map(({ name }) => `#   aws rds modify-db-parameter-group --cli-input-json file://${name}`),
    '#',
    ...comment(
      'Not run against AWS. Which parameters your version lets you change is said by: aws rds describe-db-parameters --db-parameter-group-name NAME --query "Parameters[?IsModifiable==\\`false\\`].ParameterName"',
    ),
    ...leftOut(settings, reasonToDrop),
    ...(ownSettings.length === 0 ? [] : ['#', '# In place of the last ones, in the database:']),
    ...ownSettings.map(({ name, value }) => `#   ALTER DATABASE athena SET ${name} = ${quoteSql(value)};`),
  ]
  return `${lines.join('\n')}\n`
}
