export function readme(name: string, table: string, hasOwnChangesets: boolean): string {
  const range = '`dependencies` in package.json'
  return `# ${name}

A migration package for an athena-pg store: SQL that \`athena migrate up\` applies together with the store's own.

| file                      | what                                                                     |
| ------------------------- | ------------------------------------------------------------------------ |
| \`migrations/\`             | history: once released, a file never changes                             |
| \`functions/\`              | one function per file, applied again when the file changes               |
| \`test/migrations.test.js\` | up, down and up again on an embedded database, and what the SQL promises |
| \`athena.config.json\`      | lets \`athena\` work on this package alone, in this folder               |

\`athena.${table}\` and \`athena.latest_${table}\` are examples. ${range} says which packages come first.

## Working on it

\`\`\`sh
npm install
npm test
npx athena migrate new ${name} add-something
npx athena migrate up   # try it, on an embedded database in .athena/data
\`\`\`

## Releasing it

Choose a licence: \`"license": "UNLICENSED"\` in package.json grants nothing. Each change brings a file in \`.changeset\`${
    hasOwnChangesets
      ? `, which
\`npx changeset\` writes (on Node 22.11 or later). Then:

\`\`\`sh
npx changeset version   # the version and the changelog, from those files
npm publish
\`\`\``
      : ` at
the root of the repository, from which the version and the changelog are made.`
  }

## Using it

\`\`\`sh
npm install ${name}
\`\`\`

Add \`"${name}"\` to \`packages\` in athena.config.json, then \`npx athena migrate up\`.
`
}
