import { nearest } from '@athena-pg/migrator'
import { isObject, JsonFault, type LocatedJson, parseJson } from '../parse-json.ts'

/** The file as it is written, when there are no faults. */
export interface WrittenConfig {
  packages?: string[]
  migrations?: string
  functions?: string
  variables?: Record<string, string | number | boolean>
  profile?: string
  server?: Record<string, string | number | boolean>
}

export interface Fault {
  line: number
  column: number
  text: string
}

/** Reads the configuration and finds everything that is wrong with it. */
export function configFaults(text: string): { value: WrittenConfig; faults: readonly Fault[] } {
  let json: LocatedJson
  try {
    json = parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    return { value: {}, faults: [fault(text, error.offset, error.message)] }
  }
  const { value, offsets, repeated } = json
  const faults = repeated.map(({ path, offset }) => fault(text, offset, `"${path}" is given twice`))
  for (const [path, problem] of problems(value)) faults.push(fault(text, offsets.get(path) ?? 0, problem))
  return { value: value as WrittenConfig, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) }
}

function* problems(value: unknown): Generator<[path: string, problem: string]> {
  if (!isObject(value)) {
    yield ['', 'the configuration must be an object: { … }']
    return
  }
  for (const [key, given] of Object.entries(value)) {
    const check = checks[key]
    if (check) yield* check(key, given)
    else yield [key, unknownKey(key, Object.keys(checks))]
  }
}

type Check = (key: string, given: unknown) => Generator<[path: string, problem: string]>

const checks: Readonly<Record<string, Check>> = {
  $schema: string,
  migrations: string,
  functions: string,
  profile: string,
  server: scalars,
  *packages(key, given) {
    if (!Array.isArray(given)) {
      yield [key, `"${key}" must be a list of package names`]
      return
    }
    for (const [index, each] of given.entries()) {
      if (typeof each !== 'string' || each === '') yield [`${key}.${index}`, 'must be the name of a package']
      else if (given.indexOf(each) !== index) yield [`${key}.${index}`, `"${each}" is given twice`]
    }
  },
  variables: scalars,
}

function* scalars(key: string, given: unknown): Generator<[path: string, problem: string]> {
  if (!isObject(given)) {
    yield [key, `"${key}" must be an object of names and values`]
    return
  }
  for (const [name, each] of Object.entries(given)) {
    if (!['string', 'number', 'boolean'].includes(typeof each)) {
      yield [`${key}.${name}`, `"${name}" must be text, a number, true or false`]
    }
  }
}

function* string(key: string, given: unknown): Generator<[path: string, problem: string]> {
  if (typeof given !== 'string' || given === '') yield [key, `"${key}" must be text`]
}

export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return `"${key}" is not known${near === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${near}"?`}`
}

export function fault(text: string, offset: number, problem: string): Fault {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, text: problem }
}
