import { closed, count, flag, type JsonSchema, listOf, text, textOrNull } from '../json-shapes.ts'

const left = { left: listOf(text), leftTables: listOf(text) }
const changes = {
  words: listOf(closed({ column: text, found: text, becomes: textOrNull, rows: count })),
  notes: listOf(text),
}

const compared = closed(
  {
    source: text,
    target: text,
    sourceRows: count,
    targetRows: count,
    rejected: count,
    deadReferences: count,
    checksum: closed({ source: text, target: text }),
    embeddings: closed({ source: count, target: count }),
    same: flag,
  },
  ['checksum', 'embeddings'],
)

/** JSON Schema of what `athena adopt --json` prints. */
export const adoptOutput: JsonSchema = {
  oneOf: [
    closed({
      tables: listOf(compared),
      links: listOf(closed({ source: text, target: text, written: count, dead: count })),
      rejected: count,
      same: flag,
      ...changes,
      ...left,
    }),
    closed({
      dryRun: { const: true },
      tables: listOf(closed({ source: text, target: text, rows: count, left: count })),
      ...changes,
      ...left,
    }),
    closed({ finished: flag, dryRun: { const: true }, ids: count, rejects: count }, ['dryRun']),
    // --suggest: adoption-mapping.schema.json of @athena-pg/maintenance, but for "?".
    closed({ $schema: text, schema: text, timeZone: text, tables: { type: 'object' } }, ['timeZone']),
  ],
}
