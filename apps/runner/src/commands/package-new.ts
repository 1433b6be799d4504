import { relative, resolve } from 'node:path'
import { defineCommand } from '../command.ts'
import { closed, described, flag, listOf, text } from '../json-shapes.ts'

export const command = defineCommand({
  summary: 'Write a migration package of your own: SQL, a test, a README, a first changeset',
  operands: 'NAME',
  details: `A folder that can be tested, published to npm and installed like the packages of the store: package.json with its "athena" field, a migration, a function, a test on the embedded database. The table and the function are examples to replace.
In a repository that uses changesets, the changeset goes to its .changeset.`,
  examples: ['athena package new @acme/notes', 'athena package new @acme/notes --folder packages/notes --dry-run'],
  options: {
    folder: {
      type: 'string',
      value: 'DIR',
      description: 'Where it goes; else a folder here, named as the package without its scope',
    },
    'dry-run': { type: 'boolean', description: 'Print what would be written, and write nothing' },
  },
  output: closed({
    package: described(text, 'Its name'),
    folder: described(text, 'Absolute path'),
    files: listOf(closed({ path: described(text, 'Absolute path'), text: described(text, 'What the file holds') })),
    written: described(flag, 'false with --dry-run'),
  }),
  async run({ operands: [name = ''], options, json, cwd, project, print, talk }) {
    const [
      { assertPackageName, folderName },
      { packageFiles },
      { refuseExistingFolder, refuseTakenName, writePackage },
      { installedVersions },
      { freeTableName },
    ] = await Promise.all([
      import('../package-new/names.ts'),
      import('../package-new/package-files.ts'),
      import('../package-new/write-package.ts'),
      import('../package-new/installed-versions.ts'),
      import('../package-new/table-name.ts'),
    ])
    assertPackageName(name)
    const folder = resolve(cwd, options.folder ?? folderName(name))
    refuseExistingFolder(folder)
    refuseTakenName(name, [project, import.meta.dirname])
    const files = packageFiles({
      name,
      folder,
      table: freeTableName(name),
      versions: installedVersions(),
      now: new Date(),
    })
    const isDry = options['dry-run'] === true
    if (!isDry) writePackage(files)
    if (json) {
      const listed = [...files].map(([path, text]) => ({ path, text }))
      print(JSON.stringify({ package: name, folder, written: !isDry, files: listed }))
    } else {
      for (const [path, text] of files) print(isDry ? `--- ${shown(path)}\n${text}` : `wrote ${shown(path)}`)
    }
    talk(isDry ? 'nothing was written' : `next: cd ${shown(folder)} && npm install && npm test`)

    function shown(path: string): string {
      const near = relative(cwd, path)
      return near.startsWith('..') ? path : near || '.'
    }
  },
})
