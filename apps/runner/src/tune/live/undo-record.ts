import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { isUndoRecord } from './is-undo-record.ts'

/** One setting of postgresql.auto.conf; null: not in it. */
export interface Written {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/**
 * What is needed to bring back the settings as they were: on disk before the first change. `begun` stays where the process was
 * killed; `undone`: by apply itself, after a failure.
 */
export interface UndoRecord {
  readonly format: 1
  readonly state: 'begun' | 'done' | 'undone' | 'rolled back'
  /** ISO 8601. */
  readonly at: string
  readonly server: ServerIdentity
  /** By ALTER SYSTEM. */
  readonly changes: readonly Written[]
  /** Of --include-file; null: there was none before. */
  readonly file?: { readonly path: string; readonly before: string | null; readonly after: string }
}

/** A standby has the system identifier, and mostly the data directory, of its primary: so the address is part of it. */
export interface ServerIdentity {
  readonly system: string
  readonly dataDirectory: string
  /** Host and port that were connected to. */
  readonly address: string
}

export interface StoredRecord {
  readonly path: string
  readonly record: UndoRecord
}

/** Newest first. @throws AthenaError `undo_record_unreadable` */
export function readRecords(project: string, system: string): StoredRecord[] {
  const folder = folderOf(project)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${system}-`) && name.endsWith('.json'))
    .toSorted()
    .reverse()
    .map((name) => ({ path: join(folder, name), record: readRecord(join(folder, name)) }))
}

/** @throws AthenaError `undo_record_unreadable` */
export function readRecord(path: string): UndoRecord {
  try {
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isUndoRecord(record)) return record
    throw new SyntaxError('it is not an undo record of this version')
  } catch (error) {
    throw new AthenaError({
      code: 'undo_record_unreadable',
      message: 'an undo record cannot be read',
      detail: `${path}: ${(error as Error).message}`,
      hint: 'Move it away where it is not one; else restore it from a backup.',
      cause: error,
    })
  }
}

/** Returns once it is on disk. @throws AthenaError `undo_record_unwritable` */
export function storeRecord(project: string, record: UndoRecord): StoredRecord {
  const folder = folderOf(project)
  const path = join(folder, `${record.server.system}-${record.at.replaceAll(/[:.]/g, '')}.json`)
  try {
    mkdirSync(folder, { recursive: true })
    writeDurably(path, `${JSON.stringify(record, null, 2)}\n`, 0o600)
  } catch (cause) {
    throw new AthenaError({
      code: 'undo_record_unwritable',
      message: 'the undo record cannot be written',
      detail: `${(cause as Error).message}. Nothing was changed.`,
      hint: 'Run it in a project folder that this user may write to.',
      cause,
    })
  }
  return { path, record }
}

export function markRecord({ path, record }: StoredRecord, state: UndoRecord['state']): StoredRecord {
  const marked = { ...record, state }
  writeDurably(path, `${JSON.stringify(marked, null, 2)}\n`, 0o600)
  return { path, record: marked }
}

/** All or nothing, and on disk when it returns. The name of the intermediate file is one that no include_dir reads. */
export function writeDurably(path: string, text: string, mode: number): void {
  const next = join(dirname(path), `.${process.pid}.athena-next`)
  const file = openSync(next, 'w', mode)
  try {
    // What openSync made of the mode is less by the umask.
    fchmodSync(file, mode)
    // Not writeSync: on a disk that is nearly full it may write a part, and say nothing.
    writeFileSync(file, text)
    fsyncSync(file)
    renameSync(next, path)
  } catch (error) {
    rmSync(next, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  syncFolder(dirname(path))
}

/** A new name lasts only once its folder is on disk; Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function folderOf(project: string): string {
  return join(project, '.athena', 'tune')
}
