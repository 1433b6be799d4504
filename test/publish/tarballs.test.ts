import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { attempt, plainEnvironment, repository, run } from './run.ts'

const { folder, packages, env } = inject('published')

describe.each(packages)('the tarball of $name', ({ name, version, folder: home }) => {
  const source = join(repository, home)
  const base = `${name.replace('@', '').replace('/', '-')}-${version}`
  const tarball = join(folder, 'tarballs', `${base}.tgz`)
  const unpacked = join(folder, 'tarballs', base)
  const manifest = () => JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))

  test('is the one that the registry hands out', async () => {
    mkdirSync(unpacked, { recursive: true })
    await run('npm', ['pack', `${name}@${version}`, '--pack-destination', join(folder, 'tarballs')], folder, {
      ...plainEnvironment(),
      ...env,
    })
    await run('tar', ['xzf', tarball, '--strip-components=1', '-C', unpacked], folder, process.env)
  })

  test('holds the files that are listed, and no others', async () => {
    await expect(`${files(unpacked).join('\n')}\n`).toMatchFileSnapshot(
      `tarballs/${name.replace('@', '').replace('/', '-')}.txt`,
    )
  })

  test('holds all of the SQL, a README and the licence, and neither sources, tests nor leftovers of a build', () => {
    const inside = files(unpacked)
    for (const kind of ['migrations', 'functions', 'checks', 'sql']) {
      const sql = existsSync(join(source, kind)) ? files(join(source, kind)).map((file) => `${kind}/${file}`) : []
      expect(inside.filter((file) => file.startsWith(`${kind}/`))).toEqual(sql)
    }
    for (const file of inside) {
      expect(file).not.toMatch(/^(src|test|node_modules)\/|(?<!\.d)\.ts$|\.tsbuildinfo$|tsconfig|\.test\./)
    }
    const modules = inside
      .filter((file) => file.endsWith('.js'))
      .map((file) => file.replace(/^dist\/(.*)\.js$/, '$1.ts'))
    const sources = existsSync(join(source, 'src')) ? files(join(source, 'src')) : []
    expect(modules).toEqual(sources.filter((file) => file.endsWith('.ts')))
    expect(readFileSync(join(unpacked, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${name}\n`))
    expect(readFileSync(join(unpacked, 'LICENSE'), 'utf8')).toBe(readFileSync(join(repository, 'LICENSE'), 'utf8'))
  })

  test('has a package.json that npm can use anywhere', () => {
    const { exports, dependencies = {}, bin, ...rest } = manifest()
    expect(rest).toMatchObject({ name, version, type: 'module', license: 'MIT', description: expect.any(String) })
    expect(JSON.stringify(manifest())).not.toMatch(/athena-src|workspace:|catalog:/)
    expect(rest).not.toHaveProperty('devDependencies')
    for (const script of Object.keys(rest.scripts ?? {})) expect(script).not.toMatch(/install|prepare/)
    for (const [dependency, range] of Object.entries(dependencies)) {
      const ours = packages.find((each) => each.name === dependency)
      if (ours) expect(range).toBe(`^${ours.version}`)
    }
    const hasCode = existsSync(join(source, 'src'))
    expect(rest.engines).toEqual(hasCode ? { node: '>=20.11' } : undefined)
    for (const file of Object.values<string>(bin ?? {})) expect(files(unpacked)).toContain(relative('.', file))
    for (const [path, target] of Object.entries<string | object>(exports ?? {})) {
      // Code comes with its types; JSON is a file as it stands.
      if (path.endsWith('.json')) expect(target).toBe(path)
      else expect(Object.keys(target)).toEqual(['types', 'default'])
      const targets = typeof target === 'string' ? [target] : Object.values<string>({ ...target })
      for (const file of targets) expect(['package.json', ...files(unpacked)]).toContain(relative('.', file))
    }
  })

  test('passes publint, suggestions included', async () => {
    const { publint } = await import('publint')
    const { messages } = await publint({ pkgDir: unpacked, level: 'suggestion', strict: true, pack: false })
    expect(messages).toEqual([])
  })

  if (hasEntryPoint(source))
    test('gives TypeScript the right types, in the eyes of attw', async () => {
      const attw = join(repository, 'node_modules/.bin/attw')
      const { status, stdout, stderr } = await attempt(attw, [tarball, '--profile', 'esm-only'], folder, process.env)
      expect({ status, output: stdout + stderr }).toMatchObject({
        status: 0,
        output: expect.stringContaining('🟢 (ESM)'),
      })
    })
})

/** Something to import, package.json aside: neither a command nor a package of SQL has it. */
function hasEntryPoint(source: string): boolean {
  const { exports = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  return Object.keys(exports).some((path) => path !== './package.json')
}

function files(under: string): string[] {
  return readdirSync(under, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(under, join(entry.parentPath, entry.name)))
    .sort()
}
