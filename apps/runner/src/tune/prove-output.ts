import { closed, count, described, type JsonSchema, listOf, orNull, text, textOrNull } from '../json-shapes.ts'

const refusal = closed(
  {
    setting: text,
    line: { type: 'integer', minimum: 1 },
    message: described(text, "The server's own words, where it had any."),
    detail: text,
    hint: text,
  },
  ['setting', 'line', 'detail', 'hint'],
)

/** What `athena tune prove --json` prints. */
export const proveOutput: JsonSchema = closed({
  file: described(textOrNull, 'Of --file; null: our own recommendation.'),
  proofs: listOf(
    closed({
      binary: described(text, 'A folder, or a docker image.'),
      version: text,
      verdict: { enum: ['accepted', 'refused'] },
      checked: described(count, 'Settings compared with what the server made of them.'),
      refusals: listOf(refusal),
      notChecked: listOf(closed({ setting: text, reason: text })),
      sharedMemory: described(orNull(count), 'Bytes, exact; null: refused, or PostgreSQL 14.'),
      estimatedSharedMemory: described(orNull(count), 'Bytes, of our memory budget; null with --file.'),
      hugePages: described(orNull(count), "That it takes, of the proving machine's default size."),
      violations: described(
        listOf(closed({ code: text, message: text, hint: text })),
        'What PostgreSQL lets pass and no server should have.',
      ),
    }),
  ),
  skipped: listOf(closed({ binary: text, version: text, reason: text })),
  pgbouncer: described(
    orNull(
      closed({ verdict: { enum: ['accepted', 'refused', 'not proved'] }, version: text, messages: listOf(text) }, [
        'version',
      ]),
    ),
    'null: the facts have no pooler, or --file.',
  ),
})
