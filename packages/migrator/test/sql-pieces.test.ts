import { identifier, literal } from '@athena-pg/database'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elementsOf, masked, statementsOf } from '../src/catalogue/sql-pieces.ts'
import { columnShape } from '../src/drift/column-shape.ts'

const text = fc.string({ unit: fc.constantFrom(...'ab;,()[]\'"\\ \n$-/*'.split('')), maxLength: 12 })
const quoted = text.map((value) => literal(value).trimStart())
const named = text.filter((value) => value !== '').map(identifier)
const called = fc.tuple(named, quoted).map(([name, value]) => `f(${name}, ARRAY[${value}, 1])`)
const word = fc.oneof(quoted, named, called, fc.constantFrom('a', '+', "'x'::text"))
const expression = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))

test('statements are cut where they end, whatever is quoted in them', () => {
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 5 }), (expressions) => {
      const statements = expressions.map((each, index) => `SELECT ${each};${index % 2 === 0 ? ' -- INVALID' : ''}`)
      expect(statementsOf(statements.join('\n'))).toEqual(statements)
    }),
  )
})

test('elements are cut at their own commas only', () => {
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 5 }), (elements) => {
      const create = `CREATE TABLE t (\n  ${elements.join(',\n  ')}\n) WITH (fillfactor=80);`
      const found = elementsOf(create, create.indexOf('('))
      expect(found.elements).toEqual(elements)
      expect(create.slice(found.end)).toBe(' WITH (fillfactor=80);')
    }),
  )
})

test('what is masked stays as long as it was', () => {
  fc.assert(fc.property(fc.oneof(text, expression), (sql) => masked(sql).length === sql.length))
})

test('a column comes apart into what it was made of', () => {
  const type = fc.constantFrom(
    'text',
    'timestamp with time zone',
    'numeric(10,2)',
    'text[]',
    'public."odd NOT NULL"',
    'double precision',
  )
  const collation = fc.constantFrom(undefined, '"C"', 'pg_catalog."de-x-icu"')
  const storage = fc.constantFrom(undefined, 'PLAIN', 'EXTERNAL')
  const value = fc.oneof(
    fc.constant({}),
    expression.map((preset) => ({ preset })),
    expression.map((inner) => ({ generated: `(${inner}) STORED` })),
    fc.constantFrom({ identity: 'ALWAYS' as const }, { identity: 'BY DEFAULT' as const }),
  )
  fc.assert(
    fc.property(named, type, storage, collation, fc.boolean(), value, (name, of, stored, collated, notNull, more) => {
      const { preset, generated, identity } = more as { preset?: string; generated?: string; identity?: string }
      const definition = [
        `${name} ${of}`,
        stored && ` STORAGE ${stored}`,
        collated && ` COLLATE ${collated}`,
        notNull && ' NOT NULL',
        preset && ` DEFAULT ${preset}`,
        generated && ` GENERATED ALWAYS AS ${generated}`,
        identity && ` GENERATED ${identity} AS IDENTITY`,
      ]
      expect(columnShape(definition.filter(Boolean).join(''))).toEqual({
        type: of,
        notNull,
        ...(stored && { storage: stored }),
        ...(collated && { collation: collated }),
        ...more,
      })
    }),
  )
})
