import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { OutputFile } from '@athena-pg/policy'
import type { Context } from '../context.ts'

/** Every output in a form that has comments says who wrote it. */
const mark = 'athena tune'
/** Holds the secrets of roles once somebody filled it in: never overwritten. */
const filledIn = 'userlist.txt'

/**
 * Writes the files into the folder, which is made where it is not there.
 * @returns paths of what was written, as the person would type them; a userlist.txt that is there already is kept
 * @throws AthenaError foreign_file; nothing is written then. file_unwritable, with the reason of the operating system
 */
export function writeFiles(
  { cwd, options }: Pick<Context, 'cwd'> & { readonly options: { readonly force: boolean | undefined } },
  folder: string,
  files: readonly OutputFile[],
): string[] {
  const targets = files
    .map(({ name, content }) => ({ path: join(resolve(cwd, folder), name), content }))
    .filter(({ path }) => basename(path) !== filledIn || !existsSync(path))
  const foreign = options.force
    ? []
    : targets.filter(({ path, content }) => writable(path, () => isForeign(path, content)))
  if (foreign.length > 0) {
    throw new AthenaError({
      code: 'foreign_file',
      message: 'a file that athena did not write would be overwritten',
      detail: foreign.map(({ path }) => relative(cwd, path)).join('\n'),
      hint: 'Name another folder, or overwrite it: --force. Nothing was written.',
    })
  }
  for (const { path, content } of targets) {
    writable(path, () => {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    })
  }
  return targets.map(({ path }) => relative(cwd, path))
}

/** A file where the folder should be, a folder where the file should be, no right to it: none of them is a fault of ours. */
function writable<T>(path: string, attempt: () => T): T {
  try {
    return attempt()
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unwritable',
      message: `the files cannot be written into ${dirname(path)}`,
      detail: (cause as Error).message,
      hint: 'Name another folder: --write ./conf',
      cause,
    })
  }
}

function isForeign(path: string, content: string): boolean {
  if (!existsSync(path)) return false
  const present = readFileSync(path, 'utf8')
  if (present === content || present === '' || present.includes(mark)) return false
  // JSON and flags have no comments; ours begin alike.
  return content.includes(mark) || present.slice(0, 12) !== content.slice(0, 12)
}
