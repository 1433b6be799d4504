import { expect, test } from 'vitest'
import { refusal } from '../../../test/refusals.ts'
import { readManifest } from '../src/manifest.ts'

test('every fault of a manifest is told at once', async () => {
  const error = await refusal(() =>
    readManifest(
      {
        migrations: 3,
        functiosn: './functions',
        requires: { postgres: '17', extensions: { vector: 8 } },
        variables: {
          'Bad-Name': { type: 'string', default: '' },
          a: { type: 'number', default: 1 },
          b: { type: 'integer', default: 1.5, values: [] },
          c: { type: 'enum', values: ['x'], default: 'y' },
          d: { type: 'enum', default: 'y' },
          e: { type: 'string' },
          f: { type: 'string', default: '', pattern: '[' },
          g: { type: 'derived', default: '1' },
          h: { type: 'integer', default: 1, max: { vector: 3 } },
          i: 5,
        },
      },
      'x/package.json',
    ),
  )
  expect(error.code).toBe('malformed_manifest')
  expect(error.message).toContain('x/package.json')
  const faults = error.detail?.split('\n') ?? []
  for (const part of [
    '"athena.migrations" must be a folder name',
    '"athena.functiosn" is not known; known are migrations, functions',
    '"athena.requires.postgres" must be a major version',
    '"athena.requires.extensions" must give a minimum version',
    '"athena.variables.Bad-Name": a variable is named',
    '"athena.variables.a": "type" must be one of integer, enum, string, derived',
    '"athena.variables.b": "values" does not go with type integer',
    '"athena.variables.b": "default" must be a whole number',
    '"athena.variables.c": "default" must be one of "values"',
    '"athena.variables.d": "values" must be a list of strings',
    '"athena.variables.e": "default" must be a string',
    '"athena.variables.f": "pattern" must be a regular expression',
    '"athena.variables.g": "default" does not go with type derived',
    '"athena.variables.g": "expression" must be a SQL expression',
    '"athena.variables.h": "max" must be a number',
    '"athena.variables.i": "type" must be one of',
  ]) {
    expect(
      faults.filter((fault) => fault.includes(part)),
      part,
    ).toHaveLength(1)
  }
  expect(faults).toHaveLength(17)
})

test.each([[null], ['./migrations'], [[]], [1]])('%j is no manifest', async (value) => {
  expect((await refusal(() => readManifest(value, 'p'))).detail).toBe('"athena" must be an object')
})

test.each([[{ requires: [] }], [{ variables: [] }], [{ requires: { extensions: [] } }]])(
  '%j is refused',
  async (value) => {
    expect((await refusal(() => readManifest(value, 'p'))).code).toBe('malformed_manifest')
  },
)

test('an empty manifest is one', () => {
  expect(readManifest({}, 'p')).toEqual({ variables: {} })
})

test("a type that every object has, such as toString, is not one of a variable's", async () => {
  const error = await refusal(() => readManifest({ variables: { a: { type: 'toString', default: '' } } }, 'p'))
  expect(error.detail).toContain('"type" must be one of')
})
