import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { type FactSource, type Profile, parseFacts, profiles } from '@athena-pg/policy'
import { loadConfig } from '../config/config.ts'
import { fault } from '../config/config-faults.ts'
import { isObject, JsonFault, type LocatedJson, parseJson } from '../parse-json.ts'
import type { FactContext } from './options.ts'

export interface ProfileSources {
  /** Facts that a file tells: before what is found out. */
  readonly file: readonly FactSource[]
  /** Fills in what nothing else tells. */
  readonly named?: Profile
}

/**
 * What --profile names, or else what athena.config.json says.
 * @throws AthenaError unknown_profile, malformed_profile; those of loadConfig
 */
export function profileSources(context: FactContext): ProfileSources {
  const given = context.options.profile
  if (given === undefined) {
    const { file = '', profile, server } = loadConfig(context)
    const facts = server === undefined ? [] : [factsOf(server, relative(context.cwd, file))]
    return { file: facts, ...(profile !== undefined && { named: named(profile) }) }
  }
  if (!/[./\\]/.test(given)) return { file: [], named: named(given) }
  return { file: [readProfile(resolve(context.cwd, given), given)] }
}

function named(name: string): Profile {
  const found = profiles.find((each) => each.name === name)
  if (found !== undefined) return found
  throw new AthenaError({
    code: 'unknown_profile',
    message: `there is no profile "${name}"`,
    detail: profiles.map(({ name: each, summary }) => `${each} (${summary})`).join('\n'),
    hint: `For a file of facts, give its path: --profile ./${name}.json`,
    exit: 2,
  })
}

function readProfile(path: string, shown: string): FactSource {
  const text = contents(path, shown)
  let json: LocatedJson
  try {
    json = parseJson(text)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    const { line, column, text: problem } = fault(text, cause.offset, cause.message)
    throw malformed(shown, `line ${line}, column ${column}: ${problem}`)
  }
  const { value, repeated } = json
  if (!isObject(value)) throw malformed(shown, 'it is not an object: { "memory": "16GB", "cpus": 8 }')
  if (repeated.length > 0)
    throw malformed(shown, repeated.map(({ path: name }) => `"${name}" is given twice`).join('\n'))
  return factsOf(value, shown)
}

/** Editors of Windows begin a file with a byte order mark, which is no JSON. */
function contents(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    throw new AthenaError({
      code: 'malformed_profile',
      message: `the facts in ${shown} cannot be read`,
      detail: (cause as Error).message,
      hint: `A path names a file of facts; a name alone one of ${profiles.map(({ name }) => name).join(', ')}.`,
      cause,
      exit: 2,
    })
  }
}

function factsOf(given: Readonly<Record<string, unknown>>, shown: string): FactSource {
  const { $schema: _, ...entries } = given
  const { facts, faults } = parseFacts(entries)
  if (faults.length > 0) throw malformed(shown, faults.map(({ name, problem }) => `"${name}": ${problem}`).join('\n'))
  return { origin: shown, facts }
}

function malformed(shown: string, detail: string): AthenaError {
  return new AthenaError({
    code: 'malformed_profile',
    message: `the facts in ${shown} cannot be used`,
    detail,
    hint: 'Names and values are those of the flags, in camelCase: { "memory": "16GB", "cpus": 8, "walDisk": "100GB" }',
    exit: 2,
  })
}
