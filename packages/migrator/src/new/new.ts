import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'

/**
 * Writes an empty migration, named after the present second (UTC), or after the second that follows the folder's last one:
 * a stamp is unique, and within a package order is strict.
 * @param folder where migrations live; made where it is missing
 * @param name in any case and with any separators: "add-memory-tags" and "Add memory tags" give add_memory_tags
 * @returns the path of the file
 * @throws AthenaError `malformed_file_name`
 */
export function newMigration(folder: string, name: string, now: Date = new Date()): string {
  const object = name
    .trim()
    .toLowerCase()
    .replace(/\.sql$/, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  if (object === '') {
    throw new AthenaError({
      code: 'malformed_file_name',
      message: `a migration cannot be called "${name}"`,
      hint: 'Say what it does, as verb and object: athena migrate new add-memory-tags',
      exit: 2,
    })
  }
  mkdirSync(folder, { recursive: true })
  const stamp = stampOf(now)
  const last = readdirSync(folder)
    .map((base) => /^\d{14}(?=_.*\.sql$)/.exec(base)?.[0] ?? '')
    .sort()
    .at(-1)
  const path = join(resolve(folder), `${last !== undefined && last >= stamp ? after(last) : stamp}_${object}.sql`)
  writeFileSync(path, template, { flag: 'wx' })
  return path
}

function stampOf(time: Date): string {
  return time.toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

/** One second later. */
function after(stamp: string): string {
  const iso = stamp.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z')
  return stampOf(new Date(Date.parse(iso) + 1000))
}

const template = `-- Why, which lock it takes, and how long it took on what.

-- Up Migration

-- Down Migration
`
