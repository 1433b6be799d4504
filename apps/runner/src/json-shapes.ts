/** JSON Schema, draft 2020-12, of a value that --json prints. */
export type JsonSchema = Readonly<Record<string, unknown>>

export const text: JsonSchema = { type: 'string' }
export const textOrNull: JsonSchema = { type: ['string', 'null'] }
export const flag: JsonSchema = { type: 'boolean' }
export const time: JsonSchema = { type: 'string', format: 'date-time' }
export const count: JsonSchema = { type: 'integer', minimum: 0 }
export const milliseconds: JsonSchema = { type: 'number', minimum: 0 }

/** An object with these members and no others. */
export function closed(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

export function orNull(shape: JsonSchema): JsonSchema {
  return { anyOf: [{ type: 'null' }, shape] }
}

export function described(shape: JsonSchema, description: string): JsonSchema {
  return { ...shape, description }
}

/** An object of the catalogue that is not as expected, its definitions as the catalogue prints them. */
export const differenceMembers: Readonly<Record<string, JsonSchema>> = {
  state: { enum: ['missing', 'unexpected', 'different'] },
  object: text,
  expected: textOrNull,
  actual: textOrNull,
}
export const differenceShape: JsonSchema = closed(differenceMembers)

/** What a run did, in order. */
export const appliedShape: JsonSchema = listOf(
  closed({ id: text, kind: { enum: ['migration', 'function'] }, direction: { enum: ['up', 'down'] }, milliseconds }),
)

/** What a run would do. */
export const planShape: JsonSchema = closed({
  direction: { enum: ['up', 'down'] },
  migrations: listOf(
    closed({
      id: text,
      package: text,
      file: text,
      checksum: text,
      statements: count,
      transaction: { type: 'boolean' },
      batch: orNull(count),
      variables: { type: 'object', additionalProperties: text },
    }),
  ),
  functions: listOf(closed({ action: { enum: ['apply', 'drop'] }, package: text, file: text })),
})

/** With --show-sql. */
export const scriptShape: JsonSchema = closed({ sql: text })

/** Codes are snake_case, or the SQLSTATE of an error of the database. */
export const errorShape: JsonSchema = closed(
  { code: { type: 'string', pattern: '^([a-z][a-z0-9_]*|[0-9A-Z]{5})$' }, message: text, detail: text, hint: text },
  ['detail', 'hint'],
)

/** What every command prints instead of its result when it fails; exit status 1 or 2. */
export const errorOutput: JsonSchema = closed({ error: errorShape })
