import { chownSync, existsSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { Setting } from '@athena-pg/policy'
import type pg from 'pg'
import type { FileSetting } from './live-setting.ts'
import { readFiles } from './read-settings.ts'
import { reload } from './reload.ts'
import { syncFolder, type UndoRecord, writeDurably } from './undo-record.ts'

/** The server shows this in pg_file_settings: so the file that was written is told from another of the same name. */
const mark = 'athena.tuned'

/** @returns the path with links followed: a link is not replaced by a file @throws AthenaError `folder_missing` */
export function includePath(given: string): string {
  if (existsSync(given)) {
    if (statSync(given).isFile() && basename(given) !== 'postgresql.auto.conf') return realpathSync(given)
    throw new AthenaError({
      code: 'file_not_ours',
      message: `--include-file: ${given} is ${statSync(given).isFile() ? 'the file of ALTER SYSTEM' : 'no file'}`,
      hint: 'Name a file of its own, in a folder that the configuration includes: conf.d/athena.conf',
      exit: 2,
    })
  }
  const folder = dirname(given)
  if (!existsSync(folder)) {
    throw new AthenaError({
      code: 'folder_missing',
      message: `--include-file: there is no folder ${folder}`,
      hint: 'Name a file in a folder on this machine that the configuration of the server includes: /etc/postgresql/17/main/conf.d/athena.conf',
      exit: 2,
    })
  }
  return join(realpathSync(folder), given.slice(folder === '/' ? 1 : folder.length + 1) || given)
}

/** @param lines that stay from the earlier file */
export function includeText(settings: readonly Setting[], stamp: string, lines: readonly string[]): string {
  return [
    '# Written by athena tune apply, which also takes it back: athena tune apply --rollback',
    `${mark} = '${stamp}'`,
    ...settings.map(({ name, value }) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
    ...lines,
    '',
  ].join('\n')
}

/**
 * A file of somebody else is not replaced: it may be the postgresql.conf itself, without which the server does not start.
 * @throws AthenaError `file_not_ours`
 */
export function assertOurFile(path: string, before: string | null): void {
  if (before === null || stampOf(before) !== undefined || namesIn(before).length === 0) return
  throw new AthenaError({
    code: 'file_not_ours',
    message: `${path} was not written by athena tune apply`,
    detail: 'It would be replaced as a whole, and what it says would be lost. Nothing was changed.',
    hint: `Name a file of its own, in a folder that the configuration includes: ${join(dirname(path), 'athena.conf')}`,
    exit: 2,
  })
}

/** Whether the server reads this very text already, but for the stamp. */
export function isWritten(before: string | null, after: string, files: readonly FileSetting[] | undefined): boolean {
  const stamp = before === null ? undefined : stampOf(before)
  const isRead = files?.some(({ name, setting }) => name === mark && setting === stamp) ?? false
  return stamp !== undefined && isRead && before?.replace(stamp, stampOf(after) ?? '') === after
}

/** Of settings that the server must keep, without which it would fall back to PostgreSQL's default. */
export function linesOf(text: string | null, names: readonly string[]): string[] {
  return text?.split('\n').filter((line) => namesIn(line).some((name) => names.includes(name))) ?? []
}

/** Settings that somebody added, or that are recommended no longer. */
export function namesLost(before: string | null, after: string): string[] {
  const kept = new Set(namesIn(after))
  return before === null ? [] : namesIn(before).filter((name) => !kept.has(name))
}

function stampOf(text: string): string | undefined {
  return /^athena\.tuned = '([^']*)'$/m.exec(text)?.[1]
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*([a-z_][\w.]*)/gim)].map(([, name = '']) => name.toLowerCase())
}

export function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** In one step; what was there is kept beside it. @throws AthenaError `file_unwritable` */
export function writeInclude({ path, before, after }: NonNullable<UndoRecord['file']>): void {
  try {
    if (before !== null) replace(`${path}.athena-before`, before, path)
    replace(path, after, path)
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unwritable',
      message: `${path} cannot be written`,
      detail: (cause as Error).message,
      hint: 'Run it as a user who may write there.',
      cause,
    })
  }
}

/** With mode and owner of the file that is there: the server runs as another user, and has to read it. */
function replace(path: string, text: string, like: string): void {
  const model = existsSync(like) ? statSync(like) : undefined
  writeDurably(path, text, model === undefined ? 0o644 : model.mode & 0o777)
  if (model === undefined || process.getuid?.() !== 0) return
  chownSync(path, model.uid, model.gid)
}

/** @throws AthenaError `changed_since` where somebody else has written it since, unless it is to be overwritten */
export async function restoreInclude(
  client: pg.ClientBase,
  { path, before, after }: NonNullable<UndoRecord['file']>,
  overwrite = false,
): Promise<void> {
  const present = readIfThere(path)
  if (present !== before) {
    if (present !== after && !overwrite) {
      throw new AthenaError({
        code: 'changed_since',
        message: `${path} was changed since`,
        detail: 'It is neither as athena tune apply wrote it nor as it was before.',
        hint: '--overwrite brings it back to what it was before all the same.',
      })
    }
    if (before === null) {
      rmSync(path, { force: true })
      syncFolder(dirname(path))
    } else replace(path, before, path)
  }
  rmSync(`${path}.athena-before`, { force: true })
  await reload(client)
}

/** @throws AthenaError `file_not_included` */
export async function assertIncluded(client: pg.ClientBase, path: string, stamp: string): Promise<string> {
  const files = (await readFiles(client)) ?? []
  const found = files.findLast(({ name, setting }) => name === mark && setting === stamp)
  if (found !== undefined) return found.file
  const { rows } = await client.query<{ file: string }>("SELECT current_setting('config_file') AS file")
  throw new AthenaError({
    code: 'file_not_included',
    message: `the server does not read ${path}`,
    detail:
      `No line of it is in pg_file_settings. ${existsSync(rows[0]?.file ?? '') ? '' : 'The server may be on another machine, or in a container that sees other folders.'}`.trim(),
    hint: `Add a line at the end of ${rows[0]?.file}, with the path as the server sees it: include_if_exists '${path}'`,
  })
}
