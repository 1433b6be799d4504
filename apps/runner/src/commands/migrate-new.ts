import { resolve } from 'node:path'
import { AthenaError } from '@athena-pg/database'
import { newMigration } from '@athena-pg/migrator/new'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config.ts'
import { closed, text } from '../json-shapes.ts'
import { fullName, packagesOf } from '../migrations.ts'

export const command = defineCommand({
  summary: 'Write an empty migration with the next stamp',
  operands: '[PACKAGE] NAME',
  details:
    'Without a package it goes to the project\'s own folder ("migrations" in athena.config.json; ./migrations where there is none).',
  options: {},
  output: closed({ file: text }),
  async run(context) {
    const { operands, json, print, talk } = context
    const [first, second, ...rest] = operands
    if (first === undefined || rest.length > 0) {
      throw new AthenaError({
        code: 'missing_operand',
        message: 'a migration needs a name',
        hint: 'For example: athena migrate new add-memory-tags, or in a package: athena migrate new schema add-memory-tags',
        exit: 2,
      })
    }
    const config = loadConfig(context)
    const file =
      second === undefined
        ? newMigration(resolve(config.project, config.migrations ?? 'migrations'), first)
        : newMigration(folderOf(first), second)
    print(json ? JSON.stringify({ file }) : file)
    if (second === undefined && config.migrations === undefined)
      talk('note: put "migrations": "./migrations" into athena.config.json, so that it is found')
    talk('next: write its Up and Down sections, then athena migrate plan')

    function folderOf(name: string): string {
      const packages = packagesOf(config)
      const pack = packages.find((each) => each.name === fullName(name, packages))
      if (pack !== undefined && !pack.folder.includes('/node_modules/'))
        return resolve(pack.folder, pack.migrationsFolder ?? 'migrations')
      throw new AthenaError({
        code: 'unknown_package',
        message:
          pack === undefined
            ? `no migration package is called ${name}`
            : `${pack.name} is installed, not yours to write into`,
        detail: `There are ${packages.map((each) => each.name).join(', ')}.`,
        hint: `To write into the project's own folder: athena migrate new ${second}`,
        exit: 2,
      })
    }
  },
})
