import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { loadConfig } from '../src/config/config.ts'
import { findConfig } from '../src/config/find-config.ts'
import { parseJson } from '../src/parse-json.ts'

function written(text: string): { configFile: string; project: string } {
  const project = temporaryFolder()
  const configFile = join(project, 'athena.config.json')
  writeFileSync(configFile, text)
  return { configFile, project }
}

test('without a file everything has its default', () => {
  expect(loadConfig({ configFile: undefined, project: '/project' })).toEqual({
    project: '/project',
    packages: ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions'],
    variables: {},
  })
})

test("a file gives packages, the project's migrations and variables, whose values become text", () => {
  const text =
    '{"$schema": "x", "packages": ["a"], "migrations": "./sql", "functions": "./f", "variables": {"n": 3, "on": true, "word": "x"}}'
  const { configFile, project } = written(text)
  expect(loadConfig({ configFile, project })).toEqual({
    file: configFile,
    project,
    packages: ['a'],
    migrations: './sql',
    functions: './f',
    variables: { n: '3', on: 'true', word: 'x' },
  })
})

test('the file is looked for here and above; --config names one', () => {
  const { configFile, project } = written('{}')
  const below = join(project, 'some', 'where')
  mkdirSync(below, { recursive: true })
  expect(findConfig(undefined, below)).toBe(configFile)
  expect(findConfig('other.json', below)).toBe(join(below, 'other.json'))
  expect(findConfig(undefined, temporaryFolder())).toBeUndefined()
})

test('a file that is not there is refused', async () => {
  const error = await refusal(() => loadConfig({ configFile: '/nowhere/athena.config.json', project: '/nowhere' }))
  expect(error).toMatchObject({
    code: 'config_unreadable',
    detail: expect.stringContaining('/nowhere/athena.config.json'),
  })
})

test('everything that is wrong is told at once, with its place', async () => {
  const { configFile, project } = written(`{
  "packges": [],
  "packages": ["a", 3, "a"],
  "migrations": "",
  "variables": { "one": [1], "two": null },
  "variables": { "three": {} }
}`)
  const error = await refusal(() => loadConfig({ configFile, project }))
  expect(error).toMatchObject({ code: 'malformed_config', exit: 1, hint: expect.stringContaining('athena init') })
  expect(error.detail?.split('\n')).toEqual([
    `${configFile}:2:3: "packges" is not known; did you mean "packages"?`,
    `${configFile}:3:21: must be the name of a package`,
    `${configFile}:3:24: "a" is given twice`,
    `${configFile}:4:3: "migrations" must be text`,
    `${configFile}:6:3: "variables" is given twice`,
    `${configFile}:6:18: "three" must be text, a number, true or false`,
  ])
})

describe('what is not JSON is told with its place', () => {
  test.each([
    ['{"packages": [,]}', '1:15: not JSON: "," stands where a value is expected'],
    ['{"packages": ["a"]', '1:19: not JSON: the end of the file stands where "," or "}" is expected'],
    ['{\n  packages: []\n}', '2:3: not JSON: something else stands where a name in double quotes is expected'],
    ['{"migrations" "x"}', '1:15: not JSON: something else stands where ":" is expected'],
    ['{"migrations": "x",}', '1:20: not JSON: "}" stands where a name in double quotes is expected'],
    ['{"migrations": "x}', '1:16: not JSON: something else stands where a value is expected'],
    ['{} {}', '1:4: not JSON: "{" stands where nothing more is expected'],
    ['', '1:1: not JSON: the end of the file stands where a value is expected'],
    ['[]', '1:1: the configuration must be an object: { … }'],
  ])('%j', async (text, expected) => {
    const { configFile, project } = written(text)
    expect((await refusal(() => loadConfig({ configFile, project }))).detail).toBe(`${configFile}:${expected}`)
  })
})

test.each([
  ['{"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\"\\\\"], "b": {"c": {}, "d": []}, "": 0}'],
  ['"text"'],
  ['  12  '],
  ['[[], [[]], {"a": [{}]}]'],
])('the parser reads %s as JSON.parse does', (text) => {
  expect(parseJson(text).value).toEqual(JSON.parse(text))
})
