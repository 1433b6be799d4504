import { expect, test } from 'vitest'
import { onEachEngine } from '../../../../test/engines.ts'
import { migrated } from '../../../schema/test/migrated.ts'
import { recommend } from '../../src/recommend.ts'
import { tablesSql } from '../../src/tables/tables-sql.ts'
import { machine } from '../machine.ts'

onEachEngine('the parameters of tables', (engine) => {
  const { client } = migrated(engine, { packages: ['schema'] })

  test.each([
    ['rows known', 1_000_000],
    ['rows unknown', undefined],
  ])('are taken by the installed store, on every partition: %s', async (_, rows) => {
    const { tables } = recommend(machine({ workload: rows === undefined ? {} : { rows } }))
    await client().query(tablesSql(tables))
    for (const { table, partitioned, parameters } of tables) {
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

  test('may be set again', async () => {
    const sql = tablesSql(recommend(machine()).tables)
    await client().query(sql)
    await client().query(sql)
  })

  test('are refused by PostgreSQL on the partitioned table itself, which is why partitions are gone through', async () => {
    await expect(client().query('ALTER TABLE athena.memories SET (autovacuum_vacuum_threshold = 500)')).rejects.toThrow(
      /partitioned table/,
    )
  })
})
