import { expect, test } from 'vitest'
import { onEachEngine } from '../../../../test/engines.ts'
import { migrated } from '../../../schema/test/migrated.ts'
import { render } from '../../src/outputs/index.ts'
import { recommend } from '../../src/recommend.ts'
import { machine } from '../machine.ts'

onEachEngine('the parameters of tables', (engine) => {
  const { client } = migrated(engine, { packages: ['schema'] })

  test.each([
    ['rows known', 1_000_000],
    ['rows unknown', undefined],
  ])('are taken by the installed store, on every partition: %s', async (_, rows) => {
    const recommendation = recommend(machine({ workload: rows === undefined ? {} : { rows } }))
    await client().query(render(recommendation, 'tables')[0]?.content ?? '')
    for (const { table, partitioned, parameters } of recommendation.tables) {
      const { rows: found } = await client().query<{ options: string[] }>(
        `SELECT c.reloptions AS options FROM pg_class AS c
          WHERE c.oid IN (SELECT relid FROM pg_partition_tree('athena.${table}') WHERE isleaf)
             OR c.oid = 'athena.${table}'::regclass AND NOT ${partitioned}`,
      )
      expect(found.length).toBeGreaterThan(partitioned ? 7 : 0)
      for (const { options } of found) {
        expect([...options].sort()).toEqual(parameters.map(({ name, value }) => `${name}=${value}`).sort())
      }
    }
  })

  test('are refused by PostgreSQL on the partitioned table itself, which is why partitions are gone through', async () => {
    await expect(client().query('ALTER TABLE athena.memories SET (autovacuum_vacuum_threshold = 500)')).rejects.toThrow(
      /partitioned table/,
    )
  })
})
