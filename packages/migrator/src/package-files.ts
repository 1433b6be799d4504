import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { checksum, normalize } from './source.ts'

/** A file of a package, read once; sections and statements are looked at only when it is pending. */
export interface SqlFile {
  /** File name without `.sql`. */
  name: string
  /** Path relative to the working folder, for messages. */
  path: string
  text: string
  checksum: string
}

export interface MigrationFile extends SqlFile {
  package: string
  /** The 14 digits YYYYMMDDHHMMSS that the name begins with. */
  stamp: string
  /** `<file>@<package>` without `/`: the name in the ledger. */
  id: string
}

export interface FunctionFile extends SqlFile {
  package: string
}

const fileName = /^(\d{14})_([a-z0-9_]+)\.sql$/

export function readMigrations(folder: string, under: string | undefined, name: string): MigrationFile[] {
  const files = sqlFiles(folder, under).map((path): MigrationFile => {
    const base = path.slice(path.lastIndexOf('/') + 1)
    const stamp = fileName.exec(base)?.[1]
    if (stamp === undefined || Number.isNaN(Date.parse(isoOf(stamp)))) throw malformedName(path)
    const file = readSql(path)
    return { ...file, package: name, stamp, id: ledgerName(file.name, name) }
  })
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const [index, file] of files.entries()) {
    const next = files[index + 1]
    if (next?.stamp === file.stamp) throw duplicateStamp(name, file, next)
  }
  return files
}

function isoOf(stamp: string): string {
  return stamp.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z')
}

function ledgerName(file: string, packageName: string): string {
  // The name is put into SQL text by node-pg-migrate, unquoted: npm names of today need no other characters.
  return `${file}@${packageName
    .replace(/^@/, '')
    .replace('/', '+')
    .replaceAll(/[^\w.+~-]/g, '_')}`
}

export function readFunctions(folder: string, under: string | undefined, name: string): FunctionFile[] {
  return sqlFiles(folder, under).map((path) => ({ ...readSql(path), package: name }))
}

/** Other files, a README for one, are none of our business. */
function sqlFiles(folder: string, under: string | undefined): string[] {
  if (under === undefined) return []
  const inside = resolve(folder, under)
  if (!existsSync(inside)) throw folderMissing(inside)
  const names = readdirSync(inside).filter((base) => base.endsWith('.sql') && !base.startsWith('.'))
  return names.sort().map((base) => `${inside}/${base}`)
}

function readSql(path: string): SqlFile {
  const text = normalize(readFileSync(path, 'utf8'))
  const base = path.slice(path.lastIndexOf('/') + 1)
  return { name: base.slice(0, -'.sql'.length), path: shown(path), text, checksum: checksum(text) }
}

export function shown(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('../../..') ? path : near
}

function malformedName(path: string): AthenaError {
  return new AthenaError({
    code: 'malformed_file_name',
    message: `migration file ${shown(path)} is not named as a migration`,
    detail:
      'A migration is named YYYYMMDDHHMMSS_verb_object.sql: a valid UTC time, then lower-case letters, digits and _.',
    hint: 'Let `athena migrate new` name it, or move it out of the folder.',
  })
}

function duplicateStamp(name: string, one: MigrationFile, other: MigrationFile): AthenaError {
  return new AthenaError({
    code: 'duplicate_stamp',
    message: `two migrations of ${name} carry the stamp ${one.stamp}`,
    detail: `${one.path}\n${other.path}`,
    hint: 'Give the one that is not released yet a later stamp.',
  })
}

function folderMissing(folder: string): AthenaError {
  return new AthenaError({
    code: 'folder_missing',
    message: `the folder ${shown(folder)} does not exist`,
    detail: 'The "athena" field of the package.json beside it names it.',
    hint: 'Create it, or correct the package.json.',
  })
}
