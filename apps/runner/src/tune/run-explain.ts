import { AthenaError } from '@athena-pg/database'
import { type Explanation, explain, settingNames } from '@athena-pg/policy'
import { didYouMean } from '../command-line/did-you-mean.ts'
import type { Context } from '../context.ts'
import type { factOptions } from './options.ts'
import { readFacts } from './read-facts.ts'

/** @throws AthenaError unknown_setting; those of readFacts; PolicyError memory_too_small */
export async function runExplain(context: Context<typeof factOptions>): Promise<undefined> {
  const { operands, json, print, talk } = context
  const typed = (operands[0] as string).toLowerCase()
  const names = settingNames()
  // As PostgreSQL takes them: DateStyle and TimeZone are written with capitals, and found without.
  const name = names.find((each) => each.toLowerCase() === typed)
  if (name === undefined) throw await unknownSetting(typed, names)
  const { facts } = await readFacts(context)
  const explanation = explain(facts, name) as Explanation
  if (json) {
    print(JSON.stringify(explanation))
    return
  }
  for (const line of explanationLines(explanation, facts.postgres.version)) print(line)
  talk('next: athena tune, with the same flags, prints them all')
}

async function unknownSetting(name: string, names: readonly string[]): Promise<AthenaError> {
  return new AthenaError({
    code: 'unknown_setting',
    message: `PostgreSQL has no setting "${name}"`,
    hint: (await didYouMean(name, names, (near) => `athena tune explain ${near}`)) ?? 'SHOW ALL lists them.',
    exit: 2,
  })
}

/** Of a setting that is set its line in a postgresql.conf first; then what there is to know, a line each. */
export function explanationLines(explanation: Explanation, version: number): string[] {
  const { name, value, reason, source, topic, uses, versions } = explanation
  const rows: [string, string][] = [
    ['why', reason],
    ...(source === undefined ? [] : [['source', `${source.kind}: ${source.text}`] as [string, string]]),
    ...(uses.length === 0 ? [] : [['follows from', uses.join(', ')] as [string, string]]),
    ['default', explanation.default === null ? 'depends on the machine' : explanation.default || "''"],
    ['accepts', accepted(explanation.accepts)],
    ['changing it', effects[explanation.takesEffect]],
    ...(topic === undefined ? [] : [['section', topic] as [string, string]]),
    ['versions', `${versions.join(', ')}; here ${version}`],
  ]
  return [
    value === undefined ? `${name}: not set` : `${name} = ${value}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(13)} ${text}`),
  ]
}

const effects = {
  reload: 'takes a reload: SELECT pg_reload_conf()',
  restart: 'takes a restart',
  session: 'counts for sessions that begin after a reload',
} as const

function accepted({ type, unit, min, max, values, richValues = [] }: Explanation['accepts']): string {
  if (type === 'bool') return 'on, off'
  if (values !== undefined) {
    return values.join(', ') + (richValues.length === 0 ? '' : `; by build also ${richValues.join(', ')}`)
  }
  if (min === undefined) return type === 'string' ? 'text' : type
  return `${type}, ${min} to ${max}${unit === undefined ? '' : ` x ${unit}`}`
}
