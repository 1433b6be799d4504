import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { alterSystem, saysSame } from './alter-system.ts'
import { autoConf } from './live-setting.ts'
import { readFiles } from './read-settings.ts'
import { reload } from './reload.ts'
import type { Written } from './undo-record.ts'

/**
 * Brings postgresql.auto.conf back to what it said before, for these settings, reloads, and looks whether it is so. Asks what is
 * there rather than what was done: so it serves after an error, after a lost connection and after a killed process alike.
 * @returns names that had to be changed
 * @throws what the server says: see undoFailed
 */
export async function restore(client: pg.ClientBase, changes: readonly Written[]): Promise<string[]> {
  const differing = async () => {
    const present = autoConf((await readFiles(client)) ?? [])
    return changes.filter(({ name, before }) => !saysSame(name, present.get(name) ?? null, before))
  }
  const wrong = await differing()
  for (const { name, before } of wrong) await client.query(alterSystem(name, before))
  const left = await differing()
  if (left.length > 0) throw new Error(`postgresql.auto.conf has something else for ${left.map(({ name }) => name)}`)
  await reload(client)
  return wrong.map(({ name }) => name)
}

export function undoFailed(changes: readonly Written[], cause: unknown): AthenaError {
  return new AthenaError({
    code: 'undo_failed',
    message: 'the settings could not be brought back',
    detail: cause instanceof Error ? cause.message : String(cause),
    hint: `athena tune apply --rollback tries again. By hand:\n${undoScript(changes).join('\n')}`,
    cause,
  })
}

export function undoScript(changes: readonly Written[]): string[] {
  return [...changes.map(({ name, before }) => `${alterSystem(name, before)};`), 'SELECT pg_reload_conf();']
}
