import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
onEachEngine('x', (engine) => {
  const db = freshDatabase(engine)
  test('function variable', async () => {
    const text = 'CREATE OR REPLACE FUNCTION shop.answer (n integer DEFAULT :size) RETURNS integer LANGUAGE sql AS $$ SELECT n $$;'
    const p = packagesOf({ shop: { athena: { variables: { size: { type: 'integer', default: 5 } } }, migrations: { '20260101000000_a': migration('CREATE SCHEMA shop;') }, functions: { answer: text } } })
    await migrate(db().database, p)
    console.log(await migrate(db().database, p, { variables: { size: '7' } }).catch((e) => e.toJSON()))
    console.log(await query(db().database, 'SELECT shop.answer()'))
  })
  test('cic and long writer, default lock timeout', async () => {
    const { database } = db()
    const one = { '20260101000000_a': migration('CREATE SCHEMA shop; CREATE TABLE shop.t AS SELECT n, md5(n::text) AS m FROM generate_series(1, 300000) n;') }
    await migrate(database, packagesOf({ shop: { migrations: one } }))
    const w = await database.open('w')
    await w.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM shop.t LIMIT 1')
    let n = 0
    setTimeout(() => void w.query('COMMIT'), 6000)
    const t = Date.now()
    await migrate(database, packagesOf({ shop: { migrations: { ...one, '20260102000000_i': migration('CREATE INDEX CONCURRENTLY i ON shop.t (m);', '', '--! no-transaction') } } }), {}, { retry: () => { n += 1 } })
    console.log('retries', n, Date.now() - t)
    await w.end()
  })
})
