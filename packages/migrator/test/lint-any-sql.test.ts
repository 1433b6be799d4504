import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realPackages } from '../../../test/real-packages.ts'
import { applyEdits, lintPackages, loadRules, showFinding, toSarif } from '../src/lint/index.ts'
import { packageOf } from './linting.ts'

/** Statements of every kind that rules look at, and of many that they do not. */
const statements = [
  ...(await loadRules()).flatMap(({ ok, err }) =>
    [...ok, ...err].map((text) => text.replaceAll(/^--.*$/gm, '').trim()),
  ),
  ...realPackages().flatMap(({ functions }) => functions.map(({ text }) => text)),
  'ALTER TABLE a RENAME TO b;',
  'ALTER TABLE b ADD COLUMN c serial, DROP COLUMN d, ALTER COLUMN e TYPE x.y(3)[], ADD CHECK (f) NO INHERIT;',
  'ALTER TABLE IF EXISTS ONLY "ä 😀" ADD CONSTRAINT "ü" FOREIGN KEY (a) REFERENCES b;',
  'ALTER FOREIGN TABLE a ADD COLUMN b int; ALTER VIEW v RENAME TO w; ALTER TYPE t ADD ATTRIBUTE a int;',
  'CREATE TABLE a (LIKE b INCLUDING ALL); CREATE TABLE c OF d; CREATE TABLE e () INHERITS (a, c);',
  'CREATE TABLE a PARTITION OF b DEFAULT; CREATE TABLE IF NOT EXISTS f (g char, h numeric(3,2));',
  'CREATE INDEX ON a ((b)) INCLUDE (c) WITH (m) TABLESPACE d; CREATE INDEX ON a USING hnsw (b) WITH (m = x, ef_construction = 1.5);',
  'WITH a AS (DELETE FROM b RETURNING *) INSERT INTO c SELECT * FROM a ON CONFLICT DO NOTHING;',
  'UPDATE a SET (b, c) = (SELECT 1, 2), d[1] = 3, e.f = 4; DELETE FROM a USING b WHERE CURRENT OF c;',
  'DROP FUNCTION a(int), b; DROP OWNED BY c; DROP SCHEMA d, e CASCADE; DROP INDEX f; DROP TRIGGER g ON h;',
  'CREATE FUNCTION a(VARIADIC b int[]) RETURNS TABLE (c int) LANGUAGE sql RETURN 1;',
  'CREATE PROCEDURE a() LANGUAGE sql BEGIN ATOMIC; END; CALL a(); DO LANGUAGE plpgsql $x$ BEGIN a.b(); END $x$;',
  'COPY a TO STDOUT; COPY (SELECT 1) TO STDOUT; LOCK a; TRUNCATE a; VACUUM; ANALYZE; CLUSTER; REINDEX DATABASE a;',
  'SELECT; VALUES (1); TABLE a; SHOW ALL; SET x = y; EXPLAIN SELECT 1; PREPARE p AS SELECT 1; LISTEN x;',
  'SELECT a.*, ($1).b, c::d FROM e TABLESAMPLE f(1), LATERAL g(h => 1) WITH ORDINALITY;',
  'GRANT ALL ON a TO b; COMMENT ON TABLE a IS NULL; SECURITY LABEL ON TABLE a IS NULL; CREATE RULE r AS ON INSERT TO a DO NOTHING;',
  'CREATE DOMAIN a AS b COLLATE "C" NOT NULL; ALTER DOMAIN a SET NOT NULL; ALTER DOMAIN a DROP CONSTRAINT b;',
  'MERGE INTO a USING b ON true WHEN NOT MATCHED BY SOURCE THEN DELETE; REFRESH MATERIALIZED VIEW a;',
]
const noise = fc.constantFrom(
  '',
  '\n',
  '-- ä 😀\n',
  '/* é /* in */ */',
  '-- athena-ignore dropped_column: x\n',
  '-- athena-ignore\n',
  '\t',
)
const piece = fc
  .tuple(noise, fc.constantFrom(...statements))
  .map(([before, sql]) => `${before}${sql.endsWith(';') ? sql : `${sql};`}`)
const section = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('\n'))
const file = fc
  .tuple(fc.constantFrom('', '--! no-transaction\n', '-- athena-ignore serial_column: x\n'), section, section)
  .map(([head, up, down]) => `${head}-- Up Migration\n${up}\n-- Down Migration\n${down}\n`)

test('lint is total, points into the file, and its fixes leave SQL that the grammar accepts', async () => {
  const rules = await loadRules()
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
      const pack = packageOf(files)
      const { findings } = await lintPackages([pack])
      expect(findings.map(({ rule }) => rule)).not.toContain('invalid_sql')
      for (const finding of findings) {
        const text = pack.migrations.find(({ path }) => path === finding.file)?.text ?? ''
        const line = text.split('\n')[finding.line - 1]
        expect(line).toBe(finding.text)
        expect(finding.column).toBeGreaterThanOrEqual(1)
        expect(finding.column).toBeLessThan(finding.endColumn)
        expect(finding.endColumn).toBeLessThanOrEqual(Math.max(finding.column, line?.length ?? 0) + 1)
        expect(showFinding(finding, true).length).toBeGreaterThan(5)
        if (finding.fix === undefined) continue
        const mended = await lintPackages([packageOf([applyEdits(text, finding.fix)])])
        expect(mended.findings.map(({ rule }) => rule)).not.toContain('invalid_sql')
      }
      expect(JSON.parse(JSON.stringify(toSarif(findings, rules, '1.0.0'))).runs[0].results).toHaveLength(
        findings.length,
      )
    }),
    { numRuns: 150 },
  )
})

test('each statement of the generator is one that the grammar accepts', async () => {
  for (const sql of statements) {
    const { findings } = await lintPackages([packageOf([`-- Up Migration\n${sql}\n-- Down Migration\n`])])
    expect(findings.filter(({ rule }) => rule === 'invalid_sql')).toEqual([])
  }
})
