import { ledgerAndVariables, releasedChanges, verify, withShadow } from '@athena-pg/migrator/verify'
import { defineCommand } from '../command.ts'
import { loadConfig } from '../config.ts'
import { packagesOf, targetOf, targetOptions } from '../migrations.ts'
import { shadowOf, shadowOption } from '../shadow.ts'

const difference = {
  type: 'object',
  properties: {
    state: { enum: ['missing', 'unexpected', 'different'] },
    object: { type: 'string' },
    expected: { type: ['string', 'null'] },
    actual: { type: ['string', 'null'] },
  },
  required: ['state', 'object', 'expected', 'actual'],
  additionalProperties: false,
} as const

const lock = {
  type: 'object',
  properties: {
    relation: { type: 'string' },
    mode: { type: 'string' },
    isNew: { type: 'boolean' },
    blocks: { enum: ['reads and writes', 'writes', 'nothing'] },
    rewrote: { type: 'boolean' },
  },
  required: ['relation', 'mode', 'isNew', 'blocks', 'rewrote'],
  additionalProperties: false,
} as const

const output = {
  type: 'object',
  properties: {
    ok: { type: 'boolean' },
    migrations: { type: 'integer' },
    functions: { type: 'integer' },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          code: { enum: ['down_failed', 'down_leaves_changes', 'up_again_failed', 'up_again_differs'] },
          migration: { type: ['string', 'null'] },
          path: { type: ['string', 'null'] },
          message: { type: 'string' },
          detail: { type: ['string', 'null'] },
          differences: { type: 'array', items: difference },
        },
        required: ['code', 'migration', 'path', 'message', 'detail', 'differences'],
        additionalProperties: false,
      },
    },
    changed: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          migration: { type: 'string' },
          released: { type: 'string' },
          checksum: { type: ['string', 'null'] },
          by: { enum: ['released.json', 'ledger'] },
        },
        required: ['migration', 'released', 'checksum', 'by'],
        additionalProperties: false,
      },
    },
    irreversible: {
      type: 'array',
      items: {
        type: 'object',
        properties: { migration: { type: 'string' }, reason: { type: 'string' } },
        required: ['migration', 'reason'],
        additionalProperties: false,
      },
    },
    notes: { type: 'array', items: { type: 'string' } },
    statements: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          migration: { type: 'string' },
          sql: { type: 'string' },
          milliseconds: { type: ['number', 'null'] },
          isSampled: { type: 'boolean' },
          locks: { type: 'array', items: lock },
        },
        required: ['migration', 'sql', 'milliseconds', 'isSampled', 'locks'],
        additionalProperties: false,
      },
    },
  },
  required: ['ok', 'migrations', 'functions', 'findings', 'changed', 'irreversible', 'notes', 'statements'],
  additionalProperties: false,
} as const

export const command = defineCommand({
  summary: 'Try all migrations up, down and up again on a scratch database; exit 1 where one is wrong',
  details:
    'Each migration goes up, down and up again, then all of them with their functions; each time the catalogue must be what it was. Released files must be unchanged: those in the released.json of their package, and those that the ledger names where a database is given. On a server (--shadow-url) it also tells which locks each statement takes and which tables it rewrites.',
  examples: ['athena migrate verify', 'athena migrate verify --shadow-url postgres://postgres@127.0.0.1/postgres'],
  options: { ...shadowOption, set: targetOptions.set },
  output,
  async run(context) {
    const { options, json, print, talk, isTerminal, env } = context
    const config = loadConfig(context)
    const packages = packagesOf(config)
    const given = targetOf('up', options, config, packages).variables
    const named = options['database-url'] ?? (env.DATABASE_URL || undefined)
    const live = named === undefined ? undefined : await liveState()
    const changed = releasedChanges(packages, live?.ledger)
    const trying = (migration: string, number: number, of: number): void => {
      if (isTerminal) process.stderr.write(`\r\u001b[K${number < of ? `${number}/${of} ${migration}` : ''}`)
    }
    const variables = live?.variables ?? given
    const tried = await withShadow(shadowOf(context), (shadow) => verify(shadow, packages, { variables, trying }))
    const isRight = tried.findings.length + changed.length === 0
    const { findingLines, lockLines, differenceAsJson } = await import('../verification.ts')
    if (json) {
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
