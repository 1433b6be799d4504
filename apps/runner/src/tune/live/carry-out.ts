import { AthenaError, type Database } from '@athena-pg/database'
import type pg from 'pg'
import type { Context } from '../../context.ts'
import type { ApplyPlan } from './apply-plan.ts'
import { assertIncluded, restoreInclude, writeInclude } from './include-file.ts'
import type { Outcome } from './outcomes.ts'
import { markRecord, type ServerIdentity, type StoredRecord, storeRecord } from './undo-record.ts'
import { writeSettings } from './write-settings.ts'

/** Writes the undo record, then the settings; an interrupt waits until all is undone. */
export async function carryOut(
  context: Pick<Context, 'project' | 'talk' | 'atEnd'>,
  database: Database,
  client: pg.Client,
  { changes, file }: ApplyPlan,
  server: ServerIdentity,
  at: string,
): Promise<{ outcomes: Outcome[]; record: string }> {
  const stored = storeRecord(context.project, {
    format: 1,
    state: 'begun',
    at,
    server,
    changes: file === undefined ? changes : [],
    ...(file !== undefined && { file }),
  })
  let isInterrupted = false
  let settled: () => void = () => {}
  const work = new Promise<void>((resolve) => {
    settled = resolve
  })
  context.atEnd(() => {
    isInterrupted = true
    return work
  })
  const events = {
    goOn() {
      if (isInterrupted) throw new AthenaError({ code: 'interrupted', message: 'interrupted' })
    },
    undoing: ({ message }: AthenaError) => context.talk(`${message}: bringing everything back`),
  }
  let outcomes: Outcome[]
  try {
    outcomes = await (file === undefined
      ? writeSettings(database, client, changes, events)
      : writeSettings(
          database,
          client,
          changes,
          events,
          async () => {
            writeInclude(file)
            await assertIncluded(client, file.path, at)
          },
          (open) => restoreInclude(open, file),
        ))
  } catch (error) {
    if (!(error instanceof AthenaError && error.code === 'undo_failed')) {
      context.talk('everything is as it was before')
      mark(stored, 'undone', context)
    }
    throw error
  } finally {
    settled()
  }
  mark(stored, 'done', context)
  return { outcomes, record: stored.path }
}

/** The settings are what they are, whatever becomes of the note of it: a record that stays `begun` can be rolled back too. */
function mark(stored: StoredRecord, state: 'done' | 'undone', { talk }: Pick<Context, 'talk'>): void {
  try {
    markRecord(stored, state)
  } catch (error) {
    const { message } = error as Error
    talk(`warning: ${stored.path} cannot be marked as ${state}: ${message}`)
  }
}
