import { render, type TableAdvice } from '@athena-pg/policy'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../../test/engines.ts'
import { migrated } from '../../../schema/test/migrated.ts'
import { GB } from '../../src/units.ts'
import { recommended } from './any-facts.ts'

const advice: TableAdvice[] = [
  {
    table: 'memories',
    partitioned: true,
    parameters: [
      { name: 'autovacuum_vacuum_scale_factor', value: '0.02', reason: 'Dead rows cost a search its candidates.' },
      { name: 'autovacuum_vacuum_cost_limit', value: '2000', reason: 'Vacuum of an HNSW index is slow.' },
    ],
  },
  {
    table: 'athena.projects',
    partitioned: false,
    parameters: [
      { name: 'autovacuum_enabled', value: 'true', reason: 'A plain table.' },
      { name: 'fillfactor', value: '90', reason: 'Fewer pages.' },
    ],
  },
  {
    table: 'athena.not_installed',
    partitioned: false,
    parameters: [{ name: 'fillfactor', value: '90', reason: 'An optional package.' }],
  },
]

function sql(tables: readonly TableAdvice[]): string {
  return render({ ...recommended(), tables }, 'tables')[0]?.content ?? ''
}

onEachEngine('storage parameters', (engine) => {
  const { client } = migrated(engine, { packages: ['schema'] })

  /** Relations that have parameters, with them. */
  async function options(): Promise<Record<string, string[]>> {
    const { rows } = await client().query(
      `SELECT oid::regclass::text AS name, reloptions FROM pg_class
       WHERE relnamespace = 'athena'::regnamespace AND relkind IN ('r', 'p') AND reloptions IS NOT NULL`,
    )
    return Object.fromEntries(rows.map(({ name, reloptions }) => [name, reloptions.toSorted()]))
  }
  async function leaves(table: string): Promise<string[]> {
    const { rows } = await client().query(
      'SELECT relid::regclass::text AS name FROM pg_partition_tree($1) WHERE isleaf',
      [table],
    )
    return rows.map(({ name }) => name)
  }

  test('reach every partition and plain tables, and stay the same when set again', async () => {
    const before = await options()
    await client().query(sql(advice))
    const after = await options()
    const partitions = await leaves('athena.memories')
    expect(partitions.length).toBeGreaterThan(1)
    for (const name of partitions) {
      expect(after[name]).toEqual(
        expect.arrayContaining(['autovacuum_vacuum_cost_limit=2000', 'autovacuum_vacuum_scale_factor=0.02']),
      )
    }
    expect(after['athena.projects']).toEqual(expect.arrayContaining(['fillfactor=90']))
    expect(Object.keys(after).filter((name) => before[name] === undefined && !partitions.includes(name))).toEqual(
      before['athena.projects'] === undefined ? ['athena.projects'] : [],
    )
    await client().query(sql(advice))
    expect(await options()).toEqual(after)
  })

  test('that are set already are not touched again', async () => {
    await client().query(sql(advice))
    const versions = async () => (await client().query('SELECT oid, xmin::text FROM pg_class ORDER BY oid')).rows
    const before = await versions()
    await client().query(sql(advice))
    expect(await versions()).toEqual(before)
  })

  test('go by the statements that the file has for that, but for fillfactor, which a migration may have set', async () => {
    const before = await options()
    const text = sql(advice)
    await client().query(text)
    const undo = text
      .slice(text.indexOf('-- To undo:'))
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^--/, ''))
    await client().query(undo.join('\n'))
    expect(await options()).toEqual({ ...before, 'athena.projects': ['fillfactor=90'] })
  })

  test('of nothing are no statement', async () => {
    await client().query(sql([]))
    expect(sql([])).toContain('-- Nothing to set.')
  })

  test('of the building session are taken', async () => {
    // The embedded database is built for 32 bits, and takes less than 2 GB.
    const small = recommended({ memory: 4 * GB, workload: { connections: 40 } })
    await client().query(render(small, 'index-build')[0]?.content ?? '')
    const { build } = small.vectors
    const { rows } = await client().query(
      `SELECT pg_size_bytes(current_setting('maintenance_work_mem')) AS memory, current_setting('max_parallel_maintenance_workers') AS workers`,
    )
    expect(rows).toEqual([{ memory: String(build.maintenanceWorkMem), workers: String(build.parallelWorkers) }])
  })
})
