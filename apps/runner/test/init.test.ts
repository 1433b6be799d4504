import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { declarationsOf } from '@athena-pg/migrator'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/packages.ts'
import { refusal } from '../../../test/refusals.ts'
import { loadConfig } from '../src/config/config.ts'
import { askVariables } from '../src/init/ask-variables.ts'
import { packagesOf } from '../src/migrations.ts'
import { athena } from './athena.ts'

const read = (cwd: string) => JSON.parse(readFileSync(join(cwd, 'athena.config.json'), 'utf8'))

describe('athena init', () => {
  test('writes what the flags say and the defaults of the rest, and what to do next', async () => {
    const cwd = temporaryFolder()
    const flags = ['--dimensions', '384', '--type', 'vector', '--language', 'german']
    expect(await athena(['init', ...flags], { cwd })).toEqual({
      status: 0,
      stdout: `wrote ${join(cwd, 'athena.config.json')}\n`,
      stderr: 'next: athena migrate up\n',
    })
    expect(read(cwd)).toEqual({
      packages: ['@athena-pg/schema', '@athena-pg/indices', '@athena-pg/partitions'],
      variables: {
        embedding_dimensions: 384,
        embedding_type: 'vector',
        project_layout: 'hash',
        text_search_config: 'german',
        vector_index: 'hnsw',
      },
    })
  })

  test('writes a file that can be loaded', async () => {
    const project = temporaryFolder()
    await athena(['init'], { cwd: project })
    const config = loadConfig({ configFile: join(project, 'athena.config.json'), project })
    expect(config.variables).toMatchObject({ embedding_dimensions: '768' })
  })

  test('names the folder migrations where there is one', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'migrations'))
    await athena(['init'], { cwd })
    expect(read(cwd)).toMatchObject({ migrations: './migrations' })
  })

  test('does not overwrite unless it is forced', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'athena.config.json'), '{"mine": true}')
    expect(await athena(['init'], { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('config_exists'),
    })
    expect(read(cwd)).toEqual({ mine: true })
    expect(await athena(['init', '--force'], { cwd })).toMatchObject({ status: 0 })
    expect(read(cwd)).toHaveProperty('packages')
  })

  test('--config names the file, and --dry-run writes none', async () => {
    const cwd = temporaryFolder()
    const { stdout } = await athena(['init', '--dry-run', '--json'], { cwd })
    expect(() => read(cwd)).toThrow('ENOENT')
    await athena(['init', '--config', 'other.json'], { cwd })
    expect(JSON.parse(readFileSync(join(cwd, 'other.json'), 'utf8'))).toEqual(JSON.parse(stdout))
  })

  test.each([
    [['--dimensions', '0'], 'embedding_dimensions = 0: must be at least 1'],
    [['--dimensions', 'many'], 'embedding_dimensions = many: must be a whole number'],
    [['--dimensions', '3801'], /^embedding_dimensions = 3801: must be at most \d+ with embedding_type = halfvec$/],
    [['--type', 'bit'], 'embedding_type = bit: must be one of halfvec, vector'],
    [['--layout', 'range'], 'project_layout = range: must be one of hash, list'],
    [['--vector-index', 'btree'], 'vector_index = btree: must be one of hnsw, ivfflat'],
  ])('refuses %j and writes nothing', async (flags, detail) => {
    const cwd = temporaryFolder()
    const { status, stdout } = await athena(['init', '--json', ...flags], { cwd })
    expect(status).toBe(2)
    const { error } = JSON.parse(stdout)
    expect(error).toMatchObject({ code: 'invalid_variable', hint: 'See athena init --help. Nothing was written.' })
    expect(error.detail).toMatch(detail)
    expect(() => read(cwd)).toThrow('ENOENT')
  })
})

describe('the questions of athena init', () => {
  const declarations = declarationsOf(packagesOf(loadConfig({ configFile: undefined, project: import.meta.dirname })))

  test('an empty answer is the default, and one that does not do is asked for again', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    input.end('\nbit\nvector\n2000\n384\n')
    const answers = await askVariables(
      ['project_layout', 'embedding_type', 'embedding_dimensions'],
      declarations,
      input,
      output,
    )
    expect(answers).toEqual({ project_layout: 'hash', embedding_type: 'vector', embedding_dimensions: '384' })
    const shown = await text(output.end())
    expect(shown).toContain('embedding_type (halfvec, vector) [halfvec]: ')
    expect(shown).toContain('must be one of halfvec, vector')
    expect(shown).toMatch(/embedding_dimensions = 2000: must be at most \d+ with embedding_type = vector/)
  })

  test('an end of input before the last answer is said, not passed over', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    input.end('')
    expect(await refusal(() => askVariables(['project_layout'], declarations, input, output))).toMatchObject({
      code: 'interrupted',
    })
  })
})
