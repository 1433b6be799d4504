import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { onEachEngine, type TestDatabase } from '../../../test/engines.ts'
import { migrate, query } from '../../../test/migrating.ts'
import { realPackages } from '../../../test/real-packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { adoptStore, installStore } from './adopting.ts'

onEachEngine('an adoption, after its store was made anew', (engine) => {
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  let db: TestDatabase
  beforeAll(async () => {
    db = await engine.create()
    await installStore(db.database)
    await query(
      db.database,
      "CREATE SCHEMA old; CREATE TABLE old.projects (id int PRIMARY KEY, name text); INSERT INTO old.projects VALUES (7, 'shop')",
    )
  })
  afterAll(() => db.drop())

  test('is refused, since what its ledger says is here is not; forgotten, it begins from the first row', async () => {
    await adoptStore(db.database)
    await adoptStore(db.database)
    await migrate(db.database, realPackages(), { direction: 'down', to: 'zero' })
    await installStore(db.database)
    expect(await refusal(() => adoptStore(db.database))).toMatchObject({
      code: 'adoption_of_another_store',
      hint: expect.stringContaining('athena adopt --finish'),
    })
    await query(db.database, 'DROP SCHEMA athena_adoption CASCADE')
    const { tables } = await adoptStore(db.database)
    expect(tables).toMatchObject([{ source: 'projects', targetRows: 1, same: true }])
  })
})
