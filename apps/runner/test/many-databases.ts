import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atTheGate } from '../../../packages/migrator/test/gate.ts'
import type { Engine, TestDatabase } from '../../../test/engines.ts'
import { query } from '../../../test/migrating.ts'
import { installed, migration, type PackageSource, temporaryFolder } from '../../../test/packages.ts'

export interface Target {
  name: string
  url: string
  [member: string]: unknown
}

export const shop: PackageSource = {
  migrations: {
    '20260101000000_create': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;'),
    '20260102000000_create_orders': migration('CREATE TABLE shop.orders (id int);', 'DROP TABLE shop.orders;'),
  },
  functions: { one: 'CREATE OR REPLACE FUNCTION shop.one () RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' },
}

/** The same, but for a migration between the two at which a run waits until the spec lets it go on. */
export const gated: PackageSource = {
  ...shop,
  migrations: { ...shop.migrations, '20260101120000_wait': migration(atTheGate) },
}

/** A project folder with this package, and the targets in targets.json. */
export function projectOf(source: PackageSource, targets: readonly Target[]): string {
  const cwd = installed({ shop: source }, temporaryFolder())
  writeFileSync(join(cwd, 'athena.config.json'), '{"packages": ["shop"]}')
  writeFileSync(join(cwd, 'targets.json'), JSON.stringify(targets, null, 2))
  return cwd
}

export function createMany(engine: Engine, count: number): Promise<TestDatabase[]> {
  return Promise.all(Array.from({ length: count }, () => engine.create()))
}

/** Targets by the names t1, t2, … */
export function targetsOf(databases: readonly TestDatabase[]): Target[] {
  return databases.map(({ url = '' }, index) => ({ name: `t${index + 1}`, url }))
}

/** Names of the databases among these on which a migration run has a session. */
export async function busyAmong(databases: readonly TestDatabase[]): Promise<string[]> {
  const names = databases.map(({ url = '' }) => new URL(url).pathname.slice(1))
  const rows = await query<{ name: string }>(
    (databases[0] as TestDatabase).database,
    `SELECT DISTINCT datname AS name FROM pg_stat_activity WHERE datname = ANY ($1) AND application_name LIKE 'athena migrate%' ORDER BY 1`,
    [names],
  )
  return rows.map(({ name }) => name)
}

/** Whether anything of the runner or of the package is in the database. */
export async function isUntouched({ database }: TestDatabase): Promise<boolean> {
  const rows = await query(database, "SELECT FROM pg_namespace WHERE nspname IN ('athena_migrations', 'shop')")
  return rows.length === 0
}
