import { resolve } from 'node:path'
import { AthenaError, describe } from '@athena-pg/database'
import type pg from 'pg'
import { confirm } from '../../confirm.ts'
import type { Context } from '../../context.ts'
import { alterSystem, saysSame } from './alter-system.ts'
import type { applyOptions } from './apply-options.ts'
import { assertRewritable } from './assert-rewritable.ts'
import { assertRights } from './assert-rights.ts'
import { identifyServer } from './identify-server.ts'
import { restoreInclude } from './include-file.ts'
import { autoConf } from './live-setting.ts'
import { openServer } from './look-at-server.ts'
import { readFiles, readSettings } from './read-settings.ts'
import { restore, undoFailed, undoScript } from './restore.ts'
import { serverValue, waitsForRestart } from './server-value.ts'
import { holdOthersOff } from './tuning-lock.ts'
import {
  markRecord,
  readRecord,
  readRecords,
  type ServerIdentity,
  type StoredRecord,
  type UndoRecord,
} from './undo-record.ts'

/** Brings back what was before the last apply, finished or not; run again, before the one before that. */
export async function runRollback(context: Context<typeof applyOptions>): Promise<number> {
  const { options, json, print, talk } = context
  const database = await openServer(context)
  const client = await database.open('tune rollback')
  if (!options['dry-run'] && !options['show-sql']) await holdOthersOff(database, client)
  const server = await identifyServer(client, database.location)
  const stored = options.record === undefined ? latest(context.project, server) : named(options.record, server, context)
  const { changes, file, at } = stored.record
  if (options['show-sql']) {
    const script = [...fileLines(file), ...undoScript(changes)].join('\n')
    print(json ? JSON.stringify({ sql: script }) : script)
    return 0
  }
  await assertRights(
    client,
    await describe(client),
    changes.map(({ name }) => name),
    file === undefined,
  )
  if (file === undefined) assertRewritable((await readFiles(client)) ?? [])
  if (!options.overwrite) await assertOurs(client, stored)
  if (!json) for (const { name, before } of changes) print(alterSystem(name, before))
  if (!json && file !== undefined) print(file.before === null ? `remove ${file.path}` : `restore ${file.path}`)
  if (options['dry-run']) {
    if (json) print(JSON.stringify(rollbackAsJson(stored, database.location, [])))
    return 0
  }
  await confirm(
    context,
    `bring back the settings of ${database.location} as they were before ${at}, and reload the server`,
  )
  // Whoever thought about the question gave others time.
  if (!options.overwrite) await assertOurs(client, stored)
  let changed: string[] = []
  try {
    changed = await restore(client, changes)
    if (file !== undefined) await restoreInclude(client, file, options.overwrite)
  } catch (cause) {
    throw cause instanceof AthenaError && cause.code === 'changed_since' ? cause : undoFailed(changes, cause)
  }
  const { record } = markRecord(stored, 'rolled back')
  const waiting = await waitingForRestart(
    client,
    changes.map(({ name }) => name),
  )
  if (json) print(JSON.stringify(rollbackAsJson({ ...stored, record }, database.location, waiting)))
  else {
    print(`brought back ${file === undefined ? `${changed.length} of ${changes.length} settings` : file.path}`)
    if (waiting.length > 0) talk(`next: restart the server, which ends all sessions: ${waiting.join(', ')}`)
    else talk('next: athena tune diff')
  }
  return 0
}

/** No SQL writes a file. */
function fileLines(file: UndoRecord['file']): string[] {
  if (file === undefined) return []
  return [file.before === null ? `-- remove ${file.path}` : `-- restore ${file.path}, from ${file.path}.athena-before`]
}

async function waitingForRestart(client: pg.ClientBase, names: readonly string[]): Promise<string[]> {
  const live = await readSettings(client)
  return names.filter((name) => {
    const found = serverValue(live, name)
    return found !== undefined && waitsForRestart(found)
  })
}

function rollbackAsJson({ path, record }: StoredRecord, location: string, waiting: readonly string[]): object {
  return {
    location,
    record: path,
    state: record.state,
    changes: record.changes,
    file: record.file?.path ?? null,
    waiting,
  }
}

function latest(project: string, server: ServerIdentity): StoredRecord {
  const open = readRecords(project, server.system).filter(
    ({ record }) => record.state === 'begun' || record.state === 'done',
  )
  const found = open.find(({ record }) => record.server.address === server.address)
  if (found !== undefined) return found
  throw new AthenaError({
    code: 'undo_record_missing',
    message: 'there is no athena tune apply to bring back',
    detail:
      open[0] === undefined
        ? `No record of this server is in ${project}/.athena/tune.`
        : `The latest, ${open[0].path}, was made through ${open[0].record.server.address}: it may be of another node of this cluster.`,
    hint:
      open[0] === undefined
        ? 'Run it in the folder in which apply ran.'
        : `If that is this very server: --record ${open[0].path}`,
  })
}

function named(given: string, server: ServerIdentity, { cwd }: { cwd: string }): StoredRecord {
  const path = resolve(cwd, given)
  const record = readRecord(path)
  if (record.server.system === server.system) return { path, record }
  throw new AthenaError({
    code: 'undo_record_foreign',
    message: 'the undo record is of another server',
    detail: `${path} is of system ${record.server.system}, this is ${server.system}.`,
    exit: 2,
  })
}

/** What somebody else has set since is not lost in passing. @throws AthenaError `changed_since` */
async function assertOurs(client: pg.ClientBase, { record }: StoredRecord): Promise<void> {
  const present = autoConf((await readFiles(client)) ?? [])
  const foreign = record.changes.filter(({ name, before, after }) => {
    const now = present.get(name) ?? null
    return !saysSame(name, now, before) && !saysSame(name, now, after)
  })
  if (foreign.length === 0) return
  throw new AthenaError({
    code: 'changed_since',
    message: 'settings were changed since, by somebody else',
    detail: foreign.map(({ name }) => `${name}: ALTER SYSTEM has '${present.get(name) ?? ''}' now`).join('\n'),
    hint: '--overwrite brings them back to what was before the apply all the same. Nothing was changed.',
  })
}
