import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import type { PlanEvents } from '../src/index.ts'

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/guides/migrating-a-live-database.md', import.meta.url)),
  'utf8',
)
const blocks = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
const isAsked = (block: string) => block.startsWith('SELECT')
const changes = blocks.filter((block) => !isAsked(block))

onEachEngine('the guide to a live database', (engine) => {
  const db = freshDatabase(engine)

  /** Each block as the file that the page says it is. */
  function files(count: number): Record<string, string> {
    return Object.fromEntries(
      changes.slice(0, count).map((block, index) => {
        const lines = block.split('\n')
        const head = lines.filter((line) => line.startsWith('--!')).join('\n')
        const up = lines.filter((line) => !line.startsWith('--!')).join('\n')
        return [`202601010000${String(index).padStart(2, '0')}_block`, migration(up, '', head)]
      }),
    )
  }
  const run = (count: number, events: PlanEvents = {}) =>
    migrate(db().database, packagesOf({ shop: { migrations: files(count) } }), {}, events)
  const number = async (sql: string) => Number(Object.values((await query(db().database, sql))[0] ?? {})[0])
  const upTo = (text: string) => changes.findIndex((block) => block.includes(text)) + 1

  test('holds SQL that runs as it stands, block by block', { timeout: 240_000 }, async () => {
    expect(changes.length).toBeGreaterThan(14)
    const batches: number[] = []
    await run(upTo('price * 119'), { batched: ({ rows }) => batches.push(rows) })
    expect(batches).toEqual([5000, 10_000, 12_000])
    expect(await number('SELECT count(*) FROM shop.orders WHERE total = price * 119 / 100')).toBe(12_000)
    await run(upTo('SET NOT NULL'))
    expect(
      await number(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'shop.orders'::regclass AND attname = 'total' AND attnotnull",
      ),
    ).toBe(1)
    await run(upTo('SET amount = price'))
    expect(await number('SELECT count(*) FROM shop.orders WHERE amount IS DISTINCT FROM price')).toBe(0)
    await run(changes.length)
    expect(await number('SELECT count(*) FROM shop.orders')).toBe(0)
    expect(await number('SELECT count(*) FROM pg_constraint WHERE NOT convalidated')).toBe(0)
    expect(await number('SELECT count(*) FROM athena_migrations.migrations')).toBe(changes.length)
  })

  test('asks questions that have an answer', async () => {
    await run(1)
    const questions = blocks.filter(isAsked)
    expect(questions).toHaveLength(3)
    for (const question of questions) await query(db().database, question)
  })
})
