import { nearest } from '@athena-pg/migrator'
import { conversions } from './mapping.ts'

/** Where in the file something is wrong, as `tables.notes.columns.body`, and what. */
export interface Fault {
  path: string
  text: string
}

/** Looks at the form alone; whether the tables and columns are there is another question. */
export function formFaults(value: unknown): Fault[] {
  const faults: Fault[] = []
  const fault = (path: string, text: string): void => void faults.push({ path, text })
  if (!isObject(value)) return [{ path: '', text: 'the mapping must be an object: { "tables": { … } }' }]
  known('', value, ['$schema', 'schema', 'timeZone', 'tables'])
  for (const key of ['$schema', 'schema', 'timeZone']) optionalText(key, value[key])
  if (!isObject(value.tables)) {
    fault('tables', 'must be an object: one member for each source table')
    return faults
  }
  for (const [name, table] of Object.entries(value.tables)) if (table !== null) tableForm(`tables.${name}`, table)
  return faults

  function tableForm(path: string, table: unknown): void {
    if (!isObject(table)) {
      fault(path, 'must be an object, or null to leave the table out')
      return
    }
    known(path, table, ['to', 'key', 'project', 'columns', 'constants'])
    if (!isText(table.to)) fault(`${path}.to`, 'must name one of our tables, such as "memories"')
    optionalText(`${path}.key`, table.key)
    optionalText(`${path}.project`, table.project)
    if (table.project === '?')
      fault(
        `${path}.project`,
        'is not decided yet: name the project that these rows go to, or give a column of project_id',
      )
    if (table.constants !== undefined && !isObject(table.constants)) fault(`${path}.constants`, 'must be an object')
    else
      for (const [to, each] of Object.entries(table.constants ?? {}))
        if (!isScalar(each)) fault(`${path}.constants.${to}`, 'must be text, a number, true or false')
    if (!isObject(table.columns)) {
      fault(`${path}.columns`, 'must be an object: one member for each source column')
      return
    }
    for (const [column, rule] of Object.entries(table.columns)) columnForm(`${path}.columns.${column}`, rule)
  }

  function columnForm(path: string, rule: unknown): void {
    if (rule === '?') {
      fault(path, 'is not decided yet: name one of our columns, or write null to leave this one out')
      return
    }
    if (rule === null || isText(rule)) return
    if (!isObject(rule)) {
      fault(path, 'must be the name of our column, an object, or null to leave it out')
      return
    }
    known(path, rule, ['to', 'as', 'words', 'from', 'onto', 'key', 'or', 'default', 'refers', 'kind', 'direction'])
    if (!isText(rule.to)) fault(`${path}.to`, 'must name our column')
    for (const key of ['key', 'or', 'refers', 'kind']) optionalText(`${path}.${key}`, rule[key])
    oneOf(`${path}.as`, rule.as, conversions)
    oneOf(`${path}.direction`, rule.direction, ['from', 'to'])
    if (rule.default !== undefined && !isScalar(rule.default))
      fault(`${path}.default`, 'must be text, a number, true or false')
    if (rule.words !== undefined && !(isObject(rule.words) && Object.values(rule.words).every(isText)))
      fault(`${path}.words`, 'must be an object of words: { "done": "completed" }')
    if (rule.words !== undefined && rule.as !== 'word') fault(`${path}.words`, 'needs "as": "word"')
    for (const key of ['from', 'onto']) range(`${path}.${key}`, rule[key], rule.as)
    if (rule.as === 'scale' && rule.from === undefined)
      fault(path, '"as": "scale" needs "from": [lowest, highest] of the source')
  }

  function range(path: string, given: unknown, conversion: unknown): void {
    if (given === undefined) return
    const isRange = Array.isArray(given) && given.length === 2 && given.every((each) => Number.isFinite(each))
    if (!isRange || given[0] === given[1]) fault(path, 'must be two different numbers: [0, 100]')
    else if (conversion !== 'scale') fault(path, 'needs "as": "scale"')
  }

  function oneOf(path: string, given: unknown, choices: readonly string[]): void {
    if (given === undefined || choices.includes(given as string)) return
    const near = typeof given === 'string' ? nearest(given, choices) : undefined
    fault(path, `must be one of ${choices.join(', ')}${near === undefined ? '' : `; did you mean "${near}"?`}`)
  }

  function optionalText(path: string, given: unknown): void {
    if (given !== undefined && !isText(given)) fault(path, 'must be text')
  }

  function known(path: string, object: Record<string, unknown>, keys: readonly string[]): void {
    for (const key of Object.keys(object).filter((each) => !keys.includes(each))) {
      const near = nearest(key, keys)
      const ways = near === undefined ? `; there are ${keys.join(', ')}` : `; did you mean "${near}"?`
      fault(path === '' ? key : `${path}.${key}`, `is not known${ways}`)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) || isText(value)
}
