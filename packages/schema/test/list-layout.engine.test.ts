import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { bounds } from './first-partitions.ts'
import { migrated } from './migrated.ts'
import { insert, project } from './rows.ts'

onEachEngine('the first partitions with project_layout list', (engine) => {
  const db = migrated(engine, {
    packages: ['schema'],
    variables: { project_layout: 'list', embedding_dimensions: '4' },
  })
  const ask = async (sql: string, values: unknown[] = []) => (await db.client().query(sql, values)).rows

  test('are one DEFAULT for all projects, and one for a project that is given its own', async () => {
    expect(await ask(bounds, ['athena.memories'])).toEqual([{ name: 'memories_rest', bounds: 'DEFAULT' }])
    const [small, large] = [await project(db.client(), 'small'), await project(db.client(), 'large')]
    await ask(`CREATE TABLE athena.memories_large PARTITION OF athena.memories FOR VALUES IN (${large})`)
    const homes = new Map<string, string>()
    for (const project_id of [small, large]) {
      const { id } = await insert(db.client(), 'memories', { project_id, embedding: '[1,2,3,4]' })
      const [row] = await ask('SELECT tableoid::regclass::text AS home FROM athena.memories WHERE id = $1', [id])
      homes.set(project_id, row.home)
    }
    expect(Object.fromEntries(homes)).toEqual({ [small]: 'athena.memories_rest', [large]: 'athena.memories_large' })
  })
})
