import { AthenaError, type Database, toAthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { alterSystem } from './alter-system.ts'
import { faultsIn } from './live-setting.ts'
import { type Outcome, outcomesOf } from './outcomes.ts'
import { readSettings } from './read-settings.ts'
import { reload } from './reload.ts'
import { restore, undoFailed } from './restore.ts'
import type { Written } from './undo-record.ts'

export interface WriteEvents {
  /** Throws where the person has interrupted: then everything is undone. */
  goOn(): void
  undoing(error: AthenaError): void
}

/**
 * Writes, checks what the files now say before the server acts on it, reloads, and looks at the result in a new session. Whatever
 * goes wrong, all is brought back before the error is thrown.
 * @param write puts it into the files
 * @param undo brings the files back; reloads
 * @throws AthenaError of what went wrong, with `undone` in its detail; `undo_failed`
 */
export async function writeSettings(
  database: Database,
  client: pg.Client,
  changes: readonly Written[],
  events: WriteEvents,
  write: () => Promise<void> = () => alterAll(client, changes, events),
  undo: (client: pg.Client) => Promise<unknown> = (open) => restore(open, changes),
): Promise<Outcome[]> {
  try {
    await write()
    await assertAccepted(client, changes)
    events.goOn()
    await reload(client)
    const outcomes = await look(database, changes)
    const refused = outcomes.filter(({ state }) => state === 'refused')
    if (refused.length > 0) throw refusedValues(refused.map(({ name, detail }) => `${name}: ${detail}`))
    return outcomes
  } catch (thrown) {
    const error = toAthenaError(thrown)
    if (!(error instanceof AthenaError)) throw await undone(database, client, changes, undo, thrown as Error)
    events.undoing(error)
    throw await undone(database, client, changes, undo, error)
  }
}

async function alterAll(client: pg.Client, changes: readonly Written[], events: WriteEvents): Promise<void> {
  for (const { name, after } of changes) {
    events.goOn()
    try {
      await client.query(alterSystem(name, after))
    } catch (error) {
      const parts = toAthenaError(error)
      if (!(parts instanceof AthenaError)) throw error
      const { code, message, detail, hint } = parts
      throw new AthenaError({ code, message: `${name} = ${after}: ${message}`, detail, hint, cause: error })
    }
  }
}

/** Before the reload: a fault found here has never been in effect. */
async function assertAccepted(client: pg.Client, changes: readonly Written[]): Promise<void> {
  const names = new Set(changes.map(({ name }) => name))
  const faults = faultsIn(await readSettings(client)).filter(({ name }) => name === '' || names.has(name))
  if (faults.length > 0)
    throw refusedValues(faults.map(({ file, line, name, error }) => `${file}:${line} ${name}: ${error}`))
}

/** A session that begins now has what every later one has. */
async function look(database: Database, changes: readonly Written[]): Promise<Outcome[]> {
  const fresh = await database.open('tune apply')
  try {
    return outcomesOf(
      changes,
      await readSettings(
        fresh,
        changes.map(({ name }) => name),
      ),
    )
  } finally {
    await fresh.end()
  }
}

function refusedValues(details: readonly string[]): AthenaError {
  return new AthenaError({
    code: 'setting_refused',
    message: 'the server refuses what was written',
    detail: details.join('\n'),
    hint: 'The log of the server says more. --skip NAME leaves a setting out.',
  })
}

/** The error to throw once all is brought back: through a new session where the old one is lost. */
async function undone(
  database: Database,
  client: pg.Client,
  changes: readonly Written[],
  undo: (client: pg.Client) => Promise<unknown>,
  error: Error,
): Promise<Error> {
  try {
    await undo(client).catch(async (failed: unknown) => {
      if (await isAlive(client)) throw failed
      const again = await reconnect(database)
      await undo(again).finally(() => again.end())
    })
  } catch (cause) {
    const failed = undoFailed(changes, cause)
    const { message, hint } = failed
    const detail = `${error.message}; then: ${failed.detail ?? ''}`
    return new AthenaError({ code: 'undo_failed', message, detail, hint, cause: error })
  }
  if (!(error instanceof AthenaError)) return error
  const { code, message, detail, hint } = error
  const all = [detail, 'Everything that was changed is as it was before.'].filter(Boolean).join('\n')
  return new AthenaError({ code, message, detail: all, hint, cause: error })
}

async function isAlive(client: pg.Client): Promise<boolean> {
  return client.query('SELECT 1').then(
    () => true,
    () => false,
  )
}

/** A server that crashed is back after some seconds. */
async function reconnect(database: Database): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.open('tune undo')
    } catch (error) {
      if (attempt === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
