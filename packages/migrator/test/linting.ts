import type { MigrationPackage } from '../src/index.ts'
import { type Finding, lintPackages } from '../src/lint/index.ts'
import { checksum } from '../src/source.ts'

/** A whole migration for the text of one, or for that of its Up section. */
export function wholeMigration(text: string): string {
  return /^-- Up Migration$/m.test(text) ? text : `-- Up Migration\n${text}\n\n-- Down Migration\n`
}

/** A package of files given as text; the first migration is 20260101000000_a. */
export function packageOf(
  migrations: readonly string[],
  functions: Record<string, string> = {},
  variables: MigrationPackage['variables'] = {},
): MigrationPackage {
  return {
    name: 'app',
    version: '1.0.0',
    folder: '/app',
    dependencies: [],
    requires: {},
    variables,
    migrations: migrations.map((text, index) => {
      const stamp = `2026010100000${index}`
      const name = `${stamp}_${String.fromCharCode(97 + index)}`
      return { name, path: `${name}.sql`, text, checksum: checksum(text), package: 'app', stamp, id: `${name}@app` }
    }),
    functions: Object.entries(functions).map(([name, text]) => ({
      name,
      path: `functions/${name}.sql`,
      text,
      checksum: checksum(text),
      package: 'app',
    })),
  }
}

export const exampleFunction = `CREATE OR REPLACE FUNCTION app.example (n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;`

/** What is found in one migration, beside a repeatable function app.example. */
export async function lintText(text: string): Promise<Finding[]> {
  const pack = packageOf([wholeMigration(text)], { example: exampleFunction })
  return (await lintPackages([pack])).findings
}

export async function rulesFoundIn(text: string): Promise<string[]> {
  return [...new Set((await lintText(text)).map(({ rule }) => rule))]
}
