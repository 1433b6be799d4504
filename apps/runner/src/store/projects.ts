import { AthenaError } from '@athena-pg/database'
import type pg from 'pg'
import { didYouMean } from '../command-line/did-you-mean.ts'

/** Ids are strings: on a cluster they pass 2^53. */
export interface Project {
  id: string
  name: string
}

/** @throws AthenaError project_missing */
export async function findProject(client: pg.ClientBase, name: string): Promise<Project> {
  const { rows } = await client.query<Project>('SELECT id::text, name FROM athena.projects WHERE name = $1', [name])
  if (rows[0]) return rows[0]
  const known = await client.query<{ name: string }>('SELECT name FROM athena.projects ORDER BY name LIMIT 1000')
  const names = known.rows.map((row) => row.name)
  throw new AthenaError({
    code: 'project_missing',
    message: `there is no project "${name}"`,
    detail: names.length === 0 ? 'There is none yet.' : `There are: ${shortened(names)}.`,
    hint: (await didYouMean(name, names)) ?? `athena remember FILE --project ${name} creates it.`,
  })
}

/** Finds the project, or creates it; two writers that create it at once get the same one. */
export async function findOrCreateProject(client: pg.ClientBase, name: string): Promise<Project> {
  const find = 'SELECT id::text, name FROM athena.projects WHERE name = $1'
  const found = await client.query<Project>(find, [name])
  if (found.rows[0]) return found.rows[0]
  await client.query('INSERT INTO athena.projects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING', [name])
  const { rows } = await client.query<Project>(find, [name])
  return rows[0] as Project
}

function shortened(names: readonly string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`
}
