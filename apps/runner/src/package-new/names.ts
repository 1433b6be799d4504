import { builtinModules } from 'node:module'
import { AthenaError } from '@athena-pg/database'

const form = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
/** Identifiers have 63 bytes, and prefixes and suffixes come on top. */
const longest = 40

/**
 * The rules of npm for new packages.
 * @throws AthenaError malformed_package_name, with every fault
 */
export function assertPackageName(name: string): void {
  const faults: string[] = []
  if (name !== name.toLowerCase()) faults.push('it has capital letters')
  if (name.length > 214) faults.push('it is longer than 214 characters')
  if (['node_modules', 'favicon.ico', ...builtinModules].includes(name)) faults.push('npm reserves it')
  if (!form.test(name.toLowerCase()))
    faults.push(
      'it is not made of letters, digits, -, _, . and ~, starting with a letter or digit, after an optional @scope/',
    )
  else if (objectName(name) === '') faults.push('nothing in it could name a table')
  if (faults.length === 0) return
  throw new AthenaError({
    code: 'malformed_package_name',
    message: `a package cannot be called "${name}"`,
    detail: `${faults.join('; ')}.`,
    hint: 'For example: athena package new @acme/notes',
    exit: 2,
  })
}

/** What the package's objects are called: `@acme/review-notes` gives acme_review_notes, so that no two owners meet in one schema. */
export function objectName(packageName: string): string {
  const words = packageName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, longest)
    .replace(/_+$/, '')
  return /^\d/.test(words) ? `_${words}` : words
}

/** `@acme/notes` gives notes: the folder, as npm init would be run in it. */
export function folderName(packageName: string): string {
  return packageName.replace(/^@.*\//, '')
}
