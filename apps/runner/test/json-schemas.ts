import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { loadCommand } from '../src/find-command.ts'
import { errorOutput, type JsonSchema } from '../src/json-shapes.ts'
import type { Outcome } from './athena.ts'

const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/ },
})
const nothing: JsonSchema = { not: {} }
const compiled = new Map<object, ValidateFunction>()

/** @throws where it is no JSON Schema of draft 2020-12, or one that a misspelt keyword makes accept everything */
export function validator(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, known)
  return known
}

/** What is wrong with the value, empty where nothing is; of a command without a schema everything is. */
export function faultsOf(schema: JsonSchema | undefined, value: unknown): string[] {
  const validate = validator(schema ?? nothing)
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Expects that stdout is one JSON value of the command's schema, or, where it failed, of that of errors; returns it. */
export async function conforming(words: readonly string[], { stdout, status }: Outcome): Promise<object> {
  const value = JSON.parse(stdout) as object
  const schema = 'error' in value ? errorOutput : ((await loadCommand(words)).output as JsonSchema)
  expect(faultsOf(schema, value), `${words.join(' ')} (${status}): ${stdout}`).toEqual([])
  expect(faultsOf(schema, { ...value, surplus: 1 }), 'a member that the schema does not know').not.toEqual([])
  expect(faultsOf(schema, {}), 'nothing at all').not.toEqual([])
  return value
}
