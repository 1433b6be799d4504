import { ledgerAndVariables, releasedChanges, verify, withShadow } from '@athena-pg/migrator/verify'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config/config.ts'
import { closed, count, differenceShape, flag, listOf, milliseconds, orNull, text, textOrNull } from '../json-shapes.ts'
import { packagesOf, targetOf, targetOptions } from '../migrations.ts'
import { shadowOf, shadowOption } from '../shadow.ts'
import { drawLine } from '../show/bar.ts'

const findingShape = closed({
  code: { enum: ['down_failed', 'down_leaves_changes', 'up_again_failed', 'up_again_differs'] },
  migration: textOrNull,
  path: textOrNull,
  message: text,
  detail: textOrNull,
  differences: listOf(differenceShape),
})

const statementShape = closed({
  migration: text,
  sql: text,
  milliseconds: orNull(milliseconds),
  isSampled: flag,
  locks: listOf(
    closed({
      relation: text,
      mode: text,
      isNew: flag,
      blocks: { enum: ['reads and writes', 'writes', 'nothing'] },
      rewrote: flag,
    }),
  ),
})

export const command = defineCommand({
  summary: 'Try all migrations up, down and up again on a scratch database; exit 1 where one is wrong',
  details:
    'Each migration goes up, down and up again, then all of them with their functions; each time the catalogue must be what it was. Released files must be unchanged: those in the released.json of their package, and those that the ledger names where a database is given. On a server (--shadow-url) it also tells which locks each statement takes and which tables it rewrites.',
  examples: ['athena migrate verify', 'athena migrate verify --shadow-url postgres://postgres@127.0.0.1/postgres'],
  options: { ...shadowOption, set: targetOptions.set },
  output: closed({
    ok: flag,
    migrations: count,
    functions: count,
    findings: listOf(findingShape),
    changed: listOf(
      closed({ migration: text, released: text, checksum: textOrNull, by: { enum: ['released.json', 'ledger'] } }),
    ),
    irreversible: listOf(closed({ migration: text, reason: text })),
    notes: listOf(text),
    statements: listOf(statementShape),
  }),
  async run(context) {
    const { options, json, print, talk, isTerminal, env } = context
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const given = targetOf('up', options, config, packages).variables
    const named = options['database-url'] ?? (env.DATABASE_URL || undefined)
    const live = named === undefined ? undefined : await liveState()
    const changed = releasedChanges(packages, live?.ledger)
    const trying = (migration: string, number: number, of: number): void => {
      if (isTerminal) drawLine(number < of ? `${number}/${of} ${migration}` : '')
    }
    const variables = live?.variables ?? given
    const tried = await withShadow(shadowOf(context), (shadow) => verify(shadow, packages, { variables, trying }))
    const isRight = tried.findings.length + changed.length === 0
    if (json) {
      const { differenceAsJson } = await import('../show/difference.ts')
      const findings = tried.findings.map(({ code, migration, path, message, detail, differences }) => ({
        code,
        migration: migration ?? null,
        path: path ?? null,
        message,
        detail: detail ?? null,
        differences: differences.map(differenceAsJson),
      }))
      print(
        JSON.stringify({
          ok: isRight,
          ...tried,
          findings,
          changed: changed.map(({ checksum = null, ...file }) => ({ ...file, checksum })),
        }),
      )
      return isRight ? 0 : 1
    }
    const { findingLines, lockLines } = await import('../show/verification.ts')
    for (const line of lockLines(tried)) print(line)
    for (const { migration, released, checksum, by } of changed)
      print(`changed  ${migration}: ${by} says ${released}, now ${checksum ?? 'gone'}`)
    for (const { migration, reason } of tried.irreversible) print(`one way  ${migration}: ${reason}`)
    for (const finding of tried.findings) for (const line of findingLines(finding)) print(line)
    for (const note of tried.notes) talk(`note: ${note}`)
    if (isRight) {
      const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
      print(
        `${count(tried.migrations, 'migration')} and ${count(tried.functions, 'function')} go up, down and up again to the same catalogue`,
      )
      talk('next: athena migrate up')
    } else talk('next: correct what is wrong, then athena migrate verify')
    return isRight ? 0 : 1

    async function liveState() {
      const client = await (await context.openDatabase()).open('migrate verify')
      return ledgerAndVariables(client, packages, given).finally(() => client.end())
    }
  },
})
