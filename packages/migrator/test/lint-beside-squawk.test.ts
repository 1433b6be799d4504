import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../../../test/packages.ts'
import { loadRules } from '../src/lint/index.ts'
import { rulesFoundIn, wholeMigration } from './linting.ts'

const root = join(import.meta.dirname, '../../..')
const squawk = join(
  dirname(createRequire(join(root, 'package.json')).resolve('squawk-cli/package.json')),
  'js/bin/squawk',
)
const guide = readFileSync(join(root, 'docs/guides/lint.md'), 'utf8')

/** Rows of the guide's table: Squawk's rule, and ours beside it. */
const mapping = new Map(
  [...guide.slice(guide.indexOf("## Squawk's rules")).matchAll(/^\| ([a-z]+-[a-z-]+) +\| ([a-z_, ]+?|—) +\|/gm)].map(
    ([, theirs = '', ours = '']) => [theirs, ours === '—' ? [] : ours.split(', ')],
  ),
)
const mapped = [...mapping].filter(([, ours]) => ours.length > 0)

/** Statements of Squawk's kind, beside the cases of our rules. */
const further = [
  'ALTER TABLE app.notes ADD COLUMN id serial PRIMARY KEY;',
  'ALTER TABLE app.notes ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;',
  'ALTER TABLE app.notes ADD COLUMN a text, ADD COLUMN b text NOT NULL;',
  'ALTER TABLE app.notes ALTER COLUMN a SET NOT NULL, ALTER COLUMN b TYPE bigint;',
  'ALTER TABLE IF EXISTS ONLY app.notes ADD CONSTRAINT a FOREIGN KEY (b) REFERENCES app.authors;',
  'CREATE INDEX ON app.notes USING gin (tags);',
  'CREATE TABLE app.notes (code char);',
  'CREATE TABLE app.notes (id int2 GENERATED ALWAYS AS IDENTITY);',
  'DROP TABLE app.a, app.b;',
  'DROP INDEX IF EXISTS app.a, app.b;',
  'REINDEX SCHEMA app;',
  'CREATE INDEX CONCURRENTLY a ON app.notes (b);\nCREATE INDEX CONCURRENTLY c ON app.notes (d);',
  'BEGIN;\nALTER TABLE app.notes ADD COLUMN a text;\nCOMMIT;',
  'ALTER TABLE app.notes ADD COLUMN at timestamp DEFAULT now();',
  'ALTER TABLE app.notes ADD CONSTRAINT a UNIQUE (b), DROP COLUMN c;',
  'ALTER TYPE app.state ADD VALUE IF NOT EXISTS $$x$$;',
  'CREATE UNLOGGED TABLE app.notes (id smallserial);',
]

/** Where Squawk speaks and ours is silent on purpose, as the guide's third column says. */
function differs(theirs: string, text: string): boolean {
  if (theirs === 'ban-alter-domain-with-add-constraint') return /NOT VALID|CREATE DOMAIN/.test(text)
  // An integer that is no identity.
  if (/^prefer-bigint/.test(theirs)) return !/IDENTITY/.test(text) || /\bvotes\b/.test(text)
  // Every row gets the same value.
  if (theirs === 'adding-field-with-default' && /CURRENT_DATE|VIRTUAL|CREATE TABLE/.test(text)) return true
  // A partition's index is attached to an empty one.
  if (theirs === 'require-concurrent-index-creation') return /ON ONLY|CREATE TABLE|CREATE TEMP TABLE/.test(text)
  // Ours knows that the table is partitioned, or what an earlier statement made.
  if (theirs === 'require-concurrent-index-deletion') return /PARTITION BY|CREATE INDEX/.test(text)
  if (theirs === 'ban-char-field') return text.includes('"char"')
  // What an earlier statement made is new; of a column's type and a name that makes no difference.
  const isAboutForm = /^(prefer-(?!repack)|ban-duplicate|identifier|require-enum)/.test(theirs)
  return !isAboutForm && /CREATE (TEMP |UNLOGGED )?(TABLE|DOMAIN|MATERIALIZED VIEW)/.test(text)
}

describe('where Squawk finds a rule that has one of ours beside it, ours finds it too', () => {
  const found: { text: string; theirs: string }[] = []

  beforeAll(async () => {
    const rules = await loadRules()
    const texts = [...new Set([...rules.flatMap(({ ok, err }) => [...ok, ...err]), ...further])].map(wholeMigration)
    const folder = temporaryFolder()
    const names = (kind: string) => (text: string) => `${kind}${texts.indexOf(text)}.sql`
    const isAlone = (text: string) => text.includes('--! no-transaction')
    for (const [kind, chosen, flags] of [
      ['alone', texts.filter(isAlone), []],
      ['transaction', texts.filter((text) => !isAlone(text)), ['--assume-in-transaction']],
    ] as const) {
      const files = chosen.map(names(kind))
      // Squawk would take both sections for one script.
      const up = (text: string) => text.replace(/-- Down Migration[\s\S]*/, '')
      writeFiles(folder, Object.fromEntries(chosen.map((text, index) => [files[index] ?? '', up(text)])))
      const run = spawnSync(
        process.execPath,
        [squawk, '--reporter', 'json', '--pg-version', '19.0', ...flags, ...files],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      )
      for (const { file, rule_name: theirs } of JSON.parse(run.stdout) as { file: string; rule_name: string }[])
        found.push({ text: texts[Number(/\d+/.exec(file)?.[0])] ?? '', theirs })
    }
  })

  test.each(mapped)('%s: %s', async (theirs, ours) => {
    const texts = [...new Set(found.filter((each) => each.theirs === theirs).map(({ text }) => text))]
    expect(texts.length).toBeGreaterThan(0)
    let agreed = 0
    for (const text of texts) {
      const isFound = (await rulesFoundIn(text)).some((rule) => ours.includes(rule))
      if (isFound) agreed += 1
      else expect(differs(theirs, text), `${theirs} in: ${text}`).toBe(true)
    }
    expect(agreed).toBeGreaterThan(0)
  })

  test('Squawk finds no rule that the guide does not name', () => {
    expect([...new Set(found.map(({ theirs }) => theirs))].filter((theirs) => !mapping.has(theirs))).toEqual([])
  })
})

test('the guide names every rule of ours', async () => {
  for (const { id } of await loadRules()) expect(guide).toContain(id)
})

test("each of ours in the guide's table is a rule", async () => {
  const ids = (await loadRules()).map(({ id }) => id)
  expect(mapped.flatMap(([, ours]) => ours).filter((id) => !ids.includes(id))).toEqual([])
  expect(mapping.size).toBe(40)
})
