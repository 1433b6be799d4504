import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { isRecord, type Manifest, readManifest, type VariableDeclaration } from './manifest.ts'
import { type FunctionFile, type MigrationFile, readFunctions, readMigrations, shown } from './package-files.ts'

export interface MigrationPackage {
  name: string
  version: string
  /** Folder of its package.json. */
  folder: string
  /** Where its migrations live, relative to `folder`. */
  migrationsFolder?: string | undefined
  /** The same of its functions. */
  functionsFolder?: string | undefined
  /** Migration packages it needs, directly. */
  dependencies: readonly string[]
  requires: NonNullable<Manifest['requires']>
  variables: Readonly<Record<string, VariableDeclaration>>
  migrations: readonly MigrationFile[]
  functions: readonly FunctionFile[]
}

export interface DiscoverOptions {
  /** Package names; their dependencies are found by themselves. */
  packages: readonly string[]
  /** The project's own folder of migrations, relative to `project`. It may use every package. */
  migrations?: string | undefined
  /** The project's own folder of repeatable functions, relative to `project`. */
  functions?: string | undefined
  /** Folder from which packages are resolved first. */
  project: string
  /** Further folders to resolve from, such as the runner's own. */
  resolveFrom?: readonly string[]
}

/**
 * Finds packages by the npm dependency graph, reads their files, and orders packages so that each comes after those it needs
 * (ties by name).
 * @throws AthenaError `package_missing`, `not_a_migration_package`, `dependency_cycle`, `malformed_manifest`,
 * `malformed_file_name`, `duplicate_stamp`, `folder_missing`, `two_versions`
 */
export function discover(options: DiscoverOptions): MigrationPackage[] {
  const found = new Map<string, MigrationPackage>()
  const roots = [options.project, ...(options.resolveFrom ?? [])]
  const visit = (name: string, from: readonly string[], trail: readonly string[]): void => {
    if (trail.includes(name)) throw cycle([...trail.slice(trail.indexOf(name)), name])
    const folder = folderOf(name, from, trail.at(-1))
    const known = found.get(name)
    if (known !== undefined) {
      assertSameVersion(known, folder, trail.at(-1))
      return
    }
    const pack = readPackage(folder, name)
    if (pack === undefined) throw notAPackage(name, folder)
    for (const dependency of pack.dependencies) visit(dependency, [folder, ...roots], [...trail, name])
    found.set(name, pack)
  }
  for (const name of [...options.packages].sort()) visit(name, roots, [])
  const hasOwn = options.migrations !== undefined || options.functions !== undefined
  return hasOwn ? [...found.values(), readOwnFolders(options, [...found.keys()])] : [...found.values()]
}

function folderOf(name: string, from: readonly string[], neededBy: string | undefined): string {
  for (const folder of from) {
    const file = packageFile(name, folder)
    if (file !== undefined) return dirname(file)
  }
  throw new AthenaError({
    code: 'package_missing',
    message: `migration package ${name} is not installed`,
    detail: neededBy === undefined ? `It was looked for from ${from.join(', ')}.` : `${neededBy} depends on it.`,
    hint: /^[./]/.test(name)
      ? `A folder of the project's own is no package: { "migrations": "${name}" } names it.`
      : `Install it: npm install ${name}`,
  })
}

/** The package.json that `require` would find from the folder, also where the package's "exports" leave it out. */
function packageFile(name: string, folder: string): string | undefined {
  const require = createRequire(join(folder, 'package.json'))
  try {
    return require.resolve(`${name}/package.json`)
  } catch {
    const file = require.resolve.paths(name)?.find((path) => existsSync(join(path, name, 'package.json')))
    return file === undefined ? undefined : realpathSync(join(file, name, 'package.json'))
  }
}

/**
 * A database has one version of a package. Package managers install two where ranges do not meet, and which of them was found
 * first would then decide what is pending.
 */
function assertSameVersion(known: MigrationPackage, folder: string, neededBy: string | undefined): void {
  if (folder === known.folder) return
  const json = readJson(join(folder, 'package.json'))
  const version = isRecord(json) && typeof json.version === 'string' ? json.version : '0.0.0'
  if (version === known.version) return
  throw new AthenaError({
    code: 'two_versions',
    message: `two versions of ${known.name} are installed: ${known.version} and ${version}`,
    detail: `${known.folder}\n${folder}${neededBy === undefined ? '' : `, by way of ${neededBy}`}`,
    hint: 'Update what asks for the older one, then let one version serve all: npm dedupe, or pnpm dedupe. Nothing was applied.',
  })
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new AthenaError({
      code: 'malformed_manifest',
      message: `${shown(file)} is not JSON`,
      detail: (cause as Error).message,
      hint: 'Correct the package.json; nothing was applied.',
      cause,
    })
  }
}

/** undefined where the package.json has no "athena" field. */
function readPackage(folder: string, name: string): MigrationPackage | undefined {
  const file = join(folder, 'package.json')
  const json = readJson(file)
  if (!isRecord(json) || json.athena === undefined) return undefined
  const manifest = readManifest(json.athena, shown(file))
  const dependencies = Object.keys(isRecord(json.dependencies) ? json.dependencies : {}).filter((dependency) =>
    isMigrationPackage(dependency, folder),
  )
  return {
    name,
    version: typeof json.version === 'string' ? json.version : '0.0.0',
    folder,
    migrationsFolder: manifest.migrations,
    functionsFolder: manifest.functions,
    dependencies: dependencies.sort(),
    requires: manifest.requires ?? {},
    variables: manifest.variables,
    migrations: readMigrations(folder, manifest.migrations, name),
    functions: readFunctions(folder, manifest.functions, name),
  }
}

/** A dependency that is not installed counts as one: its absence is then reported, not passed over. */
function isMigrationPackage(name: string, folder: string): boolean {
  const file = packageFile(name, folder)
  const json = file === undefined ? undefined : readJson(file)
  return file === undefined || (isRecord(json) && json.athena !== undefined)
}

function readOwnFolders(options: DiscoverOptions, dependencies: string[]): MigrationPackage {
  const { project } = options
  const name = ownPackageName(project)
  for (const key of ['migrations', 'functions'] as const) {
    const folder = resolve(project, options[key] ?? '')
    if (existsSync(folder)) continue
    throw new AthenaError({
      code: 'folder_missing',
      message: `the project's ${key} folder ${shown(folder)} does not exist`,
      hint: `Create it, or correct "${key}" in athena.config.json.`,
    })
  }
  return {
    name,
    version: '0.0.0',
    folder: project,
    migrationsFolder: options.migrations,
    functionsFolder: options.functions,
    dependencies,
    requires: {},
    variables: {},
    migrations: readMigrations(project, options.migrations, name),
    functions: readFunctions(project, options.functions, name),
  }
}

function ownPackageName(project: string): string {
  const file = join(project, 'package.json')
  if (!existsSync(file)) return 'project'
  const json = readJson(file)
  return isRecord(json) && typeof json.name === 'string' ? json.name : 'project'
}

function cycle(names: string[]): AthenaError {
  return new AthenaError({
    code: 'dependency_cycle',
    message: 'migration packages depend on each other in a circle',
    detail: names.join(' → '),
    hint: 'Remove one of these from "dependencies" in its package.json.',
  })
}

function notAPackage(name: string, folder: string): AthenaError {
  return new AthenaError({
    code: 'not_a_migration_package',
    message: `${name} is not a migration package`,
    detail: `${shown(join(folder, 'package.json'))} has no "athena" field.`,
    hint: 'Correct "packages" in athena.config.json, or add { "athena": { "migrations": "./migrations" } } to that package.json.',
  })
}
