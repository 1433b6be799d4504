import { AthenaError, mayCreateExtension } from '@athena-pg/database'
import type pg from 'pg'
import type { MigrationPackage } from '../discover.ts'

interface ExtensionFacts {
  name: string
  installed: string | null
  available: string | null
  /** Whether this role may create it. */
  creatable: boolean
  database: string
  role: string
}

/** Major version from which every release is tested against. */
const oldestTested = 17

/**
 * Compares what packages require with what the server has, before anything is done.
 * @returns what a person should know, one sentence each
 * @throws AthenaError `postgres_too_old`, `extension_missing`, `extension_too_old`, `extension_not_permitted`
 */
export async function assertRequirements(
  client: pg.ClientBase,
  packages: readonly MigrationPackage[],
): Promise<string[]> {
  const wanted = packages.flatMap((pack) =>
    Object.entries(pack.requires.extensions ?? {}).map(([name, version]) => ({ pack, name, version })),
  )
  const { rows } = await client.query<ExtensionFacts & { version: number }>(
    `SELECT current_setting('server_version_num')::int AS version, current_database() AS database, current_user AS role,
            w.name, e.extversion AS installed, a.default_version AS available,
            ${mayCreateExtension('v.trusted')} AS creatable
       FROM unnest($1::text[]) AS w(name)
       LEFT JOIN pg_extension e ON e.extname = w.name
       LEFT JOIN pg_available_extensions a ON a.name = w.name
       LEFT JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version`,
    [wanted.length > 0 ? wanted.map(({ name }) => name) : ['plpgsql']],
  )
  const version = rows[0]?.version ?? 0
  for (const pack of packages) {
    const major = pack.requires.postgres
    if (major !== undefined && version < major * 10000) throw postgresTooOld(pack.name, major, version)
  }
  for (const { pack, name, version: minimum } of wanted) {
    const facts = rows.find((row) => row.name === name)
    if (facts !== undefined) assertExtension(pack.name, facts, minimum)
  }
  const major = Math.floor(version / 10000)
  return major < oldestTested ? [`PostgreSQL ${major} is supported but not tested; ${oldestTested} and 18 are`] : []
}

function assertExtension(packageName: string, facts: ExtensionFacts, minimum: string): void {
  const { name, installed, available, creatable, database, role } = facts
  if (installed === null && available === null) {
    throw new AthenaError({
      code: 'extension_missing',
      message: `the server does not have the extension "${name}"`,
      detail: `${packageName} needs ${name} ${minimum} or later.`,
      hint:
        name === 'vector'
          ? 'Install pgvector on the server (Debian: apt install postgresql-17-pgvector; Docker: the image pgvector/pgvector), then run this again.'
          : `Install ${name} on the server, then run this again.`,
    })
  }
  const version = installed ?? available ?? ''
  if (compareVersions(version, minimum) < 0) {
    const upgradable = installed !== null && available !== null && compareVersions(available, minimum) >= 0
    throw new AthenaError({
      code: 'extension_too_old',
      message: `the extension "${name}" is too old`,
      detail: `${installed === null ? 'Available' : 'Installed'} is ${version}; ${packageName} needs ${minimum} or later.`,
      hint: upgradable
        ? `Let its owner run: ALTER EXTENSION ${name} UPDATE;`
        : `Install a later ${name} on the server, then: ALTER EXTENSION ${name} UPDATE;`,
    })
  }
  if (installed === null && !creatable) {
    throw new AthenaError({
      code: 'extension_not_permitted',
      message: `role "${role}" may not create the extension "${name}"`,
      detail:
        'It is not there yet, and only a superuser (on a managed service: a member of its administrator role; for a trusted extension: a role with CREATE on the database) may create it.',
      hint: `Let an administrator run, in database "${database}": CREATE EXTENSION ${name}; GRANT CREATE ON DATABASE "${database}" TO "${role}";`,
    })
  }
}

/** Compares dotted numbers: 0.8.10 is later than 0.8.9. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const right = b.split('.').map((part) => Number.parseInt(part, 10) || 0)
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function postgresTooOld(packageName: string, major: number, version: number): AthenaError {
  return new AthenaError({
    code: 'postgres_too_old',
    message: `PostgreSQL ${Math.floor(version / 10000)} is too old`,
    detail: `${packageName} needs PostgreSQL ${major} or later.`,
    hint: 'Upgrade the server; 17 and 18 are tested.',
  })
}
