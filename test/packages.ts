import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

/** What a migration package of a spec holds; file names without `.sql`. */
export interface PackageSource {
  version?: string
  dependencies?: readonly string[]
  /** Further fields of the manifest: `variables`, `requires`, … */
  athena?: Record<string, unknown>
  migrations?: Record<string, string>
  functions?: Record<string, string>
  /** Other files, by their path in the package. */
  files?: Record<string, string>
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Removed when the spec file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'athena-spec-'))
  folders.push(folder)
  return folder
}

/** A project folder with these packages in its node_modules, as npm puts them there. */
export function installed(packages: Record<string, PackageSource>, project: string = temporaryFolder()): string {
  for (const [name, source] of Object.entries(packages)) {
    const { version = '1.0.0', dependencies = [], athena = {}, migrations, functions, files = {} } = source
    const folder = join(project, 'node_modules', name)
    const manifest = {
      ...(migrations && { migrations: './migrations' }),
      ...(functions && { functions: './functions' }),
      ...athena,
    }
    const ranges = Object.fromEntries(dependencies.map((dependency) => [dependency, '^1.0.0']))
    rmSync(folder, { recursive: true, force: true })
    // A folder stays when its last file goes.
    if (migrations) mkdirSync(join(folder, 'migrations'), { recursive: true })
    if (functions) mkdirSync(join(folder, 'functions'), { recursive: true })
    writeFiles(folder, {
      'package.json': JSON.stringify({ name, version, dependencies: ranges, athena: manifest }),
      ...files,
      ...inFolder('migrations', migrations),
      ...inFolder('functions', functions),
    })
  }
  return project
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function inFolder(folder: string, files: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}.sql`, text]))
}

/** Text of a migration file; `head` is what stands above Up, directives for one. */
export function migration(up: string, down = '', head = ''): string {
  return `${head === '' ? '' : `${head}\n`}-- Up Migration\n${up}\n\n-- Down Migration\n${down}\n`
}
