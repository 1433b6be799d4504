import { type Fault, fault, unknownKey } from '../config/config-faults.ts'
import { isObject, JsonFault, type LocatedJson, parseJson } from '../parse-json.ts'

/** One database as the file names it: exactly one of the three ways to say its URL. */
export interface WrittenTarget {
  name: string
  url?: string
  /** Name of an environment variable that holds the URL. */
  urlEnv?: string
  /** File that holds the URL and nothing else, relative to the targets file. */
  urlFile?: string
  variables?: Record<string, string | number | boolean>
  canary?: boolean
}

export interface TargetFile {
  targets: readonly WrittenTarget[]
  faults: Fault[]
  /** A fault of one member of a target, with its place. */
  faultAt(index: number, member: string, problem: string): Fault
}

type Problem = [path: string, problem: string]

const members = ['name', 'url', 'urlEnv', 'urlFile', 'variables', 'canary'] as const
export const urlMembers = ['url', 'urlEnv', 'urlFile'] as const

/** Reads the targets and finds everything that is wrong with them. Says no value that may hold a password. */
export function targetFaults(text: string): TargetFile {
  let json: LocatedJson
  try {
    json = parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const problem = error.message
    return { targets: [], faults: [fault(text, error.offset, problem)], faultAt: () => fault(text, 0, problem) }
  }
  const { value, offsets, repeated } = json
  const isWhole = isObject(value)
  const at = (path: string): number => offsets.get(path) ?? 0
  const list = isWhole ? value.targets : value
  const base = isWhole ? 'targets.' : ''
  const faults = repeated.map(({ path, offset }) => fault(text, offset, `"${path}" is given twice`))
  const problems = [...(isWhole ? unknownMembers('', value, ['$schema', 'targets']) : []), ...listProblems(list, base)]
  for (const [path, problem] of problems) faults.push(fault(text, at(path), problem))
  return {
    targets: Array.isArray(list) ? (list as WrittenTarget[]) : [],
    faults,
    faultAt: (index, member, problem) => fault(text, at(`${base}${index}.${member}`), problem),
  }
}

function* listProblems(list: unknown, base: string): Generator<Problem> {
  if (!Array.isArray(list)) {
    yield [base.slice(0, -1), 'the targets must be a list: [ { "name": …, "url": … }, … ]']
    return
  }
  if (list.length === 0) yield [base.slice(0, -1), 'the list names no database']
  for (const [index, target] of list.entries()) {
    if (isObject(target)) yield* targetProblems(target, `${base}${index}.`, list.slice(0, index))
    else yield [`${base}${index}`, 'a target must be an object: { "name": …, "url": … }']
  }
}

function* targetProblems(
  target: Record<string, unknown>,
  path: string,
  before: readonly unknown[],
): Generator<Problem> {
  const whole = path.slice(0, -1)
  const { name, variables, canary } = target
  yield* unknownMembers(path, target, members)
  if (name === undefined) yield [whole, 'the target has no "name"']
  else if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.-]{0,62}$/.test(name))
    yield [`${path}name`, '"name" must be up to 63 letters, digits, dots, hyphens and underscores']
  else if (before.some((other) => isObject(other) && other.name === name))
    yield [`${path}name`, `"${name}" is the name of a target above, too`]
  const given = urlMembers.filter((member) => target[member] !== undefined)
  for (const member of given) {
    if (typeof target[member] !== 'string' || target[member] === '') yield [path + member, `"${member}" must be text`]
  }
  if (given.length !== 1)
    yield [given[1] === undefined ? whole : path + given[1], 'give one of "url", "urlEnv" and "urlFile"']
  if (canary !== undefined && typeof canary !== 'boolean') yield [`${path}canary`, '"canary" must be true or false']
  if (variables === undefined) return
  if (!isObject(variables)) yield [`${path}variables`, '"variables" must be an object of names and values']
  else
    for (const [variable, value] of Object.entries(variables))
      if (!['string', 'number', 'boolean'].includes(typeof value))
        yield [`${path}variables.${variable}`, `"${variable}" must be text, a number, true or false`]
}

function* unknownMembers(path: string, object: object, known: readonly string[]): Generator<Problem> {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue
    yield [path + key, unknownKey(key, known)]
  }
}
