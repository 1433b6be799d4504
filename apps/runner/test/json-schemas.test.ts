import { describe, expect, test } from 'vitest'
import { pages } from '../../../scripts/reference/json-schemas.ts'
import { allCommands, loadCommand } from '../src/find-command.ts'
import { errorOutput, type JsonSchema } from '../src/json-shapes.ts'
import { faultsOf, validator } from './json-schemas.ts'

describe.each(allCommands().map((words) => [words.join(' '), words] as const))('athena %s', (_, words) => {
  test('says by a JSON Schema what it prints with --json', async () => {
    const { output } = await loadCommand(words)
    expect(output).toBeDefined()
    expect(() => validator(output as JsonSchema)).not.toThrow()
  })

  test('lets nothing pass that it does not name', async () => {
    const open = objectsIn((await loadCommand(words)).output).filter((each) => each.properties !== undefined)
    expect(open.length).toBeGreaterThan(0)
    for (const each of open) expect(each).toMatchObject({ additionalProperties: false })
  })
})

test('an error has a code, a message, and perhaps a detail and a hint', () => {
  expect(faultsOf(errorOutput, { error: { code: 'wrong_password', message: 'no' } })).toEqual([])
  expect(faultsOf(errorOutput, { error: { code: '22012', message: 'no', detail: 'a', hint: 'b' } })).toEqual([])
  expect(faultsOf(errorOutput, { error: { code: 'Wrong Password', message: 'no' } })).not.toEqual([])
  expect(faultsOf(errorOutput, { error: { code: 'a', message: 'no', stack: '' } })).not.toEqual([])
  expect(faultsOf(errorOutput, { error: { code: 'a' } })).not.toEqual([])
})

test('each is published, with those of errors and of targets files, under a name that does not change', async () => {
  const published = await pages()
  const names = ['error', 'targets', ...allCommands().map((words) => words.join('-'))]
  expect(published.map(({ path }) => path)).toEqual(names.map((name) => `docs/reference/json/${name}.schema.json`))
  for (const [index, { text }] of published.entries()) {
    const { $schema, $id } = JSON.parse(text)
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect($id).toBe(`urn:athena-pg:json:${names[index]}`)
    expect(() => validator(JSON.parse(text))).not.toThrow()
  }
})

type Part = Record<string, unknown>

function objectsIn(value: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inner : [value as Part, ...inner]
}
