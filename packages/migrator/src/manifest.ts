import { AthenaError } from '@athena-pg/database'

/** A number, or a bound that depends on the value of another variable: `{ "by": "embedding_type", "vector": 1900 }`. */
export type Bound = number | ({ by: string } & Record<string, number | string>)

export type VariableDeclaration = { description?: string } & (
  | { type: 'integer'; default: number; min?: Bound; max?: Bound }
  | { type: 'enum'; default: string; values: readonly string[] }
  | { type: 'string'; default: string; pattern?: string }
  /** A SQL expression that the server evaluates, read-only, when a pending file uses it. Not recorded, not settable. */
  | { type: 'derived'; expression: string }
)

/** The "athena" field of a package.json. */
export interface Manifest {
  migrations?: string
  functions?: string
  checks?: string
  requires?: { postgres?: number; extensions?: Record<string, string> }
  variables: Record<string, VariableDeclaration>
}

const keys = ['migrations', 'functions', 'checks', 'requires', 'variables']
const folders = ['migrations', 'functions', 'checks'] as const
const variableName = /^[a-z_][a-z0-9_]*$/
const fieldsOf: Record<string, readonly string[]> = {
  integer: ['default', 'min', 'max'],
  enum: ['default', 'values'],
  string: ['default', 'pattern'],
  derived: ['expression'],
}

/**
 * @param value the "athena" field, as parsed from JSON
 * @param file the package.json it stands in, for messages
 * @throws AthenaError `malformed_manifest` naming every fault at once
 */
export function readManifest(value: unknown, file: string): Manifest {
  if (!isRecord(value)) throw malformed(file, ['"athena" must be an object'])
  const faults: string[] = []
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) faults.push(`"athena.${key}" is not known; known are ${keys.join(', ')}`)
  }
  for (const key of folders) {
    if (value[key] !== undefined && typeof value[key] !== 'string') faults.push(`"athena.${key}" must be a folder name`)
  }
  if (value.requires !== undefined) faults.push(...faultsOfRequires(value.requires))
  const variables = value.variables ?? {}
  if (!isRecord(variables)) faults.push('"athena.variables" must be an object')
  else for (const [name, declaration] of Object.entries(variables)) faults.push(...faultsOfVariable(name, declaration))
  if (faults.length > 0) throw malformed(file, faults)
  return { ...value, variables } as unknown as Manifest
}

function faultsOfRequires(requires: unknown): string[] {
  if (!isRecord(requires)) return ['"athena.requires" must be an object']
  const faults: string[] = []
  if (requires.postgres !== undefined && !Number.isInteger(requires.postgres)) {
    faults.push('"athena.requires.postgres" must be a major version, such as 16')
  }
  const extensions = requires.extensions ?? {}
  if (!isRecord(extensions) || Object.values(extensions).some((version) => typeof version !== 'string')) {
    faults.push('"athena.requires.extensions" must give a minimum version per extension, such as { "vector": "0.8.0" }')
  }
  return faults
}

function faultsOfVariable(name: string, declaration: unknown): string[] {
  const at = `"athena.variables.${name}"`
  if (!variableName.test(name)) return [`${at}: a variable is named with lower-case letters, digits and _`]
  if (!isRecord(declaration) || typeof declaration.type !== 'string' || !Object.hasOwn(fieldsOf, declaration.type)) {
    return [`${at}: "type" must be one of ${Object.keys(fieldsOf).join(', ')}`]
  }
  const allowed = ['type', 'description', ...(fieldsOf[declaration.type] ?? [])]
  const faults = Object.keys(declaration)
    .filter((field) => !allowed.includes(field))
    .map((field) => `${at}: "${field}" does not go with type ${declaration.type}`)
  const needs = (field: string, ok: boolean, form: string) => {
    if (!ok) faults.push(`${at}: "${field}" must be ${form}`)
  }
  if (declaration.type === 'integer') needs('default', Number.isInteger(declaration.default), 'a whole number')
  if (declaration.type === 'string') needs('default', typeof declaration.default === 'string', 'a string')
  if (declaration.type === 'derived')
    needs('expression', typeof declaration.expression === 'string', 'a SQL expression')
  if (declaration.type === 'enum') {
    const values = declaration.values
    needs('values', Array.isArray(values) && values.every((value) => typeof value === 'string'), 'a list of strings')
    needs('default', Array.isArray(values) && values.includes(declaration.default), 'one of "values"')
  }
  if (declaration.type === 'string' && declaration.pattern !== undefined) {
    needs('pattern', typeof declaration.pattern === 'string' && isPattern(declaration.pattern), 'a regular expression')
  }
  for (const bound of ['min', 'max']) {
    const value = declaration[bound]
    const ok = value === undefined || typeof value === 'number' || (isRecord(value) && typeof value.by === 'string')
    needs(bound, ok, 'a number, or a number per value of another variable: { "by": NAME, VALUE: NUMBER }')
  }
  return faults
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp
  } catch {
    return false
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(file: string, faults: string[]): AthenaError {
  return new AthenaError({
    code: 'malformed_manifest',
    message: `the "athena" field of ${file} is malformed`,
    detail: faults.join('\n'),
    hint: 'Correct the package.json; nothing was applied.',
  })
}
