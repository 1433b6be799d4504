import { describe, expect, test } from 'vitest'
import type { Migrated } from './migrated.ts'
import { fullProject, insert, project, type Row, refused } from './rows.ts'

interface ForeignKey {
  name: string
  from: string
  to: string
  /** Referencing columns, project_id first. */
  columns: string[]
  referenced: string[]
}

const foreignKeys = `
  SELECT k.conname AS name, f.relname AS from, t.relname AS to,
         ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (n, at) JOIN pg_attribute ON attrelid = f.oid AND attnum = n ORDER BY at) AS columns,
         ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (n, at) JOIN pg_attribute ON attrelid = t.oid AND attnum = n ORDER BY at) AS referenced
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
   WHERE k.contype = 'f' AND k.connamespace = 'athena'::regnamespace AND k.conparentid = 0 ORDER BY 1`

export function references(db: Migrated): void {
  describe('references', () => {
    const all = async (): Promise<ForeignKey[]> => (await db.client().query<ForeignKey>(foreignKeys)).rows
    const within = (keys: ForeignKey[]) => keys.filter(({ columns }) => columns.length === 2)

    /** What changing one reference of each foreign key to the row that `other` picks is answered with. */
    async function repointed(other: (table: string) => Row | undefined, mine: Record<string, Row>) {
      const answers: Record<string, string> = {}
      for (const { name, from, to, columns, referenced } of within(await all())) {
        const [projectColumn, column] = columns
        const row = mine[from] as Row
        const sql = `UPDATE athena.${from} SET ${column} = $1 WHERE ${projectColumn} = $2 AND ${column} = $3`
        const values = [other(to)?.[referenced[1] as string], row.project_id, row[column as string]]
        const answer = await refused(db.client(), async () => {
          const { rowCount } = await db.client().query(sql, values)
          if (rowCount === 0) throw new Error('no row to change')
        })
        answers[name] = answer === undefined ? 'let through' : `${answer.code} ${answer.constraint}`
      }
      return answers
    }

    test('to a row of another project are refused, each by its own foreign key', async () => {
      const mine = await fullProject(db.client(), 'mine')
      const theirs = await fullProject(db.client(), 'theirs')
      const expected = within(await all()).map(({ name }) => [name, `23503 ${name}`])
      expect(expected.length).toBeGreaterThan(20)
      expect(await repointed((table) => theirs[table], mine)).toEqual(Object.fromEntries(expected))
    })

    test('to another row of the same project pass', async () => {
      const { client } = db
      const mine = await fullProject(client(), 'mine')
      const project_id = mine.projects?.id
      const more: Record<string, Row> = {}
      for (const table of ['consolidations', 'memories', 'plans', 'tasks', 'decisions']) {
        more[table] = await insert(client(), table, { project_id })
      }
      more.code_symbols = await insert(client(), 'code_symbols', { project_id, name: 'Store.close' })
      const expected = within(await all()).map(({ name }) => [name, 'let through'])
      expect(await repointed((table) => more[table], mine)).toEqual(Object.fromEntries(expected))
    })

    test('to no project are refused, for every table', async () => {
      const keys = (await all()).filter(({ columns }) => columns.length === 1)
      expect(keys.map(({ from }) => from)).toEqual([
        'code_symbols',
        'consolidations',
        'decisions',
        'episodic_events',
        'memories',
        'plans',
        'scenarios',
        'search_settings',
        'tasks',
      ])
      for (const { name, from } of keys) {
        const answer = await refused(db.client(), () => insert(db.client(), from, { project_id: 0 }))
        expect(answer).toMatchObject({ code: '23503', constraint: name })
      }
    })

    test('every table of a project reaches it: directly, or by a row that does', async () => {
      const keys = await all()
      const mine = await fullProject(db.client(), 'mine')
      for (const [table, row] of Object.entries(mine).filter(([name]) => name !== 'projects')) {
        expect(keys.some(({ from, columns }) => from === table && columns[0] === 'project_id')).toBe(true)
        expect(row.project_id).toBe(mine.projects?.id)
      }
    })

    test('ids are the database’s own: one given is refused, unless an import insists', async () => {
      const project_id = await project(db.client(), 'imported')
      for (const table of [
        'memories',
        'episodic_events',
        'consolidations',
        'plans',
        'tasks',
        'decisions',
        'scenarios',
        'code_symbols',
      ]) {
        const answer = await refused(db.client(), () => insert(db.client(), table, { project_id, id: 7 }))
        expect(answer?.code, table).toBe('428C9')
      }
      const { rows } = await db.client().query(
        `INSERT INTO athena.memories (project_id, id, memory_type, content) OVERRIDING SYSTEM VALUE
       VALUES ($1, 9223372036854775807, 'fact', 'The highest id there is.') RETURNING id`,
        [project_id],
      )
      expect(rows).toEqual([{ id: '9223372036854775807' }])
    })
  })
}
