import { closed, described, type JsonSchema, listOf, text, textOrNull } from '../json-shapes.ts'
import { sourceShape, takesEffectShape, versionShape } from './tune-output.ts'

const number: JsonSchema = { type: 'number' }

/** What `athena tune explain --json` prints. */
export const explainOutput: JsonSchema = closed(
  {
    name: text,
    value: described(text, "Absent where PostgreSQL's default is kept."),
    default: described(textOrNull, 'Of PostgreSQL; null where it depends on the machine.'),
    reason: text,
    source: sourceShape,
    takesEffect: takesEffectShape,
    topic: text,
    accepts: closed(
      {
        type: { enum: ['bool', 'integer', 'real', 'string', 'enum'] },
        unit: text,
        min: number,
        max: number,
        values: listOf(text),
        richValues: listOf(text),
      },
      ['unit', 'min', 'max', 'values', 'richValues'],
    ),
    versions: listOf(versionShape),
    uses: described(listOf(text), 'Settings that its value follows from.'),
  },
  ['value', 'source', 'topic'],
)
