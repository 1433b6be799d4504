import { expect, test } from 'vitest'
import { onEachEngine } from '../../../test/engines.ts'
import { freshDatabase } from '../../../test/fresh-database.ts'
import { everything, migrate, packagesOf, query } from '../../../test/migrating.ts'
import { migration } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'

const base = { migrations: { '20260101000000_create_shop': migration('CREATE SCHEMA shop;', 'DROP SCHEMA shop;') } }
const answer = (result: string, args = '', type = 'integer', more = '') =>
  `CREATE OR REPLACE FUNCTION shop.answer (${args}) RETURNS ${type} LANGUAGE sql STABLE AS $$ SELECT ${result} $$;${more}`
const counting =
  'CREATE OR REPLACE FUNCTION shop.counting () RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 1::bigint; END;'

onEachEngine('functions', (engine) => {
  const db = freshDatabase(engine)
  const packages = (functions: Record<string, string>) =>
    packagesOf({ base, tools: { dependencies: ['base'], functions } })
  const apply = async (functions: Record<string, string>) =>
    (await migrate(db().database, packages(functions))).map(({ id }) => id)
  const signatures = async () =>
    (
      await query<{ name: string }>(
        db().database,
        "SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = to_regnamespace('shop') ORDER BY 1",
      )
    ).map(({ name }) => name)

  test('that fail are told with file, line and column, and leave what was there', async () => {
    await apply({ answer: answer('1') })
    const before = await everything(db().database)
    const error = await refusal(() => apply({ answer: `-- why\n${answer('1', 'a integer')}\nSELECT '😀', missing;` }))
    expect(error.code).toBe('function_failed')
    expect(error.message).toContain('tools/answer')
    expect(error.detail).toContain('functions/answer.sql:3:14: column "missing" does not exist')
    expect(await everything(db().database)).toBe(before)
  })

  test.each([
    ['another function than its name says', answer('1').replace('answer', 'reply'), 'It creates shop.reply'],
    ['two functions', answer('1') + counting, 'It creates shop.answer, shop.counting'],
    ['none', 'SELECT 1;', 'It creates none'],
    ['one without schema', answer('1').replace('shop.', ''), 'It creates answer'],
    ['nothing', '', 'It creates none'],
  ])('whose file creates %s are refused', async (_, text, detail) => {
    const error = await refusal(() => apply({ answer: text }))
    expect(error.code).toBe('malformed_function_file')
    expect(error.message).toContain('functions/answer.sql')
    expect(error.detail).toContain(detail)
    expect(await signatures()).toEqual([])
  })
})
