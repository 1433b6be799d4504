import { expect, test } from 'vitest'
import { installed, type PackageSource } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { declarationsOf, discover, nearest, resolveVariables, type VariableInputs } from '../src/index.ts'

const variables = {
  dimensions: { type: 'integer', default: 768, min: 1, max: { by: 'kind', halfvec: 3800, vector: 1900 } },
  kind: { type: 'enum', default: 'halfvec', values: ['halfvec', 'vector'] },
  config: { type: 'string', default: 'english', pattern: '^[a-z_]+$' },
  operators: { type: 'derived', expression: ":'kind' || '_ops'" },
}

function declarations(packages: Record<string, PackageSource> = { a: { athena: { variables } } }) {
  return declarationsOf(discover({ packages: Object.keys(packages), project: installed(packages) }))
}

function resolve(inputs: Partial<VariableInputs>) {
  return Object.fromEntries(resolveVariables(declarations(), { given: {}, recorded: {}, ...inputs }))
}

test('what is recorded goes before what is given, that before what the server says, and that before the default', () => {
  expect(resolve({})).toEqual({ vector_schema: 'public', dimensions: '768', kind: 'halfvec', config: 'english' })
  const detected = { vector_schema: 'extensions' }
  expect(resolve({ detected }).vector_schema).toBe('extensions')
  expect(resolve({ detected, given: { vector_schema: 'mine' } }).vector_schema).toBe('mine')
  expect(resolve({ detected, recorded: { vector_schema: 'was' } }).vector_schema).toBe('was')
  expect(resolve({ recorded: { dimensions: '384' }, given: { dimensions: '384' } }).dimensions).toBe('384')
})

test.each([
  ['below its minimum', { dimensions: '0' }, 'dimensions = 0: must be at least 1'],
  ['above its maximum', { dimensions: '3801' }, 'dimensions = 3801: must be at most 3800 with kind = halfvec'],
  [
    'above what another variable allows',
    { dimensions: '1901', kind: 'vector' },
    'dimensions = 1901: must be at most 1900 with kind = vector',
  ],
  ['no number', { dimensions: 'many' }, 'dimensions = many: must be a whole number'],
  ['a fraction', { dimensions: '3.5' }, 'dimensions = 3.5: must be a whole number'],
  ['SQL', { dimensions: '3); DROP' }, 'must be a whole number'],
  ['empty', { dimensions: '' }, 'must be a whole number'],
  ['none of the values', { kind: 'bit' }, 'kind = bit: must be one of halfvec, vector'],
  ['against its pattern', { config: "x'" }, "config = x': must match ^[a-z_]+$"],
  ['a schema that would need quoting', { vector_schema: 'my schema' }, 'vector_schema = my schema: must match'],
])('a value that is %s is refused', async (_, given, detail) => {
  const error = await refusal(() => resolve({ given }))
  expect(error.code).toBe('invalid_variable')
  expect(error.detail).toContain(detail)
})

test('the largest value that another variable allows is accepted', () => {
  expect(resolve({ given: { dimensions: '1900', kind: 'vector' } }).dimensions).toBe('1900')
  expect(resolve({ given: { dimensions: '3800' } }).dimensions).toBe('3800')
})

test('all wrong values are told at once', async () => {
  const error = await refusal(() => resolve({ given: { dimensions: '0', kind: 'bit' } }))
  expect(error.detail?.split('\n')).toHaveLength(2)
})

test('an unknown variable is refused with the nearest one', async () => {
  const error = await refusal(() => resolve({ given: { dimension: '3' } }))
  expect(error.code).toBe('unknown_variable')
  expect(error.message).toContain('"dimension"')
  expect(error.detail).toContain('config, dimensions, kind, vector_schema')
  expect(error.hint).toBe('Did you mean "dimensions"?')
})

test('a derived variable cannot be set', async () => {
  expect((await refusal(() => resolve({ given: { operators: 'x' } }))).code).toBe('unknown_variable')
})

test('a variable that was changed after it was applied is refused with both values', async () => {
  const error = await refusal(() =>
    resolve({ recorded: { kind: 'halfvec', config: 'simple' }, given: { kind: 'vector', config: 'german' } }),
  )
  expect(error.code).toBe('changed_variable')
  expect(error.detail).toBe('kind: applied with halfvec, now vector\nconfig: applied with simple, now german')
})

test('a variable that two packages declare is refused with both', async () => {
  const error = await refusal(() => declarations({ a: { athena: { variables } }, b: { athena: { variables } } }))
  expect(error.code).toBe('duplicate_variable')
  expect(error.detail).toBe('a and b both declare it.')
})

test('a built-in variable cannot be declared again', async () => {
  const again = { vector_schema: { type: 'string', default: 'x' } }
  const error = await refusal(() => declarations({ a: { athena: { variables: again } } }))
  expect(error.detail).toBe('athena itself and a both declare it.')
})

test('the nearest name is told only where it is near', () => {
  expect(nearest('statsu', ['status', 'up', 'down'])).toBe('status')
  expect(nearest('embedding_dimension', ['embedding_dimensions', 'embedding_type'])).toBe('embedding_dimensions')
  expect(nearest('quux', ['status', 'embedding'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})
