import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conversions } from '../src/adopt/mapping.ts'
import { formFaults } from '../src/adopt/mapping-form.ts'
import { ourTables } from '../src/adopt/our-tables.ts'

const schema = JSON.parse(readFileSync(new URL('../adoption-mapping.schema.json', import.meta.url), 'utf8'))
const isMapping = new Ajv({ allErrors: true }).compile(schema)

describe('the published JSON Schema of a mapping', () => {
  test('names all our tables and all conversions', () => {
    expect(schema.definitions.table.properties.to.enum.toSorted()).toEqual(Object.keys(ourTables).toSorted())
    expect(schema.definitions.column.properties.as.enum).toEqual(conversions)
  })

  test('the mapping of the guide is one, and without faults', () => {
    const guide = readFileSync(new URL('../../../docs/guides/adopting-a-store.md', import.meta.url), 'utf8')
    const examples = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text ?? ''))
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(isMapping(example), JSON.stringify(isMapping.errors)).toBe(true)
      expect(formFaults(example)).toEqual([])
    }
  })

  test('what it accepts has no fault of form', () => {
    const text = fc.constantFrom('content', 'a', '?', '')
    const rule = fc.record(
      {
        to: text,
        as: fc.constantFrom(...conversions, 'other'),
        words: fc.constantFrom({}, { a: 'b' }, { a: 1 }),
        from: fc.constantFrom([0, 5], [1, 1], [1]),
        key: text,
        default: fc.constantFrom('x', 1, false, null, ''),
        direction: fc.constantFrom('from', 'up'),
        odd: text,
      },
      { requiredKeys: [] },
    )
    const mapping = fc.record(
      {
        schema: text,
        tables: fc.dictionary(
          fc.constantFrom('t', 'u'),
          fc.option(
            fc.record(
              {
                to: fc.constantFrom('memories', 'plans'),
                key: text,
                project: text,
                columns: fc.dictionary(text, fc.oneof(text, rule, fc.constant(null))),
              },
              { requiredKeys: ['to'] },
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(mapping, (given) => {
        // The schema cannot say that words and from need their conversion; all else it can.
        const faults = formFaults(given).filter((each) => !each.text.includes('needs "'))
        expect([isMapping(given), faults.length === 0]).toEqual([faults.length === 0, faults.length === 0])
      }),
    )
  })
})
