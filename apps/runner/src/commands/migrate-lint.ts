import { writeFileSync } from 'node:fs'
import { AthenaError } from '@athena-pg/database'
import { plan } from '@athena-pg/migrator'
import {
  type Finding,
  givenFiles,
  lintPackages,
  lintPlan,
  loadRules,
  showFinding,
  summaryOf,
  toSarif,
} from '@athena-pg/migrator/lint'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { closed, count, described, listOf, text, textOrNull } from '../json-shapes.ts'
import { malformedFlag } from '../malformed-flag.ts'
import { openForMigrations, packagesOf, targetOf, targetOptions } from '../migrations.ts'
import { findingAsJson } from '../show/lint-report.ts'

export const command = defineCommand({
  summary: 'Find statements that block or break a database in use; exit 1 where there is an error',
  operands: '[FILE...]',
  details:
    "Needs no database. Reads the project's own migrations and functions, or the files that are named, each as the only one that is pending: only what a file makes itself is new. docs/reference/lint.md lists the rules; `-- athena-ignore RULE: REASON` above a statement suppresses one.",
  examples: [
    'athena migrate lint',
    'athena migrate lint migrations/20261124100000_index_notes.sql',
    'athena migrate lint --all --sarif findings.sarif',
    'athena migrate lint --pending --database-url postgres://localhost/app',
  ],
  options: {
    all: { type: 'boolean', description: 'Also the files of installed packages' },
    pending: { type: 'boolean', description: 'Exactly what `migrate up` would apply to the database, which is asked' },
    set: targetOptions.set,
    sarif: { type: 'string', value: 'FILE', description: 'Write the findings as SARIF 2.1.0; - for stdout' },
  },
  output: closed({
    files: described(count, 'How many files were linted'),
    errors: count,
    warnings: count,
    findings: listOf(
      closed({
        rule: { type: 'string', pattern: '^[a-z]+(_[a-z]+)+$' },
        level: { enum: ['error', 'warning'] },
        file: text,
        line: { type: 'integer', minimum: 1 },
        column: { type: 'integer', minimum: 1, description: 'In UTF-16 units' },
        endColumn: { type: 'integer', minimum: 2 },
        reason: text,
        detail: textOrNull,
        help: text,
        source: described(textOrNull, 'Page of the documentation'),
        diff: described(textOrNull, 'What would mend it, as a unified diff'),
      }),
    ),
  }),
  async run(context) {
    const { options, operands, json, cwd, colour, print, talk } = context
    if ((json && options.sarif === '-') || (options.pending && (options.all || operands.length > 0)))
      throw contradiction()
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const target = targetOf('up', options, config, packages)
    const { findings, files } = options.pending ? await lintPending() : await lintFiles()
    const errors = findings.filter(({ level }) => level === 'error').length
    if (json) {
      const counts = { files, errors, warnings: findings.length - errors }
      print(JSON.stringify({ ...counts, findings: findings.map(findingAsJson) }))
    } else if (options.sarif !== '-') {
      for (const finding of findings) for (const line of [...showFinding(finding, colour), '']) print(line)
    }
    if (options.sarif !== undefined) await writeSarif(findings, options.sarif)
    talk(summaryOf(findings, files))
    if (files === 0 && !options.pending)
      talk('note: the project has no files of its own; --all lints those of installed packages')
    else if (errors > 0)
      talk('next: correct the files, or write `-- athena-ignore RULE: REASON` above a statement that is right')
    else talk('next: athena migrate up')
    return errors > 0 ? 1 : 0

    async function lintPending(): Promise<{ findings: Finding[]; files: number }> {
      const database = await openForMigrations(context)
      const client = await database.open('migrate lint')
      const planned = await plan(client, packages, target).finally(() => client.end())
      return { findings: await lintPlan(planned), files: planned.migrations.length + planned.functions.length }
    }

    function lintFiles(): Promise<{ findings: Finding[]; files: number }> {
      const given = givenFiles(packages, operands, cwd)
      const own = new Set(
        packages.filter(({ folder }) => options.all || !folder.includes('/node_modules/')).map(({ name }) => name),
      )
      return lintPackages(given.packages, {
        variables: target.variables ?? {},
        isWanted: (file) => (operands.length > 0 ? given.files.has(file) : own.has(file.package)),
      })
    }

    async function writeSarif(found: readonly Finding[], file: string): Promise<void> {
      const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
      const text = JSON.stringify(toSarif(found, await loadRules(), manifest.version), undefined, 2)
      if (file === '-') print(text)
      else writeTo(file, `${text}\n`)
    }
  },
})

/** @throws AthenaError `file_unwritable` */
function writeTo(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw new AthenaError({
      code: 'file_unwritable',
      message: `${path} cannot be written`,
      detail: (cause as Error).message,
      hint: 'Name a file in a folder that exists: --sarif lint.sarif',
      exit: 2,
      cause,
    })
  }
}

function contradiction(): AthenaError {
  return malformedFlag(
    'athena migrate lint was given options that exclude each other',
    '--json and --sarif - both want stdout; --pending chooses the files itself, so neither --all nor FILE goes with it.',
  )
}
