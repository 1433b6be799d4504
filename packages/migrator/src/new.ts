import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'

/**
 * Writes an empty migration, named after the present second (UTC); a second one in the same second gets the next.
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
  for (let time = now.getTime(); ; time += 1000) {
    const stamp = new Date(time).toISOString().replaceAll(/\D/g, '').slice(0, 14)
    const path = join(resolve(folder), `${stamp}_${object}.sql`)
    if (existsSync(path)) continue
    writeFileSync(path, template, { flag: 'wx' })
    return path
  }
}

const template = `-- Why, which lock it takes, and how long it took on what.

-- Up Migration

-- Down Migration
`
