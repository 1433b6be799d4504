/** JSON Schema of what `athena adopt --json` prints. */
const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0 } as const
const texts = { type: 'array', items: text } as const

function object<const P extends Record<string, unknown>>(properties: P, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

function list(items: object): object {
  return { type: 'array', items }
}

const left = { left: texts, leftTables: texts }
const changes = {
  words: list(object({ column: text, found: text, becomes: { type: ['string', 'null'] }, rows: count })),
  notes: texts,
}

const compared = object(
  {
    source: text,
    target: text,
    sourceRows: count,
    targetRows: count,
    rejected: count,
    deadReferences: count,
    checksum: object({ source: text, target: text }),
    embeddings: object({ source: count, target: count }),
    same: { type: 'boolean' },
  },
  ['checksum', 'embeddings'],
)

export const adoptOutput: Readonly<Record<string, unknown>> = {
  oneOf: [
    object({
      tables: list(compared),
      links: list(object({ source: text, target: text, written: count, dead: count })),
      rejected: count,
      same: { type: 'boolean' },
      ...changes,
      ...left,
    }),
    object({
      dryRun: { const: true },
      tables: list(object({ source: text, target: text, rows: count, left: count })),
      ...changes,
      ...left,
    }),
    object({ finished: { type: 'boolean' }, dryRun: { const: true }, ids: count, rejects: count }, ['dryRun']),
    // --suggest: adoption-mapping.schema.json of @athena-pg/maintenance, but for "?".
    object({ $schema: text, schema: text, timeZone: text, tables: { type: 'object' } }, ['timeZone']),
  ],
}
