/** Versions that are installed beside this command. */
export interface Versions {
  schema: string
  database: string
  migrator: string
  athena: string
}

export function packageJson(name: string, versions: Versions, hasOwnChangesets: boolean): string {
  const manifest = {
    name,
    version: '0.0.0',
    description: 'Notes about projects, in an athena-pg store.',
    license: 'UNLICENSED',
    type: 'module',
    // Also lets Node find the package from within itself, as `athena` does in this folder.
    exports: { './package.json': './package.json' },
    files: ['migrations', 'functions'],
    scripts: { test: 'node --test' },
    athena: { migrations: './migrations', functions: './functions' },
    dependencies: { '@athena-pg/schema': sameMajor(versions.schema) },
    devDependencies: {
      '@athena-pg/database': `^${versions.database}`,
      '@athena-pg/migrator': `^${versions.migrator}`,
      ...(hasOwnChangesets && { '@changesets/cli': '^3.0.3' }),
      'athena-pg': `^${versions.athena}`,
    },
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/**
 * Released migrations never change, so a later schema holds all that an earlier one did. A caret would take no 0.2.0 for ^0.1.0,
 * and npm would install a second schema beside the project's.
 */
export function sameMajor(version: string): string {
  const major = Number(version.split('.')[0])
  return `>=${version} <${major + 1}.0.0`
}
