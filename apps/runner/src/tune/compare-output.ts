import type { Comparison } from '@athena-pg/policy'
import { closed, described, type JsonSchema, listOf, text, textOrNull } from '../json-shapes.ts'
import { memoryShape } from './tune-output.ts'

/** What `athena tune compare --json` prints. */
export const compareOutput: JsonSchema = closed({
  compared: listOf(
    closed({
      name: { enum: ['ours', 'guide', 'pgtune', 'timescaledb-tune', 'defaults'] },
      source: described(text, 'Which version of it was read, and when.'),
      assumptions: described(listOf(text), 'What was taken where it asks for what the facts do not tell.'),
      memory: described(memoryShape, 'By the same accounting for all.'),
      percent: { type: 'number', minimum: 0, description: 'Worst case of the limit.' },
      verdict: { enum: ['fits', 'eats the reserve', 'over the limit'] },
      refused: described(
        listOf(closed({ name: text, value: text, reason: text })),
        'Lines with which this server does not start.',
      ),
    }),
  ),
  settings: listOf(
    closed({
      name: text,
      values: described(
        { type: 'object', additionalProperties: textOrNull },
        'By name of `compared`; null: not set there, so PostgreSQL has its default.',
      ),
    }),
  ),
})

export function compareAnswer({ compared, settings }: Comparison): object {
  return {
    compared: compared.map(({ share, ...each }) => ({ ...each, percent: Math.round(share * 1000) / 10 })),
    settings,
  }
}
