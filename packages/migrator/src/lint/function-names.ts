import type { MigrationPackage } from '../discover.ts'

/** Repeatable functions of the packages as `schema.name`: a file is named after its function, and its text says in which schema. */
export function functionNames(packages: readonly MigrationPackage[]): Set<string> {
  return new Set(
    packages.flatMap(({ functions }) =>
      functions.map(({ name, text }) => {
        const escaped = name.replaceAll(/\W/g, '\\$&')
        const schema = new RegExp(`\\bFUNCTION\\s+"?(\\w+)"?\\s*\\.\\s*"?${escaped}"?`, 'i').exec(text)?.[1]
        return `${schema ?? 'public'}.${name}`
      }),
    ),
  )
}
