// Formats every SQL file with sql-formatter, or with --check says which are not formatted. Function bodies and DO blocks are left
// alone: to the formatter a dollar-quoted body is a string.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type FormatOptionsWithLanguage, format } from 'sql-formatter'

const root = join(import.meta.dirname, '..')
const options: FormatOptionsWithLanguage = JSON.parse(readFileSync(join(root, '.sql-formatter.json'), 'utf8'))
const isCheck = process.argv.includes('--check')
const files = globSync(['packages/*/{migrations,functions,checks,sql}/*.sql'], { cwd: root })
let unformatted = 0

for (const file of files.sort()) {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const formatted = `${format(text, options).trimEnd()}\n`
  if (formatted === text) continue
  unformatted += 1
  if (isCheck) console.error(`not formatted: ${relative(root, path)}`)
  else writeFileSync(path, formatted)
}
console.error(`${files.length} SQL files, ${unformatted} ${isCheck ? 'not formatted' : 'formatted anew'}`)
if (isCheck && unformatted > 0) process.exitCode = 1
