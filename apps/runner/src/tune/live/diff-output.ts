import type { MemoryBudget } from '@athena-pg/policy'
import { closed, count, described, flag, type JsonSchema, listOf, text, textOrNull } from '../../json-shapes.ts'
import { memoryShape, takesEffectShape } from '../tune-output.ts'
import type { Look } from './look-at-server.ts'
import { changedBy, diffNotes, diffWarnings } from './show-diff.ts'

export const platformShape: JsonSchema = {
  enum: ['patroni', 'cloudnativepg', 'rds', 'cloud_sql', 'azure', 'supabase', 'neon', null],
}

/** What `athena tune diff --json` prints. */
export const diffOutput: JsonSchema = closed({
  location: text,
  version: text,
  platform: described(platformShape, 'Who else decides about the settings; null: nobody that is known.'),
  standby: flag,
  differences: described(
    listOf(
      closed({
        name: text,
        state: described(
          { enum: ['different', 'written', 'overridden'] },
          'written: the files have it, the server waits for a reload or restart. overridden: the command line beats every file.',
        ),
        current: textOrNull,
        origin: text,
        recommended: text,
        takesEffect: takesEffectShape,
        reason: text,
      }),
    ),
    'Most important first.',
  ),
  same: count,
  kept: listOf(closed({ name: text, recommended: text, why: text })),
  memory: closed({ before: memoryShape, after: memoryShape }),
  warnings: described(listOf(text), 'What makes following it a risk.'),
  notes: listOf(text),
})

export function diffAsJson(location: string, look: Look): Record<string, unknown> {
  const { server, platform, comparison, kept, before } = look
  const after: MemoryBudget = look.after(changedBy(look))
  return {
    location,
    version: server.versionText,
    platform: platform ?? null,
    standby: server.inRecovery,
    differences: comparison.differences,
    same: comparison.same.length,
    kept: kept.map(({ name, recommended, why }) => ({ name, recommended, why })),
    memory: { before, after },
    warnings: diffWarnings(look),
    notes: diffNotes(look),
  }
}
