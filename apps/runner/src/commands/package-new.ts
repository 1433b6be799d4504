import { relative, resolve } from 'node:path'
import { defineCommand } from '../command.ts'

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
  output: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['package', 'folder', 'files', 'written'],
    additionalProperties: false,
    properties: {
      package: { type: 'string', description: 'Its name' },
      folder: { type: 'string', description: 'Absolute path' },
      written: { type: 'boolean', description: 'false with --dry-run' },
      files: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'text'],
          additionalProperties: false,
          properties: {
            path: { type: 'string', description: 'Absolute path' },
            text: { type: 'string', description: 'What the file holds' },
          },
        },
      },
    },
  },
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
