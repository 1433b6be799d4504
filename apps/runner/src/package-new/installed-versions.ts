import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Versions } from './package-json.ts'

const require = createRequire(import.meta.url)

/** Of the packages that this command itself runs on. */
export function installedVersions(): Versions {
  return {
    schema: versionIn(require.resolve('@athena-pg/schema/package.json')),
    database: versionIn(require.resolve('@athena-pg/database/package.json')),
    migrator: versionIn(require.resolve('@athena-pg/migrator/package.json')),
    athena: versionIn(require.resolve('athena-pg/package.json')),
  }
}

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
