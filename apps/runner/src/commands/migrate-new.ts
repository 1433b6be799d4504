import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import type { MigrationPackage } from '@athena-pg/migrator'
import { newMigration } from '@athena-pg/migrator/new'
import { defineCommand } from '../command.ts'
import { type Config, loadConfig } from '../config/config.ts'
import { closed, text } from '../json-shapes.ts'
import { fullName, packagesOf } from '../migrations.ts'

export const command = defineCommand({
  summary: 'Write an empty migration with the next stamp, or a function, or both',
  operands: '[PACKAGE] [NAME]',
  details: `NAME is the migration; --function writes a function's file beside it, or, without NAME, alone: a function needs no migration.
Without a package they go to the project's own folders ("migrations" and "functions" in athena.config.json; ./migrations and ./functions where there are none).`,
  examples: [
    'athena migrate new add-memory-tags',
    'athena migrate new schema add-memory-tags --function tag_memories',
    'athena migrate new schema --function tag_memories',
  ],
  options: {
    function: {
      type: 'string',
      value: 'NAME',
      description: 'Write functions/NAME.sql, with the beginnings of a function',
    },
  },
  output: { oneOf: [closed({ file: text, function: text }, ['function']), closed({ function: text })] },
  async run(context) {
    const { operands, options, json, print, talk } = context
    const config = loadConfig(context)
    // A folder that is named and not there yet is made.
    const there = (folder?: string) =>
      folder !== undefined && existsSync(resolve(config.project, folder)) ? folder : undefined
    let packages: readonly MigrationPackage[] | undefined
    const find = (name: string) => {
      packages ??= packagesOf({ ...config, migrations: there(config.migrations), functions: there(config.functions) })
      return packages.find((each) => each.name === fullName(name, packages ?? []))
    }
    const [first, second] = operands
    // Alone, an operand is the migration; beside a function it may be the package instead.
    const isPackage = second !== undefined || (options.function !== undefined && first !== undefined && find(first))
    const [packageName, name] = isPackage ? [first, second] : [undefined, first]
    if (name === undefined && options.function === undefined) {
      throw new AthenaError({
        code: 'missing_operand',
        message: 'a migration needs a name',
        hint: 'For example: athena migrate new add-memory-tags, or in a package: athena migrate new schema add-memory-tags',
        exit: 2,
      })
    }
    const named = packageName === undefined ? undefined : writable(packageName)
    // The project's own folders may be named as a package, too, but stand in athena.config.json.
    const isOwn = named !== undefined && named === packages?.at(-1) && hasOwn(config)
    const pack = isOwn ? undefined : named
    const own = { migrations: config.migrations, functions: config.functions }
    const folderOf = (kind: 'migrations' | 'functions') =>
      pack === undefined
        ? resolve(config.project, own[kind] ?? kind)
        : resolve(pack.folder, (kind === 'migrations' ? pack.migrationsFolder : pack.functionsFolder) ?? kind)
    const functions = options.function === undefined ? undefined : await import('@athena-pg/migrator/new-function')
    // Refused before anything is written.
    functions?.functionFile(folderOf('functions'), options.function ?? '')
    const file = name === undefined ? undefined : newMigration(folderOf('migrations'), name)
    const written = functions?.newFunction(folderOf('functions'), options.function ?? '')
    if (json) print(JSON.stringify({ file, function: written }))
    else for (const path of [file, written]) if (path !== undefined) print(path)
    for (const [kind, path] of [
      ['migrations', file],
      ['functions', written],
    ] as const) {
      if (path === undefined) continue
      if (pack === undefined && own[kind] === undefined)
        talk(`note: put "${kind}": "./${kind}" into athena.config.json, so that it is found`)
      else if (
        pack !== undefined &&
        (kind === 'migrations' ? pack.migrationsFolder : pack.functionsFolder) === undefined
      )
        talk(`note: put "${kind}": "./${kind}" under "athena" in ${pack.folder}/package.json, so that it is found`)
    }
    talk(`next: write ${file === undefined ? 'its body' : 'its Up and Down sections'}, then athena migrate plan`)

    function hasOwn({ migrations, functions }: Config): boolean {
      return there(migrations) !== undefined || there(functions) !== undefined
    }

    function writable(called: string): MigrationPackage {
      const found = find(called)
      if (found !== undefined && !found.folder.includes('/node_modules/')) return found
      const rest = [second, options.function && `--function ${options.function}`].filter(Boolean).join(' ')
      throw new AthenaError({
        code: 'unknown_package',
        message:
          found === undefined
            ? `no migration package is called ${called}`
            : `${found.name} is installed, not yours to write into`,
        detail: `There are ${(packages ?? []).map((each) => each.name).join(', ')}.`,
        hint: `To write into the project's own folder: athena migrate new ${rest}`,
        exit: 2,
      })
    }
  },
})
